import type { Arrival, PendingEvent } from './arrival';
import type { Link } from './chain';
import type { DeadLetter, DeadLetterReason } from '../items/deadLetter';
import type { Similar } from './digest';
import type { Due } from './dueHeap';
import type { FailureStreak } from './failureStreak';
import { type History, NEVER_TRIED, type Tried } from './history';
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
	/**
	 * How long ago that was when a store brought it from elsewhere, in milliseconds; null where only the
	 * request says that, by the clock of this process.
	 */
	ageMs: number | null;
}

/** A request that the queue begins to answer for. */
export const heldRequest = (arrival: Arrival): HeldRequest => ({
	...{ arrival, open: 0, executions: 0, receivedElapsedMs: 0, ageMs: null },
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
	/**
	 * `alone` when it was taken out of executions that failed with others; `together` when it was not tried
	 * alone.
	 */
	readonly shown: 'asUsual' | 'alone' | 'together';
}

/** Why the store has not taken something. */
export type NotStored =
	/** It can't be reached now. */
	| 'unreachable'
	/** It has no room now. */
	| 'full'
	/** It is larger than the store can ever take. */
	| 'tooLarge'
	/** The store takes nothing until somebody has done something about it. */
	| 'refused';

/** Why nothing was taken: it took too long, or the store has not taken it. */
export type NotKept = 'withdrawn' | NotStored;

/** A request whose sender waits for what becomes of items. */
export interface RequestOfItem {
	readonly items: readonly Item[];
	/** One of them is in an execution that has begun, or stored. */
	itemKept(): void;
	/** One of them, kept before, has come to its end. */
	itemSettled(finish: 'processed' | 'dead_lettered' | 'failed'): void;
	/** The sender is told to send again. */
	withdraw(reason: NotKept): void;
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
	/**
	 * Whether a sender was told 200, or will be before the outcome is known. Without that a failure is the
	 * sender's to repeat.
	 */
	isPromised = false;
	/** Set once its attempts were given up. */
	givenUp: GivenUp | null = null;
	/** Its place among the items that wait for a slot one by one. */
	link: Link<Item> | null = null;
	/** When it came, among all items: the lower, the earlier. Written by the store alone. */
	rank = 0;
	/**
	 * Its place among the events with its value of `orderBy`, until it is finished. Written by {@link Order}
	 * alone.
	 */
	turn: Link<Item> | null = null;
	/** Whether the store has it wait for a slot, as soon as it is its turn. */
	isEnqueued = false;
	/** What it is kept in; null where items are kept one by one. */
	parcel: Parcel | null = null;
	/** The execution it is part of, running or waiting. */
	job: Job | null = null;
	/** The requests that wait for it: as a rule the one that brought it; repeats that joined are rare. */
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

/** Where a job is. Written by the store alone. */
export type JobState =
	/** In an execution, or waiting for nothing by itself. */
	| { readonly kind: 'detached' }
	/** Waits for a slot. */
	| { readonly kind: 'ready'; readonly link: Link<Job> }
	/** Waits for its turn: events that came before its own are under way. */
	| { readonly kind: 'blocked'; readonly link: Link<Job> }
	/** Waits for its time. */
	| { readonly kind: 'scheduled'; readonly due: Due<Job> }
	/** Waits for the end of an outage. */
	| { readonly kind: 'paused'; readonly link: Link<Job> };

/**
 * How the execution of a part ended; `void` when none of its events was executed, `unstarted` when there was
 * no execution, because none of them was left.
 */
export type PartEnd = 'well' | 'failed' | 'void' | 'unstarted';

/** The search for the failing events of a job, as its steps and the store know it. */
export interface Search {
	/** What failed as a whole. */
	readonly whole: Job;
	/** What the search has not come to an end with. */
	readonly rest: Item[];
	/** Failed parts since the last one that went well. */
	readonly failuresInARow: number;
	/** Whether a part failed in an outage, so that the search may have gone wrong and has to begin again. */
	readonly isSpoiled: boolean;
	/** The next part to run; null when nothing is left, or nothing more may be tried: see {@link rest}. */
	next(newId: () => string): Job | null;
	/** A part has ended, in this streak of failures where it failed. */
	ended(end: PartEnd, streak: FailureStreak | null): void;
	/** What is left of the search, the failed or waiting part included, as one job again. */
	givenUpWith(part: Job): Job;
}

/** What runs, ran or will run together in one execution: events of one attempt, or dead letters. */
export class Job {
	/** How many executions it was started in: as many as those of its events that were in most. */
	attempts = 0;
	/** Whether any of its executions has begun. */
	hasBegun = false;
	/** The search for the failing events that it is a part of, as one step of it. */
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
		/** In the order in which they came; settled ones stay until the next start. */
		public items: readonly Item[],
	) {
		this.open = items.length;
		for (const item of items) item.job = this;
	}

	/** Those of its items that are neither settled nor given up. */
	get openItems(): Item[] {
		return this.items.filter((item) => item.job === this);
	}

	/** Attempts that are not held against its events, because they failed in an outage. */
	get excused(): number {
		return this.excusedBefore + (this.streak?.isOutage === true ? this.failuresInStreak : 0);
	}

	/** Attempts that count towards `maxRetries`. */
	get countedAttempts(): number {
		return this.attempts - this.excused;
	}

	/** The events were in so many executions before, and so many of those are not held against them. */
	excuse(attempts: number): void {
		this.excusedBefore += attempts;
	}

	/**
	 * Another execution of it failed in this streak: should that turn out to be an outage, it does not count.
	 */
	failedIn(streak: FailureStreak): void {
		if (this.streak !== streak) {
			this.excusedBefore = this.excused;
			this.streak = streak;
			this.failuresInStreak = 0;
		}
		this.failuresInStreak++;
	}

	/** A job with some of its events. */
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

/** In how many executions those of the events were that were in most. */
export const mostAttempts = (items: readonly Item[]): number =>
	items.reduce((most, { tried }) => Math.max(most, tried.attempts), 0);
