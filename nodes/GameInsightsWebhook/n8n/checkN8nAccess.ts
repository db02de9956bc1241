import type { ICredentialTestFunction } from 'n8n-workflow';
import { callForStatus } from '../../shared/dataTables/callForStatus';
import type { MakeCall } from '../../shared/dataTables/n8nApi';
import { listTables } from '../../shared/dataTables/foundTable';
import { expiryInWords, keyExpiryMs } from '../../shared/credential/keyExpiry';
import { accessOf } from '../../shared/dataTables/n8nAccess';

/**
 * A valid id that no table has. Columns of the requested type do not exist either, so none of the calls below
 * changes anything. n8n checks the form of a request first and the scopes of the key next, before it looks
 * for the table. So the form has to be right.
 */
const NO_TABLE = '0000000000000000';
const NO_FILTER = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: 0 }] };

/** An id that no execution has. */
const NO_EXECUTION = '0';
const NOT_FOLLOWED =
	'Without the scope execution:read, an execution that sleeps in a Wait node counts as processed, also if it fails later';

/**
 * The permissions that a key needs. For each, a call that n8n answers with 403 only if the permission is
 * missing.
 */
const PROBES = [
	{ scope: 'dataTable:read', method: 'GET', route: `/data-tables/${NO_TABLE}` },
	{
		scope: 'dataTable:create',
		method: 'POST',
		route: '/data-tables',
		body: { name: 'probe', columns: [{ name: 'probe', type: 'json' }] },
	},
	{ scope: 'dataTableRow:read', method: 'GET', route: `/data-tables/${NO_TABLE}/rows` },
	{
		scope: 'dataTableRow:create',
		method: 'POST',
		route: `/data-tables/${NO_TABLE}/rows`,
		body: { data: [{ state: '' }], returnType: 'count' },
	},
	{
		scope: 'dataTableRow:update',
		method: 'PATCH',
		route: `/data-tables/${NO_TABLE}/rows/update`,
		body: { filter: NO_FILTER, data: { state: '' } },
	},
	{
		scope: 'dataTableRow:delete',
		method: 'DELETE',
		route: `/data-tables/${NO_TABLE}/rows/delete`,
		query: { filter: JSON.stringify(NO_FILTER) },
	},
] as const;

/** Checks the address, the key, the Data Tables and the scopes, and says in plain words what is missing. */
export const testN8nAccess: ICredentialTestFunction = async function (credential) {
	const access = accessOf(credential.data ?? {});
	// The only HTTP client that n8n offers in the test of a credential.
	const { request } = this.helpers;
	const make: MakeCall = async ({ method, url, headers, body, timeoutMs }) => {
		const answer = (await request({
			method,
			uri: url,
			headers,
			body,
			json: true,
			timeout: timeoutMs,
			resolveWithFullResponse: true,
			simple: false,
		})) as { statusCode: number; body: unknown };
		return { status: answer.statusCode, body: answer.body };
	};
	try {
		await listTables(make, access, NO_TABLE);
		const missing: string[] = [];
		for (const { scope, method, route, ...rest } of PROBES) {
			const { status } = await callForStatus(make, access, method, route, rest);
			if (status === 403) missing.push(scope);
		}
		if (missing.length === 0) {
			const expiresAtMs = keyExpiryMs(access.apiKey);
			const expiry = expiresAtMs === null ? '' : `. The API key ${expiryInWords(expiresAtMs, Date.now())}`;
			const { status } = await callForStatus(make, access, 'GET', `/executions/${NO_EXECUTION}`, {});
			const sleep = status === 403 ? `. ${NOT_FOLLOWED}` : '';
			return { status: 'OK', message: `n8n can keep events in its Data Tables${expiry}${sleep}` };
		}
		return {
			status: 'Error',
			message: `The API key lacks these scopes: ${missing.join(', ')}. Add them under Settings → n8n API.`,
		};
	} catch (error) {
		return { status: 'Error', message: error instanceof Error ? error.message : String(error) };
	}
};
