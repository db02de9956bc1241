import type { KnownEvent, StoryStatus } from '../../shared/items/knownEvent';
import { readEvents } from '../../shared/events/events';
import { positionOf } from '../../shared/events/source';
import type { Item } from '../queue/item';
import type { EventState } from '../queue/transitions';

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

/** What the queue knows of an item. */
export function queuedEvent({ event: pending, state, tried, deadLetter, givenUp }: Item): KnownEvent {
	const more = { status: STATUS_OF_STATE[state], tried, deadLetter, givenUpFor: givenUp?.reason ?? null };
	if (pending === null) return { ...more, event: null };
	const { arrival, index, redrive = null } = pending;
	const { requestId, receivedAtMs } = arrival;
	const read = (): unknown => (arrival.view?.() ?? readEvents(arrival.source))[positionOf(arrival, index)];
	return { ...more, event: { requestId, index, receivedAtMs, redrive, read } };
}
