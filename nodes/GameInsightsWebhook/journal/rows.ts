import type { Redrive } from '../../shared/rejectedEvent';
import { isJsonObject } from '../../shared/json/jsonValue';
import { readJson } from '../../shared/json/readJson';
import { orderKeyOf } from '../intake/validate/orderKey';
import type { Path } from '../intake/validate/path';
import { readEvents } from '../intake/events';
import type { Source } from '../intake/source';
import { type Arrival, type FailedOutcome, positionOf } from '../queue/arrival';
import type { DeadLetter } from '../items/deadLetter';
import { eventTexts } from '../intake/parse/slice';
import { NEVER_TRIED, type Tried, lastAttempt } from '../queue/history';
import { type HeldRequest, Item, heldRequest } from '../queue/item';
import type { ExpiryColumn, RowState } from './columns';
import { labelsOf, shown } from './labels';
import type { Cells, StoredRow } from './table';
import {
	type Details,
	ForeignCell,
	type StoredHistory,
	detailsIn,
	doneIn,
	readableDoneIn,
	readableTriedIn,
	stateIn,
	textIn,
	triedIn,
} from './writtenCells';
import { rfc3339 } from '../../shared/rfc3339';

/** About the largest size of a row's texts. So a call to the table stays far below n8n's 16 MiB. */
const LARGEST_ROW = 1_000_000;

const indexOf = (item: Item): number => item.event?.index ?? 0;

/**
 * The rows for a request's events. A row has as many events as may run together, but no more than fit into a
 * row.
 */
export function rowsOfEvents(
	arrival: Arrival,
	items: readonly Item[],
	mostEvents: number,
): Array<{ items: readonly Item[]; cells: Cells }> {
	if (items.length === 0) return [];
	const { source } = arrival;
	const most = Math.max(
		1,
		Math.min(mostEvents, Math.ceil(items.length / Math.ceil(source.text.length / LARGEST_ROW))),
	);
	if (items.length > 1 && most >= items.length && items.length * 2 >= arrival.batchSize) {
		const all = arrival.view?.() ?? readEvents(source);
		const events = items.map((item) => all[positionOf(arrival, indexOf(item))]);
		return [{ items, cells: cellsOfEvents(arrival, items, source.format, source.text, events) }];
	}
	const texts = eventTexts(
		source,
		items.map((item) => positionOf(arrival, indexOf(item))),
	);
	const rows: Array<{ items: readonly Item[]; cells: Cells }> = [];
	for (let from = 0; from < items.length; from += most) {
		const own = items.slice(from, from + most);
		const ownTexts = texts.slice(from, from + most);
		const part: Arrival = { ...arrival, sourceIndexes: own.map(indexOf) };
		const events = ownTexts.map((text) => readJson(text));
		const [holds, payload] =
			own.length === 1
				? (['event', ownTexts[0] as string] as const)
				: (['json', `[${ownTexts.join(',')}]`] as const);
		rows.push({ items: own, cells: cellsOfEvents(part, own, holds, payload, events) });
	}
	return rows;
}

function cellsOfEvents(
	arrival: Arrival,
	items: readonly Item[],
	holds: Details['holds'],
	payload: string,
	events: readonly unknown[],
): Cells {
	const { sourceIndexes } = arrival;
	return {
		...labelsOf(events),
		events: items.length,
		received: rfc3339(arrival.receivedAtMs),
		payload,
		details: detailsOf(arrival, {
			holds,
			indexes: items.map(indexOf),
			...(sourceIndexes === undefined ? {} : { sourceIndexes }),
			keys: items.map((item) => item.event?.deduplicationKey ?? null),
			...(items.some((item) => item.event?.redrive)
				? { redrives: items.map((item) => item.event?.redrive ?? null) }
				: {}),
			deadLetter: null,
		}),
	};
}

