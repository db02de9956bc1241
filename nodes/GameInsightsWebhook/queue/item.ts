import type { Arrival, PendingEvent } from './arrival';
import type { Link } from './chain';
import type { DeadLetter, GivenUpReason, Similar } from '../../shared/items/deadLetter';
import type { Due } from './dueHeap';
import type { FailureStreak } from './failureStreak';
import { type History, NEVER_TRIED, type Tried } from '../../shared/items/history';
import { type EventState, isOver, isUnderWay } from './transitions';

/** A request with items that the queue is still responsible for. */
export interface HeldRequest {
	readonly arrival: Arrival;
	/** How many of its items are not settled. */
	open: number;
	/** How many executions have carried its events. Executions in an outage are not counted. */
	executions: number;
	/** When it was received or last sent again, on the monotonic clock. */
	receivedElapsedMs: number;
	/**
	 * How old it was when a store read it from elsewhere, in milliseconds. Null when the age has to be taken
	 * from the request, by the clock of this process.
	 */
	ageMs: number | null;
}

/** A request that the queue becomes responsible for. */
export const heldRequest = (arrival: Arrival): HeldRequest => ({
	...{ arrival, open: 0, executions: 0, receivedElapsedMs: 0, ageMs: null },
});

/** Items that stay together in one execution, because a store keeps them in one record. */
export interface Parcel {
	/** How many of its items are not settled. */
	readonly size: number;
}

/** Why and when the queue gave up an event. Shared by all events of one execution. */
export interface GivenUp {
	readonly reason: GivenUpReason;
	readonly atMs: number;
	readonly history: History;
	/** When its first and last attempt started, in milliseconds since the epoch; null when there was none. */
	readonly firstAttemptAtMs: number | null;
	readonly lastAttemptAtMs: number | null;
	readonly maxAttempts: number;
	readonly similar: Similar;
	readonly isRetryOn: boolean;
	/**
	 * `alone` when the event was separated from executions that failed with other events; `together` when it
	 * was never tried alone.
	 */
	readonly shown: 'asUsual' | 'alone' | 'together';
}

/** Why the store did not take something. */
export type NotStored =
	/** The store can't be reached now. */
	| 'unreachable'
	/** The store has no room now. */
	| 'full'
	/** It is larger than the store can ever take. */
	| 'tooLarge'
	/** The store takes nothing until somebody has corrected the cause. */
	| 'refused';

/** Why nothing was taken: it took too long, or the store did not take it. */
export type NotKept = 'withdrawn' | NotStored;

/** A request whose sender waits for the outcome of items. */
export interface RequestOfItem {
	readonly items: readonly Item[];
	/** One of the items is stored, or is in an execution that has begun. */
	itemKept(): void;
	/** One of the items that were kept is finished. */
	itemSettled(finish: 'processed' | 'dead_lettered' | 'failed'): void;
	/** The sender is asked to send the request again. */
	withdraw(reason: NotKept): void;
}

/** What the queue is responsible for: one event, or one dead letter that was made before any execution. */
export class Item {
	/**
	 * It is stored, or in an execution that has begun: it can't be withdrawn, and the sender may be answered
	 * 200.
	 */
	isKept = false;
	/** Only `move()` changes it. */
	readonly state: EventState;
	/** Its attempts so far. */
	tried: Tried = NEVER_TRIED;
	/** The streak of failures in which it failed last. Within one streak it counts only once. */
	failedIn: FailureStreak | null = null;
	/**
	 * Whether a sender was answered 200, or will be before the outcome is known. If not, the sender has to
	 * repeat it after a failure.
	 */
	isPromised = false;
	/** Set once the queue has given it up. */
	givenUp: GivenUp | null = null;
	/** Its link among the items that wait for a slot one by one. */
	link: Link<Item> | null = null;
	/** Its position among all items: an earlier item has a lower number. Only the store changes it. */
	rank = 0;
	/**
	 * Its link among the events with the same value of `orderBy`, until it is finished. Only {@link Order}
	 * changes it.
	 */
	turn: Link<Item> | null = null;
	/** Whether the store lets it wait for a slot as soon as its turn has come. */
	isEnqueued = false;
	/** The record that it is stored in. Null where items are stored one by one. */
	parcel: Parcel | null = null;
	/** The job that it belongs to, running or waiting. */
	job: Job | null = null;
	/** The requests that wait for it. Usually only the one that brought it; repeats that joined are rare. */
	private waiting: RequestOfItem | null = null;
	private alsoWaiting: Set<RequestOfItem> | null = null;

	constructor(
		readonly held: HeldRequest,
		/** Null for a dead letter made before any execution. */
		readonly event: PendingEvent | null,
		readonly deadLetter: DeadLetter | null,
	) {
		this.state = event === null ? 'givenUp' : 'waiting';
	}

	/** Its value of `orderBy`. Null when it does not have to wait for others. */
	get orderKey(): string | null {
		return this.event?.orderKey ?? null;
	}

	/** Whether the queue has finished the item. */
	get isSettled(): boolean {
		return isOver(this);
	}

