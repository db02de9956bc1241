import type { Redrive } from '../rejectedEvent';
import type { PartOfRequest, Source } from '../events/source';
import type { DeadLetter } from '../items/deadLetter';
import { NEVER_TRIED, type Tried } from '../items/history';
import type { StoredRow } from '../dataTables/table';
import type { RowState } from './columns';
import {
	type Details,
	detailsIn,
	doneIn,
	readableDoneIn,
	readableTriedIn,
	stateIn,
	textIn,
	triedIn,
} from './writtenCells';

/** One event of a row. */
export interface RowEvent {
	/** Its index in its request. */
	readonly index: number;
	readonly deduplicationKey: string | null;
	/** Undefined or null for an event that was not sent again. */
	readonly redrive: Redrive | null | undefined;
}

/** What a row of the journal says. */
export interface ReadRow extends PartOfRequest {
	/** `retrying` for a row that a user resumes. */
	readonly state: RowState;
	readonly details: Details;
	/** The text in its cell, as it is. */
	readonly payload: string;
	readonly source: Source;
	/** Indexes of the events that are finished. */
	readonly done: readonly number[];
	/** The events that are not finished. None for a dead letter, unless it should be sent again. */
	readonly events: readonly RowEvent[];
	/** Null for a row of events, and for a dead letter that should be sent again. */
	readonly deadLetter: DeadLetter | null;
	readonly tried: Tried;
	/** Whether a user sends it again: a dead letter, or a row that was none and is resumed. */
	readonly sentAgain: 'redriven' | 'resumed' | null;
}

/**
 * Reads a row.
 * @throws {SyntaxError} when a user changed what must not be changed
 */
export function readRow(row: StoredRow): ReadRow {
	const details = detailsIn(row);
	const state = stateIn(row);
	const payload = textIn(row, 'payload');
	const isRedrive = state === 'redrive' && details.deadLetter !== null;
	const isResumed = state === 'redrive' && !isRedrive;
	const redrives = isRedrive ? [nextRedrive(details)] : details.redrives;
	const isLetter = details.deadLetter !== null && !isRedrive;
	const indexes = isRedrive && details.indexes.length === 0 ? [0] : details.indexes;
	// A user who sends an unreadable row again wants its events to go on, even if the data about attempts is
	// lost.
	const done = isRedrive ? [] : isResumed ? readableDoneIn(row) : doneIn(row);
	const tried = isRedrive ? NEVER_TRIED : isResumed ? readableTriedIn(row) : triedIn(row);
	const isDone = new Set(done);
	const events = indexes.map((index, at) => ({
		index,
		deduplicationKey: details.keys[at] ?? null,
		redrive: redrives?.[at],
	}));
	return {
		state: isResumed ? 'retrying' : state,
		details,
		payload,
		...sourceOf(details, payload, indexes, isRedrive),
		done,
		events: isLetter ? [] : events.filter(({ index }) => !isDone.has(index)),
		deadLetter: isLetter ? letterOf(details, payload) : null,
		tried,
		sentAgain: isRedrive ? 'redriven' : isResumed ? 'resumed' : null,
	};
}

/** The dead letter of a row. Null for a row that is none, or that can't be read. */
export function deadLetterIn(row: StoredRow): DeadLetter | null {
	try {
		return readRow(row).deadLetter;
	} catch {
		return null;
	}
}

/** The text of one event is alone in its cell, so that users can read and correct it. */
function sourceOf(
	{ holds, sourceIndexes }: Details,
	payload: string,
	indexes: readonly number[],
	isRedrive: boolean,
): Pick<ReadRow, 'source' | 'sourceIndexes'> {
	if (isRedrive || holds === 'event' || holds === 'raw') {
		return { source: { format: 'json', text: `[${payload}]` }, sourceIndexes: indexes };
	}
	const source: Source = { format: holds, text: payload };
	return sourceIndexes === undefined ? { source } : { source, sourceIndexes };
}

function nextRedrive({ deadLetter, redrives, request, indexes }: Details): Redrive {
	const last = deadLetter?.redrive ?? redrives?.[0];
	return { count: (last?.count ?? 0) + 1, of: last?.of ?? `${request}.${indexes[0] ?? 0}` };
}

function letterOf({ deadLetter, holds }: Details, payload: string): DeadLetter {
	return {
		...(deadLetter as DeadLetter),
		eventText: holds === 'event' ? payload : null,
		raw: holds === 'raw' ? payload : null,
	};
}
