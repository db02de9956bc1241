/** The state of an event or a dead letter. The diagram in docs/delivery.md shows the same states. */
export type EventState =
	/** Taken, and not executed yet. */
	| 'waiting'
	/** Its execution was given to n8n and has not begun. */
	| 'starting'
	/** Its execution has begun. */
	| 'running'
	/** It was in an execution of a process that is gone, or in one that failed after it had slept. */
	| 'interrupted'
	/** Failed, and waits for its next attempt. */
	| 'retrying'
	/** Failed together with others, and waits to run in a smaller execution. */
	| 'bisecting'
	/** Failed or was cancelled before its first attempt, and waits for the end of an outage. */
	| 'paused'
	/** It will not be executed again. It waits for a slot as a dead letter. */
	| 'givenUp'
	/** The execution that carries its dead letter was given to n8n. */
	| 'leaving'
	| EndState;

/**
 * How the queue finished an event. After `returned` and `withdrawn` the sender has to send it again. After
 * `asleep` the store follows the execution: if it fails, the event comes back as one that was interrupted.
 */
export type EndState = 'processed' | 'asleep' | 'deadLettered' | 'returned' | 'withdrawn';

/** The states that may follow each state. */
export const TRANSITIONS: Readonly<Record<EventState, readonly EventState[]>> = {
	waiting: ['starting', 'interrupted', 'retrying', 'paused', 'givenUp', 'withdrawn'],
	starting: [
		...(['running', 'waiting', 'retrying', 'bisecting', 'paused'] as const),
		...(['givenUp', 'returned', 'withdrawn'] as const),
	],
	running: ['processed', 'asleep', 'retrying', 'bisecting', 'paused', 'givenUp', 'returned'],
	interrupted: ['retrying', 'bisecting', 'paused', 'givenUp', 'withdrawn'],
	retrying: ['starting', 'paused', 'givenUp', 'withdrawn'],
	bisecting: ['starting', 'retrying', 'paused', 'givenUp', 'withdrawn'],
	paused: ['starting', 'retrying', 'bisecting', 'givenUp', 'withdrawn'],
	givenUp: ['leaving', 'deadLettered', 'withdrawn'],
	leaving: ['givenUp', 'deadLettered', 'withdrawn'],
	processed: [],
	asleep: [],
	deadLettered: [],
	returned: [],
	withdrawn: [],
};

/** Something that is in one of the states. */
export interface InState {
	readonly state: EventState;
}

/** Whether the queue has finished it. */
export const isOver = ({ state }: InState): boolean => TRANSITIONS[state].length === 0;

/** Whether n8n has an execution with it. */
export const isUnderWay = ({ state }: InState): boolean =>
	state === 'starting' || state === 'running' || state === 'leaving';

/**
 * Changes a state. No other code does this.
 * @throws {Error} when that state can't follow. This is always a fault of this package, never of an event
 */
export function move(one: InState, to: EventState): void {
	const { state } = one;
	if (state === to) return;
	if (!TRANSITIONS[state].includes(to)) throw new Error(`An event can't go from ${state} to ${to}`);
	(one as { state: EventState }).state = to;
}