/** The cells of a row for a dead letter that is being delivered. */
export function cellsOfDeadLetter(arrival: Arrival, letter: DeadLetter, index: number | null): Cells {
	const { eventText, raw } = letter;
	return {
		...labelsOf([parsed(eventText)]),
		events: 1,
		attempt: letter.attempts.count,
		due: null,
		received: letter.receivedAt,
		last_error: shown(letter.attempts.history.at(-1)?.message ?? letter.errors[0]?.message ?? ''),
		summary: letter.summary,
		payload: eventText ?? raw ?? '',
		done: null,
		history: null,
		details: detailsOf(arrival, {
			holds: eventText === null ? 'raw' : 'event',
			indexes: index === null ? [] : [index],
			keys: [],
			deadLetter: { ...letter, eventText: null, raw: null },
		}),
	};
}

/** The cells about the attempts so far. */
export function cellsOfAttempts({
	history,
	firstAttemptAtMs,
	lastAttemptAtMs,
	wokeAtMs,
}: StoredHistory): Cells {
	const woke = wokeAtMs === undefined ? {} : { wokeAtMs };
	const stored: StoredHistory = { history, firstAttemptAtMs, lastAttemptAtMs, ...woke };
	return { last_error: shown(lastAttempt(history)?.message ?? ''), history: JSON.stringify(stored) };
}

/**
 * The cells of a processed row that is shown for a while.
 * @param times milliseconds since the epoch: by the clock of this process, and by the clock of the database
 */
export const cellsOfProcessed = (
	times: { readonly nowMs: number; readonly tableNowMs: number; readonly keepProcessedMs: number },
	expiryColumn: ExpiryColumn,
): Cells => ({
	state: 'processed',
	due: rfc3339(times.nowMs + times.keepProcessedMs),
	// A number, so that it can be compared: see the columns of the register.
	[expiryColumn]: times.tableNowMs + times.keepProcessedMs,
	owner: '',
	claim: '',
});

function detailsOf(
	{ requestId, receivedAtMs, endpoint, sender, batchSize, redrivenAtMs }: Arrival,
	rest: Pick<Details, 'holds' | 'indexes' | 'sourceIndexes' | 'keys' | 'redrives' | 'deadLetter'>,
): string {
	const details: Details = {
		request: requestId,
		receivedAtMs,
		endpoint,
		sender,
		batchSize,
		...(redrivenAtMs === undefined ? {} : { redrivenAtMs }),
		...rest,
	};
	return JSON.stringify(details);
}

/** What a row of the table contains. */
export interface RestoredRow {
	readonly state: RowState;
	readonly held: HeldRequest;
	/** Indexes of the events that are finished. */
	readonly done: readonly number[];
	/** The items of the events that are not finished. */
	readonly items: readonly Item[];
	readonly tried: Tried;
	readonly dueAtMs: number;
	/** For a row that should be sent again: why this is not possible. */
	readonly obstacle: string | null;
	/**
	 * Set when a user resumes a row that is no dead letter: the cells to write, so that it goes on where it
	 * was.
	 */
	readonly resumed: Cells | null;
}

/**
 * Reads a row back.
 * @param orderBy path to the value in an event that decides the order; null for no order
 * @param tableNowMs by the clock of the database
 * @throws {SyntaxError} when a user changed what must not be changed
 */
