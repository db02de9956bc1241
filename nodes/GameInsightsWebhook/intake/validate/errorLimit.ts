import type { EventError } from '../../../shared/rejectedEvent';
import type { Fault } from './fault';

const MAX_ERRORS_PER_EVENT = 20;
const MAX_ERRORS_PER_ANSWER = 100;

/** The faults at one position of a request. */
export interface FaultyEvent {
	readonly index: number | null;
	/** The NDJSON line of the event. Left out for other bodies. */
	readonly line?: number;
	readonly faults: readonly Fault[];
}

/** The errors of one event for its dead letter: at most 20, then the number of further ones. */
export function errorsOfEvent(event: FaultyEvent): EventError[] {
	return firstErrors(event).concat(more(event.index, event.faults.length - MAX_ERRORS_PER_EVENT));
}

/**
 * The errors of a request for its answer: at most 20 an event and 100 in all, then the number of further
 * ones.
 */
export function errorsOfRequest(events: readonly FaultyEvent[]): EventError[] {
	const errors: EventError[] = [];
	let total = 0;
	for (const event of events) {
		total += event.faults.length;
		if (errors.length < MAX_ERRORS_PER_ANSWER) errors.push(...firstErrors(event));
	}
	const told = errors.slice(0, MAX_ERRORS_PER_ANSWER);
	return told.concat(more(null, total - told.length));
}

function firstErrors({ index, line, faults }: FaultyEvent): EventError[] {
	const place = line === undefined ? { index } : { index, line };
	return faults
		.slice(0, MAX_ERRORS_PER_EVENT)
		.map(({ code, path, message }) => ({ ...place, code, message, path }));
}

function more(index: number | null, count: number): EventError[] {
	if (count <= 0) return [];
	const message = count === 1 ? '1 more error is not listed' : `${count} more errors are not listed`;
	return [{ index, code: 'more', message, path: '' }];
}
