import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import { rowsAbout } from '../GameInsightsWebhook/journal/lookUp';
import { callForStatus } from '../GameInsightsWebhook/n8n/callForStatus';
import type { MakeCall, N8nAccess } from '../GameInsightsWebhook/n8n/n8nTables';
import { asTableFailure } from '../GameInsightsWebhook/journal/table';
import { callsWith } from '../GameInsightsWebhook/n8n/n8nAccess';
import type { Item } from '../GameInsightsWebhook/queue/item';
import { executionUrlOf, journalNameOf, journalTables, n8nAccessOf, textParameter } from './lookUp';
import { readLookBack } from './settings';
import { type Chapter, chapterOfItem, chaptersOfRow } from './story/chapter';
import { chaptersOfExecution } from './story/executions';
import type { Sought } from './story/sought';
import { nothingKnown, storiesOf, storyItem } from './story/story';
import { rfc3339 } from '../shared/rfc3339';

/** All events that the queues of a workflow in this process are responsible for. */
export type ItemsOf = (workflowId: string) => Iterable<Item>;

/** How many executions are read in one call, with their data. */
const PAGE = 20;

/**
 * *Event: Get Story*: the history of an event: when it came, its executions, its attempts, and where it is
 * now. Returns one item for each known event, or one item that says that none is known. A hint reports each
 * source that could not be searched.
 */
export async function getStory(
	context: IExecuteFunctions,
	itemsOf: ItemsOf,
): Promise<INodeExecutionData[][]> {
	const items: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		try {
			for (const json of await storiesFor(context, item, itemsOf)) {
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
	itemsOf: ItemsOf,
): Promise<Array<Record<string, unknown>>> {
	const by = context.getNodeParameter('findBy', item) as Sought['by'];
	const sought: Sought = { by, value: textParameter(context, 'value', item) };
	if (sought.value === '') {
		throw new NodeOperationError(
			context.getNode(),
			'Fill in the Value: the ID of the event, request or user',
			{
				itemIndex: item,
			},
		);
	}
	const workflowId = textParameter(context, 'workflowId', item);
	const chapters: Chapter[] = [...itemsOf(workflowId)].flatMap((one) => chapterOfItem(one, sought) ?? []);
	const lookedIn = ['the queue of this n8n process'];
	const look = async (place: string, search: () => Promise<Chapter[]>): Promise<void> => {
		try {
			chapters.push(...(await search()));
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
		await look('the journal', async () => await inJournal(context, access, item, sought, workflowId));
		await look("n8n's executions", async () => await inExecutions(context, access, item, sought, workflowId));
	}
	const url = executionUrlOf(context, workflowId);
	const stories = storiesOf(chapters).map((story) => storyItem(story, url));
	return stories.length > 0 ? stories : [nothingKnown(sought.value, lookedIn)];
}

async function inJournal(
	context: IExecuteFunctions,
	access: N8nAccess,
	item: number,
	sought: Sought,
	workflowId: string,
): Promise<Chapter[]> {
	const chapters: Chapter[] = [];
	for (const table of await journalTables(context, access, journalNameOf(context, item))) {
		for await (const row of rowsAbout(table, workflowId, sought.value)) {
			chapters.push(...chaptersOfRow(row, table.name, sought));
		}
	}
	return chapters;
}

/** Searches executions, the latest first. @throws {TableFailure} */
async function inExecutions(
	context: IExecuteFunctions,
	access: N8nAccess,
	item: number,
	sought: Sought,
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
		for (const execution of executions) chapters.push(...chaptersOfExecution(execution, sought));
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
