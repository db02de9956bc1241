import { readJson } from '../../shared/json/readJson';
import { readEvents } from '../../shared/events/events';
import { positionOf } from '../../shared/events/source';
import type { Arrival } from '../queue/arrival';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { progressSentence } from './progress';
import { eventTexts } from '../../shared/events/slice';
import { lastAttempt } from '../../shared/items/history';
import type { Item } from '../queue/item';
import type { ExpiryColumn } from '../../shared/journal/columns';
import { labelsOf, shown } from '../../shared/journal/labels';
import type { Cells } from '../../shared/dataTables/table';
import type { Details, StoredHistory } from '../../shared/journal/writtenCells';
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
		...labelsOf([eventText === null ? null : readJson(eventText)]),
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
	summary: progressSentence('processed', 0),
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
