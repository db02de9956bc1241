import type { Arrival, PendingEvent } from './arrival';
import type { FailureStreak } from './breaker';
import type { Link } from './chain';
import type { DeadLetter, DeadLetterReason } from '../items/deadLetter';
import type { Similar } from './digest';
import { type History, NEVER_TRIED, type Tried } from './history';
import type { Job } from './job';
import type { PendingReply } from './pendingReply';
import { type EventState, isOver, isUnderWay } from './transitions';

/** A request the queue still answers for in part. */
export interface HeldRequest {
	readonly arrival: Arrival;
	/** How many of its items are not settled. */
	open: number;
	/** How many executions have carried events of it, not counting those in an outage. */
	executions: number;
	/** When it was received, or last sent through again, on the clock that is never set. */
	receivedElapsedMs: number;
}

/** A request that the queue begins to answer for. */
export const heldRequest = (arrival: Arrival): HeldRequest => ({
	...{ arrival, open: 0, executions: 0, receivedElapsedMs: 0 },
});

/** Items that stay together in one execution, because a store keeps them as one. */
export interface Parcel {
	/** How many of its items are not settled. */
	readonly size: number;
}

/** Why and when an event's attempts were given up; shared by all events of one execution. */
export interface GivenUp {
	readonly reason: DeadLetterReason;
	readonly atMs: number;
	readonly history: History;
	/** When its first and last attempt started, in milliseconds since the epoch; null when there was none. */
	readonly firstAttemptAtMs: number | null;
	readonly lastAttemptAtMs: number | null;
	readonly maxAttempts: number;
	readonly similar: Similar;
	readonly isRetryOn: boolean;
	/** `alone` when it was taken out of executions that failed with others; `together` when it was not tried alone. */
	readonly shown: 'asUsual' | 'alone' | 'together';
}

/** What the queue answers for: one event, or one dead letter that was made before any execution. */
export class Item {
	/** In an execution that has begun: nobody may take it back, and the sender may be told 200. */
	isKept = false;
	/** Written by `move()` alone. */
	readonly state: EventState;
	/** Its attempts so far. */
	tried: Tried = NEVER_TRIED;
	/** The failures in a row among which it has failed last: there it counts once. */
	failedIn: FailureStreak | null = null;
	/** Whether a sender was told 200, or will be before the outcome is known. Without that a failure is the sender's to repeat. */
	isPromised = false;
	/** Set once its attempts were given up. */
	givenUp: GivenUp | null = null;
	/** Its place among the items that wait for a slot one by one. */
	link: Link<Item> | null = null;
	/** When it came, among all items: the lower, the earlier. Written by the store alone. */
	rank = 0;
	/** Its place among the events with its value of `orderBy`, until it is finished. Written by {@link Order} alone. */
	turn: Link<Item> | null = null;
	/** Whether the store has it wait for a slot, as soon as it is its turn. */
	isEnqueued = false;
	/** What it is kept in; null where items are kept one by one. */
	parcel: Parcel | null = null;
	/** The execution it is part of, running or waiting. */
	job: Job | null = null;
	/** The requests that wait for it: as a rule the one that brought it; repeats that joined are rare. */
	private waiting: PendingReply | null = null;
	private alsoWaiting: Set<PendingReply> | null = null;

	constructor(
		readonly held: HeldRequest,
		/** Null for a dead letter made before any execution. */
		readonly event: PendingEvent | null,
		readonly deadLetter: DeadLetter | null,
	) {
		this.state = event === null ? 'givenUp' : 'waiting';
	}

	/** Its value of `orderBy`; null when nothing holds it. */
	get orderKey(): string | null {
		return this.event?.orderKey ?? null;
	}

	/** Whether the queue is done with it. */
	get isSettled(): boolean {
		return isOver(this);
	}

	/** Whether n8n has an execution with it. */
	get isRunning(): boolean {
		return isUnderWay(this);
	}

	/** Nobody was promised anything about it, and nobody waits for it any more. */
	get isUnwanted(): boolean {
		return !this.isKept && this.waiting === null && (this.alsoWaiting?.size ?? 0) === 0;
	}

	/** The requests that wait for it now; they may leave while one goes through the list. */
	get requests(): PendingReply[] {
		const first = this.waiting === null ? [] : [this.waiting];
		return this.alsoWaiting === null ? first : [...first, ...this.alsoWaiting];
	}

	join(request: PendingReply): void {
		if (this.waiting === null) this.waiting = request;
		else (this.alsoWaiting ??= new Set()).add(request);
	}

	leave(request: PendingReply): void {
		if (this.waiting === request) this.waiting = null;
		else this.alsoWaiting?.delete(request);
	}
}
