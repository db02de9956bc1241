import type { Arrival, PendingEvent } from './arrival';
import type { Link } from './chain';
import type { DeadLetter, DeadLetterReason } from '../items/deadLetter';
import type { History } from './history';
import type { Job } from './job';
import type { PendingReply } from './pendingReply';

/** A request the queue still answers for in part. */
export interface HeldRequest {
	readonly arrival: Arrival;
	/** How many of its items are not settled. */
	open: number;
}

/** How the queue is done with an item; `returned` and `dropped` leave it to the sender to repeat it. */
export type Settlement = 'processed' | 'deadLettered' | 'returned' | 'dropped';

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
	readonly isRetryOn: boolean;
}

/** What the queue answers for: one event, or one dead letter that was made before any execution. */
export class Item {
	/** In an execution that has begun: nobody may take it back, and the sender may be told 200. */
	isKept = false;
	isSettled = false;
	isRunning = false;
	/** Whether a sender was told 200, or will be before the outcome is known. Without that a failure is the sender's to repeat. */
	isPromised = false;
	/** Set once its attempts were given up. */
	givenUp: GivenUp | null = null;
	/** Its place among the items that wait for a slot one by one. */
	link: Link<Item> | null = null;
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
	) {}

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
