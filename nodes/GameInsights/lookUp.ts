import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { N8N_CREDENTIAL, accessOf, callsWith } from '../shared/dataTables/n8nAccess';
import type { N8nAccess } from '../shared/dataTables/n8nApi';
import { deadLettersNameOf, DEFAULT_TABLE_NAME } from '../shared/journal/tableNames';
import { findTable } from '../shared/dataTables/foundTable';
import type { FoundTable } from '../shared/dataTables/table';
import type { WantedLetters } from '../shared/journal/lookUp';
import { epochMsOf } from './times';

/** A text parameter, without invisible characters at its ends that were copied by mistake. */
export function textParameter(context: IExecuteFunctions, name: string, item: number): string {
	const value: unknown = context.getNodeParameter(name, item, '');
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value.trim() : '';
}

/** The access to n8n's own API. Null when the node has no credential for it. */
export async function n8nAccessOf(context: IExecuteFunctions): Promise<N8nAccess | null> {
	if (context.getNode().credentials?.[N8N_CREDENTIAL] === undefined) return null;
	return accessOf(await context.getCredentials(N8N_CREDENTIAL));
}

/** The journal's name in the node's parameters. */
export function journalNameOf(context: IExecuteFunctions, item: number): string {
	return textParameter(context, 'journalTable', item) || DEFAULT_TABLE_NAME;
}

/**
 * The tables of a journal: the journal itself, and the table for its dead letters if there is a separate one.
 * Missing tables are left out.
 * @throws {TableFailure}
 */
export async function journalTables(
	context: IExecuteFunctions,
	access: N8nAccess,
	journalName: string,
): Promise<FoundTable[]> {
	const make = callsWith(context);
	const names = [journalName, deadLettersNameOf(journalName)];
	const tables = await Promise.all(names.map(async (name) => await findTable(make, access, name)));
	return tables.filter((table) => table !== null);
}

/** Returns the URLs of a workflow's executions in n8n. */
export function executionUrlOf(
	context: IExecuteFunctions,
	workflowId: string,
): (executionId: string) => string {
	const base = context.getInstanceBaseUrl();
	return (executionId) => `${base}workflow/${workflowId}/executions/${executionId}`;
}

/**
 * The dead letters that match the node's filters.
 * @throws NodeOperationError for a time that can't be read
 */
export function wantedLetters(context: IExecuteFunctions, item: number): WantedLetters {
	const filter = (name: string): string => textParameter(context, `filters.${name}`, item);
	const reasons: unknown = context.getNodeParameter('filters.reasons', item, []);
	const time = (name: string, label: string): number | null => {
		const value: unknown = context.getNodeParameter(`filters.${name}`, item, '');
		if (value === '' || value === null || value === undefined) return null;
		const epochMs = epochMsOf(value, context.getTimezone());
		if (epochMs !== null) return epochMs;
		throw new NodeOperationError(context.getNode(), `${label} is not a date and time`, {
			itemIndex: item,
			description:
				'Write it like 2026-01-31T12:00:00. Without Z or an offset such as +01:00 at the end, it is in the time zone of the workflow.',
		});
	};
	return {
		workflowId: textParameter(context, 'workflowId', item),
		reasons: Array.isArray(reasons) ? reasons.map(String) : [],
		eventType: filter('eventType'),
		userId: filter('userId'),
		text: filter('text'),
		fromMs: time('after', 'Dead-Lettered After'),
		toMs: time('before', 'Dead-Lettered Before'),
	};
}
