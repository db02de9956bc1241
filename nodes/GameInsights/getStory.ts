import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { rowsAbout } from '../shared/journal/lookUp';
import { callForStatus } from '../shared/dataTables/callForStatus';
import type { MakeCall, N8nAccess } from '../shared/dataTables/n8nApi';
import { asTableFailure } from '../shared/dataTables/table';
import { callsWith } from '../shared/dataTables/n8nAccess';
import { executionUrlOf, journalNameOf, journalTables, n8nAccessOf, textParameter } from './lookUp';
import { readLookBack } from './settings';
import type { KnownEvent } from '../shared/items/knownEvent';
import { type Chapter, chapterOfQueued, chaptersOfRow } from './story/chapter';
import { chaptersOfExecution } from './story/executions';
import type { EventSearch } from './story/eventSearch';
import { nothingKnown, storiesOf, storyItem } from './story/story';
import { rfc3339 } from '../shared/rfc3339';

/** All events that the queues of a workflow in this process are responsible for. */
export type QueuedOf = (workflowId: string) => readonly KnownEvent[];

/** How many executions are read in one call, with their data. */
const PAGE = 20;

/**
 * *Event: Get Story*: the history of an event: when it came, its executions, its attempts, and where it is
 * now. Returns one item for each known event, or one item that says that none is known. A hint reports each
 * source that could not be searched.
 */
export async function getStory(
	context: IExecuteFunctions,
	queuedOf: QueuedOf,
): Promise<INodeExecutionData[][]> {
	const items: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		try {
			for (const json of await storiesFor(context, item, queuedOf)) {
				items.push({ json: json as IDataObject, pairedItem: { item } });
			}
		} catch (error) {
			const failure =
				error instanceof NodeOperationError
					? error
					: new NodeOperationError(context.getNode(), error as Error, { itemIndex: item });
			if (!context.continueOnFail()) throw failure;
			items.push({ json: { error: failure.message }, pairedItem: { item } });
		}
	}
	return [items];
}

async function storiesFor(
	context: IExecuteFunctions,
	item: number,
	queuedOf: QueuedOf,
): Promise<Array<Record<string, unknown>>> {
	const by = context.getNodeParameter('findBy', item) as EventSearch['by'];
	const search: EventSearch = { by, value: textParameter(context, 'value', item) };
	if (search.value === '') {
		throw new NodeOperationError(
			context.getNode(),
			'Fill in the Value: the ID of the event, request or user',
			{
				itemIndex: item,
			},
		);
	}
	const workflowId = textParameter(context, 'workflowId', item);
	const chapters: Chapter[] = queuedOf(workflowId).flatMap((one) => chapterOfQueued(one, search) ?? []);
	const lookedIn = ['the queue of this n8n process'];
	const look = async (place: string, read: () => Promise<Chapter[]>): Promise<void> => {
		try {
			chapters.push(...(await read()));
			lookedIn.push(place);
		} catch (error) {
			const { message } = asTableFailure(error);
			context.addExecutionHints({
				message: `Could not look in ${place}: ${message}`,
				type: 'warning',
				location: 'outputPane',
			});
		}
	};
	const access = await n8nAccessOf(context);
	if (access !== null) {
		await look('the journal', async () => await inJournal(context, access, item, search, workflowId));
		await look("n8n's executions", async () => await inExecutions(context, access, item, search, workflowId));
	}
	const url = executionUrlOf(context, workflowId);
	const stories = storiesOf(chapters).map((story) => storyItem(story, url));
	return stories.length > 0 ? stories : [nothingKnown(search.value, lookedIn)];
}

async function inJournal(
	context: IExecuteFunctions,
	access: N8nAccess,
	item: number,
	search: EventSearch,
	workflowId: string,
): Promise<Chapter[]> {
	const chapters: Chapter[] = [];
	const tables = await journalTables(context, access, journalNameOf(context, item));
	for await (const { row, table } of rowsAbout(tables, workflowId, search.value)) {
		chapters.push(...chaptersOfRow(row, table.name, search));
	}
	return chapters;
}

/** Searches executions, the latest first. @throws {TableFailure} */
async function inExecutions(
	context: IExecuteFunctions,
	access: N8nAccess,
	item: number,
	search: EventSearch,
	workflowId: string,
): Promise<Chapter[]> {
	const options = context.getNodeParameter('options', item, {});
	const { lookBackMs, maxExecutions } = readLookBack(options.lookBack, options.maxExecutions);
	const startedAfter = rfc3339(Date.now() - lookBackMs);
	const chapters: Chapter[] = [];
	let cursor: unknown = null;
	for (let read = 0; read < maxExecutions; read += PAGE) {
		const query = {
			...{ workflowId, startedAfter, includeData: 'true' },
			limit: String(Math.min(PAGE, maxExecutions - read)),
			...(typeof cursor === 'string' ? { cursor } : {}),
		};
		const page = (await listExecutions(callsWith(context), access, query)) as {
			data?: unknown;
			nextCursor?: unknown;
		};
		const executions = Array.isArray(page.data) ? (page.data as unknown[]) : [];
		for (const execution of executions) chapters.push(...chaptersOfExecution(execution, search));
		cursor = page.nextCursor;
		if (typeof cursor !== 'string') break;
	}
	return chapters;
}

async function listExecutions(
	make: MakeCall,
	access: N8nAccess,
	query: Readonly<Record<string, string>>,
): Promise<unknown> {
	const { status, body, failure } = await callForStatus(make, access, 'GET', '/executions', { query });
	if (status === 403) {
		throw new Error(
			'the API key may not list executions. Under Settings → n8n API give it the scope execution:list.',
		);
	}
	if (failure !== null) throw failure;
	return body;
}