export function restoredRow(
	row: StoredRow,
	nowMs: number,
	orderBy: Path | null = null,
	tableNowMs = nowMs,
): RestoredRow {
	const details = detailsIn(row);
	const state = stateIn(row);
	const payload = textIn(row, 'payload');
	const isRedrive = state === 'redrive' && details.deadLetter !== null;
	const isResumed = state === 'redrive' && !isRedrive;
	const redrivenAtMs = state === 'redrive' ? tableNowMs : details.redrivenAtMs;
	const redrives = isRedrive ? [nextRedrive(details)] : details.redrives;
	const isLetter = details.deadLetter !== null && !isRedrive;
	const indexes = isRedrive && details.indexes.length === 0 ? [0] : details.indexes;
	const arrival: Arrival = {
		requestId: details.request,
		receivedAtMs: details.receivedAtMs,
		endpoint: details.endpoint,
		sender: details.sender,
		...sourceOf(details, payload, indexes, isRedrive),
		...(redrivenAtMs === undefined ? {} : { redrivenAtMs }),
		batchSize: details.batchSize,
		bytes: payload.length,
		events: [],
		deadLetters: [],
	};
	const held = heldRequest(arrival);
	// A user who sends an unreadable row again wants its events to go on, even if the data about attempts is
	// lost.
	const done = isRedrive ? [] : isResumed ? readableDoneIn(row) : doneIn(row);
	const tried = isRedrive ? NEVER_TRIED : isResumed ? readableTriedIn(row) : triedIn(row);
	const isDone = new Set(done);
	const obstacle = isRedrive ? obstacleTo(payload) : null;
	// By the current setting, and by the corrections that a user may have made.
	const isOrdered = orderBy !== null && obstacle === null && !isLetter;
	const values = isOrdered ? readEvents(arrival.source) : [];
	const events = indexes.flatMap((index, at) => {
		if (isDone.has(index)) return [];
		const redrive = redrives?.[at];
		const deduplicationKey = details.keys[at] ?? null;
		const orderKey = isOrdered ? orderKeyOf(values[positionOf(arrival, index)], orderBy) : null;
		const more = { ...(redrive ? { redrive } : {}), ...(orderKey === null ? {} : { orderKey }) };
		return [new Item(held, { arrival, index, deduplicationKey, ...more }, null)];
	});
	return {
		state: isResumed ? 'retrying' : state,
		held,
		done,
		items: isLetter ? [new Item(held, null, letterOf(details, payload))] : events,
		tried,
		dueAtMs: isResumed ? nowMs : Date.parse(textIn(row, 'due')) || nowMs,
		obstacle,
		resumed: isResumed ? cellsOfResumed({ ...details, redrivenAtMs: tableNowMs }, done, tried, nowMs) : null,
	};
}

const cellsOfResumed = (details: Details, done: readonly number[], tried: Tried, nowMs: number): Cells => ({
	state: 'retrying',
	attempt: tried.attempts,
	due: rfc3339(nowMs),
	done: done.length === 0 ? null : JSON.stringify(done),
	...cellsOfAttempts(tried),
	details: JSON.stringify(details),
});

/**
 * Checks that the events of a row can be executed, or delivered as dead letters, together with others.
 * @throws {ForeignCell} when a user changed what must not be changed
 */
export function checkRestored({ state, items, held: { arrival } }: RestoredRow): void {
	const [letter] = items.flatMap(({ deadLetter }) => deadLetter ?? []);
	if ((letter !== undefined) !== (state === 'dying')) {
		throw new ForeignCell(
			letter === undefined
				? `it is no dead letter, but ${state}`
				: `it is a dead letter, and can't be ${state}`,
		);
	}
	if (letter !== undefined) {
		if (letter.eventText === null || parsed(letter.eventText) !== undefined) return;
		throw new ForeignCell('the payload is not JSON');
	}
	const values = readEvents(arrival.source);
	const held = arrival.sourceIndexes?.length ?? values.length;
	if (values.length !== held) throw new ForeignCell('the payload does not hold as many events as it held');
	for (const { event } of items) {
		if (event === null || isJsonObject(values[positionOf(arrival, event.index)])) continue;
		throw new ForeignCell('the payload does not hold the events that it held');
	}
}

/** The values of `orderBy` of a row's events that are not finished. None for a row that can't be read. */
export function orderKeysIn(row: StoredRow, orderBy: Path): string[] {
	try {
		return restoredRow(row, 0, orderBy).items.flatMap(({ orderKey }) => orderKey ?? []);
	} catch {
		return [];
	}
}

/** The text of one event is alone in its cell, so that users can read and correct it. */
function sourceOf(
	{ holds, sourceIndexes }: Details,
	payload: string,
	indexes: readonly number[],
	isRedrive: boolean,
): Pick<Arrival, 'source' | 'sourceIndexes'> {
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

/** A user may have typed anything into the payload. The outputs take only objects. */
function obstacleTo(payload: string): string | null {
	const value = parsed(payload);
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? null
		: 'It was not sent again: the payload is not one event in JSON. Correct the payload, then set the state to redrive.';
}

const parsed = (text: string | null): unknown => (text === null ? null : readJson(text));

/** The outcome of an attempt whose process is gone. */
export const INTERRUPTED: FailedOutcome = {
	kind: 'unknown',
	failure: {
		executionId: null,
		message: 'interrupted: the n8n process that ran it stopped',
		node: null,
	},
};
