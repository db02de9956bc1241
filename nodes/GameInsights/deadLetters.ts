import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
	sleep,
} from 'n8n-workflow';
import { type FoundLetter, lettersIn } from '../shared/journal/lookUp';
import { TableFailure } from '../shared/dataTables/table';
import type { DeadLetter } from '../shared/items/deadLetter';
import { deadLetterItem } from '../shared/items/deadLetterItem';
import {
	executionUrlOf,
	journalNameOf,
	journalTables,
	n8nAccessOf,
	textParameter,
	wantedLetters,
} from './lookUp';
import type { Clock } from '../shared/clock';
import { type Redriven, obstacleTo, redriveRows } from './redriveRows';
import { readLimit, readMaxRedrives, readRedriveSettings } from './settings';

/** The most rows that a hint lists. */
const MOST_NAMED = 10;

const NOT_KEPT =
	'Only triggers with Durable keep their dead letters in a Data Table. Without Durable, keep the items of the Dead Letter output in a table of your own: the example dead-letters-review.json does that.';

/**
 * *Dead Letter: Find*: the dead letters in a journal, in the form in which they left on their output, each
 * with the address of its row.
 * @throws NodeOperationError when they can't be searched; unless the node continues on errors
 */
export async function findDeadLetters(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await forEachItem(context, async (item) => {
		const most =
			context.getNodeParameter('returnAll', item, false) === true
				? Infinity
				: readLimit(context.getNodeParameter('limit', item));
		const found = await lettersFor(context, item, most);
		tellUnreadable(context, found);
		const url = executionUrlOf(context, textParameter(context, 'workflowId', item));
		return found.flatMap(({ letter, at }) =>
			letter === null ? [] : [{ ...letterItem(letter, url), row: { id: at.id, table: at.table.name } }],
		);
	});
}

/**
 * *Dead Letter: Redrive Matching*: sends the dead letters again that *Find* would find, at a limited rate.
 * Returns an item for each, in order.
 * @throws NodeOperationError like *Find*, and when the table fails in between; it says how many were sent
 * before
 * @param wereSet called with the id of a workflow whose dead letters were set to `redrive`
 */
export async function redriveMatching(
	context: IExecuteFunctions,
	wereSet: (workflowId: string) => void,
): Promise<INodeExecutionData[][]> {
	return await forEachItem(context, async (item) => {
		const settings = readRedriveSettings(
			context.getNodeParameter('dryRun', item, true),
			context.getNodeParameter('redrivesPerSecond', item),
		);
		const maxRedrives = readMaxRedrives(context.getNodeParameter('maxRedrives', item));
		const passedOver = new Map<string, number>();
		const mayGo = (letter: FoundLetter): boolean => {
			const obstacle = obstacleTo(letter, maxRedrives);
			if (obstacle !== null) passedOver.set(obstacle, (passedOver.get(obstacle) ?? 0) + 1);
			return obstacle === null;
		};
		const most = readLimit(context.getNodeParameter('limit', item));
		const found = await lettersFor(context, item, most, mayGo);
		for (const [obstacle, count] of passedOver)
			tell(context, `Left out: ${count} ${count === 1 ? 'was' : 'were'} ${obstacle}`);
		const items: Array<Record<string, unknown>> = [];
		try {
			for await (const redriven of redriveRows(found, settings, clockOf(context))) {
				const letter = found[items.length] as FoundLetter;
				items.push(redrivenItem(letter, redriven, { number: items.length + 1, of: found.length }));
			}
		} catch (error) {
			const before = items.filter(({ status }) => status === 'redriven').length;
			const description = `${before} of ${found.length} were sent again before.`;
			throw error instanceof TableFailure
				? new NodeOperationError(context.getNode(), error.message, { itemIndex: item, description })
				: error;
		} finally {
			if (!settings.isDryRun) wereSet(textParameter(context, 'workflowId', item));
		}
		return items;
	});
}

/** Calls a function for each input item, and returns the items of all calls. */
async function forEachItem(
	context: IExecuteFunctions,
	itemsOf: (item: number) => Promise<Array<Record<string, unknown>>>,
): Promise<INodeExecutionData[][]> {
	const items: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		try {
			for (const json of await itemsOf(item)) items.push({ json: json as IDataObject, pairedItem: { item } });
		} catch (error) {
			const failure =
				error instanceof TableFailure
					? new NodeOperationError(context.getNode(), error.message, { itemIndex: item })
					: error;
			if (!context.continueOnFail() || !(failure instanceof NodeOperationError)) throw failure;
			items.push({ json: { error: failure.message }, pairedItem: { item } });
		}
	}
	return [items];
}

async function lettersFor(
	context: IExecuteFunctions,
	item: number,
	most: number,
	counts: (letter: FoundLetter) => boolean = () => true,
): Promise<FoundLetter[]> {
	const access = await n8nAccessOf(context);
	if (access === null) {
		throw new NodeOperationError(
			context.getNode(),
			'Choose a credential for Game Insights Data Tables API: the dead letters are in a Data Table',
			{ itemIndex: item, description: NOT_KEPT },
		);
	}
	const wanted = wantedLetters(context, item);
	const name = journalNameOf(context, item);
	const tables = await journalTables(context, access, name);
	if (tables.length === 0) {
		throw new NodeOperationError(context.getNode(), `There is no Data Table "${name}"`, {
			itemIndex: item,
			description: `Check the name under Journal Table. ${NOT_KEPT}`,
		});
	}
	const found: FoundLetter[] = [];
	for await (const letter of lettersIn(tables, wanted)) {
		if (found.length >= most) return found;
		if (counts(letter)) found.push(letter);
	}
	return found;
}

function tellUnreadable(context: IExecuteFunctions, found: readonly FoundLetter[]): void {
	const rows = found.flatMap(({ letter, at }) => (letter === null ? [`${at.id} of ${at.table.name}`] : []));
	if (rows.length === 0) return;
	const named = `${rows.slice(0, MOST_NAMED).join(', ')}${rows.length > MOST_NAMED ? ', …' : ''}`;
	tell(context, `Left out, because somebody changed more than their state or payload: the rows ${named}`);
}

const tell = (context: IExecuteFunctions, message: string): void =>
	context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });

function letterItem(letter: DeadLetter, url: (executionId: string) => string): Record<string, unknown> {
	try {
		return deadLetterItem(letter, { includeDelivery: true }, url);
	} catch {
		// A user is correcting the payload, and it is not yet JSON.
		return deadLetterItem(
			{ ...letter, eventText: null, raw: letter.eventText },
			{ includeDelivery: true },
			url,
		);
	}
}

function redrivenItem(
	{ letter, at }: FoundLetter,
	{ status, message }: Redriven,
	progress: { number: number; of: number },
): Record<string, unknown> {
	return {
		status,
		...(message === null ? {} : { message }),
		summary: letter?.summary ?? null,
		reason: letter?.reason ?? null,
		delivery_id: letter?.delivery.id ?? null,
		redrives_before: letter?.redrive.count ?? null,
		progress,
		row: { id: at.id, table: at.table.name },
	};
}

const clockOf = (context: IExecuteFunctions): Clock => ({
	elapsedMs: () => performance.now(),
	sleep: async (milliseconds) => {
		await sleep(milliseconds);
		context.getExecutionCancelSignal()?.throwIfAborted();
	},
});