	/** Whether n8n has an execution with it. */
	get isRunning(): boolean {
		return isUnderWay(this);
	}

	/** No sender was answered 200 for it, and no sender waits for it any more. */
	get isUnwanted(): boolean {
		return !this.isKept && this.waiting === null && (this.alsoWaiting?.size ?? 0) === 0;
	}

	/** The requests that wait for it now. A copy: requests may be removed while the list is read. */
	get requests(): RequestOfItem[] {
		const first = this.waiting === null ? [] : [this.waiting];
		return this.alsoWaiting === null ? first : [...first, ...this.alsoWaiting];
	}

	join(request: RequestOfItem): void {
		if (this.waiting === null) this.waiting = request;
		else (this.alsoWaiting ??= new Set()).add(request);
	}

	leave(request: RequestOfItem): void {
		if (this.waiting === request) this.waiting = null;
		else this.alsoWaiting?.delete(request);
	}
}

/** Where a job waits. Only `WaitingJobs` changes it. */
export type JobState =
	/** In an execution, or in none of the waiting lists. */
	| { readonly kind: 'detached' }
	/** Waits for a slot. */
	| { readonly kind: 'ready'; readonly link: Link<Job> }
	/** Waits for its turn: earlier events with the same values are not finished. */
	| { readonly kind: 'blocked'; readonly link: Link<Job> }
	/** Waits for its due time. */
	| { readonly kind: 'scheduled'; readonly due: Due<Job> }
	/** Waits for the end of an outage. */
	| { readonly kind: 'paused'; readonly link: Link<Job> };

/**
 * How the execution of a part ended. `void` when none of its events was executed; `unstarted` when there was
 * no execution, because none of them was left.
 */
export type PartEnd = 'succeeded' | 'failed' | 'void' | 'unstarted';

/** The search for the failing events of a job, as seen by its steps and by the store. */
export interface Search {
	/** The job that failed as a whole. */
	readonly whole: Job;
	/** The items that the search has not decided about. */
	readonly rest: Item[];
	/** Failed parts since the last part that succeeded. */
	readonly failuresInARow: number;
	/** Whether a part failed in an outage. Then the search may be wrong and has to begin again. */
	readonly isSpoiled: boolean;
	/** The next part to run. Null when nothing is left, or nothing more may be tried: see {@link rest}. */
	next(newId: () => string): Job | null;
	/** A part has ended. If it failed, `streak` is the streak of failures that it belongs to. */
	ended(end: PartEnd, streak: FailureStreak | null): void;
	/** What is left of the search as one job again, including the failed or waiting part. */
	remainderWith(part: Job): Job;
}

/** Items that share one execution, now or later: events of one attempt, or dead letters. */
export class Job {
	/** How many executions it was started in: the largest number among its events. */
	attempts = 0;
	/** Whether any of its executions has begun. */
	hasBegun = false;
	/** The search that this job is a step of; see {@link Search}. */
	bisection: Search | null = null;
	state: JobState = { kind: 'detached' };
	/** How many of its items are not settled. */
	open: number;
	private excusedBefore = 0;
	private streak: FailureStreak | null = null;
	private failuresInStreak = 0;

	constructor(
		readonly id: string,
		readonly kind: 'events' | 'deadLetters',
		/** In the order in which they came. Settled ones stay in the list until the next start. */
		public items: readonly Item[],
	) {
		this.open = items.length;
		for (const item of items) item.job = this;
	}

	/** Those of its items that are not settled and not given up. */
	get openItems(): Item[] {
		return this.items.filter((item) => item.job === this);
	}

	/** Attempts that do not count, because they failed in an outage. */
	get excused(): number {
		return this.excusedBefore + (this.streak?.isOutage === true ? this.failuresInStreak : 0);
	}

	/** Attempts that count towards `maxRetries`. */
	get countedAttempts(): number {
		return this.attempts - this.excused;
	}

	/** The events were in this many executions before that do not count. */
	excuse(attempts: number): void {
		this.excusedBefore += attempts;
	}

	/**
	 * Another execution of it failed in this streak. If the streak turns out to be an outage, this failure does
	 * not count.
	 */
	failedIn(streak: FailureStreak): void {
		if (this.streak !== streak) {
			this.excusedBefore = this.excused;
			this.streak = streak;
			this.failuresInStreak = 0;
		}
		this.failuresInStreak++;
	}

	/** A new job with some of its events. */
	part(id: string, items: readonly Item[]): Job {
		const part = new Job(id, 'events', items);
		part.attempts = mostAttempts(items);
		part.hasBegun = this.hasBegun;
		part.bisection = this.bisection;
		part.excusedBefore = this.excusedBefore;
		part.streak = this.streak;
		part.failuresInStreak = this.failuresInStreak;
		return part;
	}
}

/** The largest number of executions that one of the events was in. */
export const mostAttempts = (items: readonly Item[]): number =>
	items.reduce((most, { tried }) => Math.max(most, tried.attempts), 0);
