import { isJsonObject, ownMember } from '../../shared/json/jsonValue';
import { readJson } from '../../shared/json/readJson';
import { readEvents } from '../../shared/events/events';
import { positionOf } from '../../shared/events/source';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { type FailedAttempt, recordedAttempts } from '../../shared/items/history';
import type { KnownEvent, StoryStatus } from '../../shared/items/knownEvent';
import type { RowState } from '../../shared/journal/columns';
import { readRow } from '../../shared/journal/readRow';
import type { StoredRow } from '../../shared/dataTables/table';
import { type EventSearch, matchesSearch } from './eventSearch';
import { rfc3339 } from '../../shared/rfc3339';

/** An execution that contained the event. */
export interface StoryExecution {
	readonly id: string;
	/** n8n's own status: `success`, `error`, `crashed`, `canceled`, `waiting`. */
	readonly status: string;
	/** RFC 3339. Null while it has not started or ended. */
	readonly startedAt: string | null;
	readonly stoppedAt: string | null;
	/** The output on which the event left. Null when the execution's data does not show it. */
	readonly output: 'Events' | 'Retry' | 'Dead Letter' | null;
	readonly attempt: number | null;
}

/** What one source knows about one event. */
export interface Chapter {
	/** `queue`, a table's name, or `executions`. */
	readonly source: string;
	readonly status: StoryStatus;
	/** Null when the source does not show it. */
	readonly deliveryId: string | null;
	readonly requestId: string | null;
	readonly event: Readonly<Record<string, unknown>> | null;
	/** RFC 3339. */
	readonly receivedAt: string | null;
	/** How many executions it was started in. Null when the source does not show it. */
	readonly attempts: number | null;
	/** Failed attempts. */
	readonly history: readonly FailedAttempt[];
	readonly executions: readonly StoryExecution[];
	readonly deadLetter: { readonly reason: string; readonly summary: string } | null;
	readonly redrive: { readonly count: number; readonly of: string | null } | null;
}

const STATUS_OF_ROW: Readonly<Record<RowState, StoryStatus>> = {
	waiting: 'waiting',
	running: 'running',
	sleeping: 'sleeping',
	retrying: 'retrying',
	dying: 'given_up',
	dead: 'dead_letter',
	redrive: 'redriving',
	processed: 'processed',
};

const objectIn = (value: unknown): Chapter['event'] => (isJsonObject(value) ? value : null);

/** What a queue knows about an event. Null when the event does not match. */
export function chapterOfQueued(known: KnownEvent, search: EventSearch): Chapter | null {
	return chapterOf(known, search, 'queue');
}

/** What a row of a journal knows about matching events. Empty when the row can't be read. */
export function chaptersOfRow(row: StoredRow, table: string, search: EventSearch): Chapter[] {
	try {
		return eventsOfRow(row).flatMap((known) => chapterOf(known, search, table) ?? []);
	} catch {
		return [];
	}
}

function eventsOfRow(row: StoredRow): KnownEvent[] {
	const { state, details, events, deadLetter, tried, ...part } = readRow(row);
	const usual = { status: STATUS_OF_ROW[state], tried, givenUpFor: null };
	if (deadLetter !== null) return [{ ...usual, event: null, deadLetter }];
	const { request: requestId, receivedAtMs } = details;
	return events.map(({ index, redrive = null }) => {
		const read = (): unknown => readEvents(part.source)[positionOf(part, index)];
		return { ...usual, event: { requestId, index, receivedAtMs, redrive, read }, deadLetter: null };
	});
}

function chapterOf(
	{ status, event: pending, tried, deadLetter, givenUpFor }: KnownEvent,
	search: EventSearch,
	source: string,
): Chapter | null {
	const usual = { source, status, executions: [] };
	if (pending === null) {
		if (deadLetter === null || deadLetter.stage === 'notice') return null;
		const event = objectIn(deadLetter.eventText === null ? null : readJson(deadLetter.eventText));
		if (!matchesSearch(search, event, deadLetter.delivery.request_id)) return null;
		return { ...usual, event, ...ofLetter(deadLetter) };
	}
	const { requestId, index, receivedAtMs, redrive } = pending;
	const mayHold = search.by === 'request_id' ? requestId === search.value : true;
	if (!mayHold) return null;
	const event = objectIn(pending.read());
	if (!matchesSearch(search, event, requestId)) return null;
	return {
		...usual,
		deliveryId: `${requestId}.${index}`,
		requestId,
		event,
		receivedAt: rfc3339(receivedAtMs),
		attempts: tried.attempts,
		history: recordedAttempts(tried.history),
		deadLetter: givenUpFor === null ? null : { reason: givenUpFor, summary: '' },
		redrive,
	};
}

const ofLetter = ({ delivery, receivedAt, attempts, reason, summary, redrive }: DeadLetter) => ({
	deliveryId: delivery.id,
	requestId: delivery.request_id,
	receivedAt,
	attempts: attempts.count,
	history: attempts.history,
	deadLetter: { reason, summary },
	redrive: redrive.count > 0 ? redrive : null,
});

/** The text under an own key of an object. Null when there is none. */
export function ownText(value: unknown, key: string): string | null {
	const text = ownMember(value, key);
	return typeof text === 'string' ? text : null;
}
