import { isJsonObject, ownMember } from '../../shared/json/jsonValue';
import { readJson } from '../../shared/json/readJson';
import { readEvents } from '../../GameInsightsWebhook/intake/events';
import type { DeadLetter } from '../../GameInsightsWebhook/items/deadLetter';
import type { RowState } from '../../GameInsightsWebhook/journal/columns';
import { restoredRow } from '../../GameInsightsWebhook/journal/rows';
import type { StoredRow } from '../../GameInsightsWebhook/journal/table';
import { positionOf } from '../../GameInsightsWebhook/queue/arrival';
import { type FailedAttempt, type Tried, recordedAttempts } from '../../GameInsightsWebhook/queue/history';
import type { Item } from '../../GameInsightsWebhook/queue/item';
import type { EventState } from '../../GameInsightsWebhook/queue/transitions';
import { type Sought, isSought } from './sought';
import { rfc3339 } from '../../shared/rfc3339';

/** The state of an event. */
export type StoryStatus =
	| 'waiting'
	| 'running'
	| 'retrying'
	/** Given up. Its dead letter is being delivered. */
	| 'given_up'
	| 'dead_letter'
	/** A dead letter that will be sent again. */
	| 'redriving'
	| 'processed'
	/** Its last execution failed, and no source shows that it will run again. */
	| 'failed'
	/** Its execution waits in a Wait node. */
	| 'sleeping'
	| 'unknown';

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

const STATUS_OF_STATE: Readonly<Record<EventState, StoryStatus>> = {
	waiting: 'waiting',
	starting: 'running',
	running: 'running',
	interrupted: 'retrying',
	retrying: 'retrying',
	bisecting: 'retrying',
	paused: 'retrying',
	givenUp: 'given_up',
	leaving: 'given_up',
	processed: 'processed',
	asleep: 'sleeping',
	deadLettered: 'dead_letter',
	returned: 'unknown',
	withdrawn: 'unknown',
};

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
export function chapterOfItem(item: Item, sought: Sought): Chapter | null {
	return chapterOf(item, sought, { source: 'queue', status: STATUS_OF_STATE[item.state], tried: item.tried });
}

/** What a row of a journal knows about matching events. Empty when the row can't be read. */
export function chaptersOfRow(row: StoredRow, table: string, sought: Sought): Chapter[] {
	try {
		const { items, state, tried } = restoredRow(row, 0);
		const status = STATUS_OF_ROW[state];
		return items.flatMap((item) => chapterOf(item, sought, { source: table, status, tried }) ?? []);
	} catch {
		return [];
	}
}

function chapterOf(
	{ event: pending, deadLetter, givenUp }: Item,
	sought: Sought,
	{ source, status, tried }: { source: string; status: StoryStatus; tried: Tried },
): Chapter | null {
	const usual = { source, status, executions: [] };
	if (pending === null) {
		if (deadLetter === null || deadLetter.stage === 'notice') return null;
		const event = objectIn(deadLetter.eventText === null ? null : readJson(deadLetter.eventText));
		if (!isSought(sought, event, deadLetter.delivery.request_id)) return null;
		return { ...usual, event, ...ofLetter(deadLetter) };
	}
	const { arrival, index, redrive } = pending;
	const mayHold = sought.by === 'request_id' ? arrival.requestId === sought.value : true;
	if (!mayHold) return null;
	const event = objectIn((arrival.view?.() ?? readEvents(arrival.source))[positionOf(arrival, index)]);
	if (!isSought(sought, event, arrival.requestId)) return null;
	return {
		...usual,
		deliveryId: `${arrival.requestId}.${index}`,
		requestId: arrival.requestId,
		event,
		receivedAt: rfc3339(arrival.receivedAtMs),
		attempts: tried.attempts,
		history: recordedAttempts(tried.history),
		deadLetter: givenUp === null ? null : { reason: givenUp.reason, summary: '' },
		redrive: redrive ?? null,
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
