import type { DeadLetter } from '../../shared/items/deadLetter';
import type { Tried } from '../../shared/items/history';
import type { Redrive } from '../../shared/rejectedEvent';
import { readEvents } from '../../shared/events/events';
import { positionOf } from '../../shared/events/source';
import type { Item } from '../queue/item';
import type { EventState } from '../queue/transitions';

/** Where an event of a queue is, in the words that users see. */
export type QueuedStatus =
	'waiting' | 'running' | 'retrying' | 'given_up' | 'processed' | 'sleeping' | 'dead_letter' | 'unknown';

const STATUS_OF_STATE: Readonly<Record<EventState, QueuedStatus>> = {
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

/** What a queue knows of one event, for others than the queue. */
export interface QueuedEvent {
	readonly status: QueuedStatus;
	/** Null for a dead letter that was made before any execution. */
	readonly event: {
		readonly requestId: string;
		/** Its index in the request. */
		readonly index: number;
		readonly receivedAtMs: number;
		/** Null for an event that was not sent again. */
		readonly redrive: Redrive | null;
		/** Reads the event from the text of its request. */
		read(): unknown;
	} | null;
	readonly tried: Tried;
	readonly deadLetter: DeadLetter | null;
	/** Why the queue gave it up. Null when it did not. */
	readonly givenUpFor: string | null;
}

/** What the queue knows of an item. */
export function queuedEvent({ event: pending, state, tried, deadLetter, givenUp }: Item): QueuedEvent {
	const more = { status: STATUS_OF_STATE[state], tried, deadLetter, givenUpFor: givenUp?.reason ?? null };
	if (pending === null) return { ...more, event: null };
	const { arrival, index, redrive = null } = pending;
	const { requestId, receivedAtMs } = arrival;
	const read = (): unknown => (arrival.view?.() ?? readEvents(arrival.source))[positionOf(arrival, index)];
	return { ...more, event: { requestId, index, receivedAtMs, redrive, read } };
}
