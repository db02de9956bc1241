import { pagesOf } from '../dataTables/pages';
import type { DeadLetter } from '../items/deadLetter';
import { shownLabel } from './labels';
import { PACKED_MARK, unpackedRow } from './packedTable';
import { deadLetterIn } from './readRow';
import { type Filter, type FoundTable, type StoredRow, eq } from '../dataTables/table';

/** How many rows are read in one call. Dead letters are not packed, and one may be large. */
const PAGE = 100;

/**
 * Texts that JSON can write in only one way, so that the table can search for them. Other texts are searched
 * for here, in rows that were read: a sender may write `é` as `\u00e9`, and `/` as `\/`.
 */
const PLAIN = /^[\w .:@+,;()-]+$/;
const searchFor = (text: string): string => (PLAIN.test(text) ? text : '');

/** Which dead letters are wanted. An empty or null value matches all. */
export interface WantedLetters {
	readonly workflowId: string;
	readonly reasons: readonly string[];
	readonly eventType: string;
	readonly userId: string;
	/** A text in the summary, the last error, the event or the raw body. Upper and lower case are equal. */
	readonly text: string;
	/** When it was dead-lettered, in milliseconds since the epoch: `fromMs` is included, `toMs` is not. */
	readonly fromMs: number | null;
	readonly toMs: number | null;
}

/** Which row it is. */
export interface RowPlace {
	readonly table: FoundTable;
	readonly id: number;
}

/** A dead letter in a table, or a row that can't be read because a user changed what must not be changed. */
export type FoundLetter =
	{ readonly at: RowPlace; readonly letter: DeadLetter } | { readonly at: RowPlace; readonly letter: null };

/**
 * The wanted dead letters of a table, the oldest row first. A row that can't be read is included, too, unless
 * its columns show that it is not wanted.
 * @throws {TableFailure}
 */
export async function* lettersIn(table: FoundTable, wanted: WantedLetters): AsyncGenerator<FoundLetter> {
	const { workflowId, eventType, userId, text } = wanted;
	const filter = [
		eq('state', 'dead'),
		eq('workflow_id', workflowId),
		...(eventType === '' ? [] : [eq('event_type', shownLabel(eventType))]),
		...(userId === '' ? [] : [eq('user_id', shownLabel(userId))]),
	];
	for await (const row of rowsIn(table, filter, searchFor(text))) {
		if (!holds(row, text)) continue;
		const at = { table, id: row.id };
		const letter = deadLetterIn(row);
		if (letter === null) yield { at, letter };
		else if (isWanted(letter, wanted)) yield { at, letter };
	}
}

/**
 * The rows of a workflow that may contain a text: those that do, and those that are packed.
 * @throws {TableFailure}
 */
export async function* rowsAbout(
	table: FoundTable,
	workflowId: string,
	text: string,
): AsyncGenerator<StoredRow> {
	const filter = [eq('workflow_id', workflowId)];
	const search = searchFor(text);
	for await (const row of rowsIn(table, filter, search)) yield await unpackedRow(row);
	if (search === '') return;
	for await (const row of rowsIn(table, filter, PACKED_MARK)) yield await unpackedRow(row);
}

async function* rowsIn(table: FoundTable, filter: Filter, text: string): AsyncGenerator<StoredRow> {
	const read = async (afterId: number): Promise<StoredRow[]> => await table.find(filter, afterId, PAGE, text);
	for await (const rows of pagesOf(PAGE, read)) yield* rows;
}

function holds(row: StoredRow, text: string): boolean {
	const lowerCase = text.toLowerCase();
	return (
		[row.summary, row.last_error, row.payload].some(
			(cell) => typeof cell === 'string' && cell.toLowerCase().includes(lowerCase),
		) || lowerCase === ''
	);
}

function isWanted({ reason, deadLetteredAt }: DeadLetter, { reasons, fromMs, toMs }: WantedLetters): boolean {
	const atMs = Date.parse(deadLetteredAt);
	return (
		(reasons.length === 0 || reasons.includes(reason)) &&
		(fromMs === null || atMs >= fromMs) &&
		(toMs === null || atMs < toMs)
	);
}
