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
	/** Its cell `details`. n8n's SQLite uses the id of the last row again after that row is removed. */
	readonly details: string;
	/** The tables into which the row may be moved, with these details. */
	readonly next: readonly FoundTable[];
}

/** A dead letter in a table, or a row that can't be read because a user changed what must not be changed. */
export type FoundLetter =
	{ readonly at: RowPlace; readonly letter: DeadLetter } | { readonly at: RowPlace; readonly letter: null };

/**
 * The wanted dead letters of a journal's tables, the oldest row of each table first. A row that can't be read
 * is included, too, unless its columns show that it is not wanted.
 * @throws {TableFailure}
 */
export async function* lettersIn(
	tables: readonly FoundTable[],
	wanted: WantedLetters,
): AsyncGenerator<FoundLetter> {
	const { workflowId, eventType, userId, text } = wanted;
	const filter = [
		eq('state', 'dead'),
		eq('workflow_id', workflowId),
		...(eventType === '' ? [] : [eq('event_type', shownLabel(eventType))]),
		...(userId === '' ? [] : [eq('user_id', shownLabel(userId))]),
	];
	for await (const { row, table } of rowsIn(tables, filter, searchFor(text))) {
		if (!holds(row, text)) continue;
		const next = tables.slice(tables.indexOf(table) + 1);
		const at = { table, id: row.id, details: String(row.details), next };
		const letter = deadLetterIn(row);
		if (letter === null) yield { at, letter };
		else if (isWanted(letter, wanted)) yield { at, letter };
	}
}

/** A row, and the table that it was found in. */
export interface FoundRow {
	readonly row: StoredRow;
	readonly table: FoundTable;
}

/**
 * The rows of a workflow that may contain a text: those that do, and those that are packed.
 * @throws {TableFailure}
 */
export async function* rowsAbout(
	tables: readonly FoundTable[],
	workflowId: string,
	text: string,
): AsyncGenerator<FoundRow> {
	const filter = [eq('workflow_id', workflowId)];
	const search = searchFor(text);
	const searches = search === '' ? [search] : [search, PACKED_MARK];
	for (const searched of searches) {
		for await (const { row, table } of rowsIn(tables, filter, searched))
			yield { row: await unpackedRow(row), table };
	}
}

/** A dead letter that is just being moved is in two tables. It is returned once. */
async function* rowsIn(
	tables: readonly FoundTable[],
	filter: Filter,
	text: string,
): AsyncGenerator<FoundRow> {
	const before = new Set<unknown>();
	for (const table of tables) {
		const movable: unknown[] = [];
		const read = async (afterId: number): Promise<StoredRow[]> =>
			await table.find(filter, afterId, PAGE, text);
		for await (const rows of pagesOf(PAGE, read)) {
			for (const row of rows) {
				if (before.has(row.details)) continue;
				const mayMove = row.state === 'dead' || row.state === 'redrive';
				if (mayMove && table !== tables.at(-1)) movable.push(row.details);
				yield { row, table };
			}
		}
		for (const details of movable) before.add(details);
	}
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
