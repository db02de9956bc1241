import { readEvents } from '../../shared/events/events';
import { positionOf } from '../../shared/events/source';
import type { Tried } from '../../shared/items/history';
import { isJsonObject } from '../../shared/json/jsonValue';
import { readJson } from '../../shared/json/readJson';
import type { RowState } from '../../shared/journal/columns';
import { readRow } from '../../shared/journal/readRow';
import { type Details, ForeignCell, textIn } from '../../shared/journal/writtenCells';
import type { Cells, StoredRow } from '../../shared/dataTables/table';
import { rfc3339 } from '../../shared/rfc3339';
import { orderKeyOf } from '../intake/validate/orderKey';
import type { Path } from '../intake/validate/path';
import type { Arrival } from '../queue/arrival';
import { type HeldRequest, Item, heldRequest } from '../queue/item';
import { cellsOfAttempts } from './rows';

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
	const read = readRow(row);
	const { state, details, payload, source, sourceIndexes, done, tried, deadLetter } = read;
	const isRedrive = read.sentAgain === 'redriven';
	const isResumed = read.sentAgain === 'resumed';
	const redrivenAtMs = read.sentAgain === null ? details.redrivenAtMs : tableNowMs;
	const arrival: Arrival = {
		requestId: details.request,
		receivedAtMs: details.receivedAtMs,
		endpoint: details.endpoint,
		sender: details.sender,
		source,
		...(sourceIndexes === undefined ? {} : { sourceIndexes }),
		...(redrivenAtMs === undefined ? {} : { redrivenAtMs }),
		batchSize: details.batchSize,
		bytes: payload.length,
		events: [],
		deadLetters: [],
	};
	const held = heldRequest(arrival);
	const obstacle = isRedrive ? obstacleTo(payload) : null;
	// By the current setting, and by the corrections that a user may have made.
	const isOrdered = orderBy !== null && obstacle === null && deadLetter === null;
	const values = isOrdered ? readEvents(source) : [];
	const events = read.events.map(({ index, deduplicationKey, redrive }) => {
		const orderKey = isOrdered ? orderKeyOf(values[positionOf(arrival, index)], orderBy) : null;
		const more = { ...(redrive ? { redrive } : {}), ...(orderKey === null ? {} : { orderKey }) };
		return new Item(held, { arrival, index, deduplicationKey, ...more }, null);
	});
	return {
		state,
		held,
		done,
		items: deadLetter === null ? events : [new Item(held, null, deadLetter)],
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
		if (letter.eventText === null || readJson(letter.eventText) !== undefined) return;
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

/** A user may have typed anything into the payload. The outputs take only objects. */
function obstacleTo(payload: string): string | null {
	const value = readJson(payload);
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? null
		: 'It was not sent again: the payload is not one event in JSON. Correct the payload, then set the state to redrive.';
}
