import type { FailedAttempt, Tried } from './history';
import type { Grouping } from './grouping';
import type { HeldRequest, Item, Job, NotStored } from './item';
import type { EndState } from './transitions';

/** What may be started: during an outage nothing that has failed before. */
export type Startable = 'everything' | 'newEvents' | 'deadLetters';

/** A time in which executions failed whatever they carried. Times are in milliseconds since the epoch. */
export interface OutageTime {
	readonly id: string;
	readonly sinceMs: number;
	/** Null while it lasts. */
	readonly untilMs: number | null;
}

/**
 * Where the queue keeps what it answers for. The queue decides what becomes of an item and is the only
 * caller; the store knows where it is and what goes next. Every call takes O(1) or O(log n) per item.
 *
 * All calls are synchronous. A store that has to ask somebody (a database: insert, claim, lease) asks ahead,
 * gives out in {@link Store.take} only what is already its own, and has the queue woken when there is more.
 */
export interface Store {
	/** All that are not settled, running ones included. */
	readonly items: ReadonlySet<Item>;
	/** The requests that have such items. */
	readonly requests: Iterable<HeldRequest>;
	/** Sizes of the bodies of all requests that have such items. */
	readonly heldBytes: number;
	/** Whether items are kept by being stored, and not by an execution that has begun. */
	readonly isDurable: boolean;
	/** When the next postponed job is due; infinity when there is none. */
	readonly nextDueAtMs: number;

	/** How many events with this value of `orderBy` are not finished, or held as if there were some. */
	ahead(orderKey: string): number;
	/** Takes a new request in: its items wait for a slot, in their order. */
	add(held: HeldRequest, items: readonly Item[]): void;
	/** Items that the store counts among those it holds wait for a slot, in their order. */
	enqueue(items: readonly Item[]): void;
	/**
	 * Takes in what somebody should know; it leaves like a dead letter, and is not kept beyond this process.
	 */
	addNotice(held: HeldRequest, notice: Item): void;
	/** Gives out what has waited longest of what may be started; undefined when nothing may run now. */
	take(grouping: Grouping, startable: Startable): Job | undefined;
	/** The job waits for a slot again. */
	requeue(job: Job): void;
	/** The job waits until it is due, and then for a slot. */
	postpone(job: Job, dueAtMs: number): void;
	/** Makes jobs that are due wait for a slot. */
	ripen(elapsedMs: number): void;
	/** The breaker has opened: all jobs with events wait until it closes. */
	pause(): void;
	/** An outage has begun, or is over. */
	recordOutage(outage: OutageTime): void;
	/** The job waits until the breaker closes. */
	hold(job: Job): void;
	/**
	 * Gives out one event to be tried in an outage, another one each time, or a step of a search that has lost
	 * its last event; undefined when none waits.
	 */
	takeProbe(): Job | undefined;
	/** The breaker has closed: what waits goes on, the oldest first. */
	resume(): void;
	/** Whether there is one. */
	readonly hasProbe: boolean;
	/** All events that wait in an outage. */
	heldEvents(): Item[];
	/** The event, given up, waits for a slot as a dead letter. */
	bury(item: Item): void;
	/** The queue is done with the item, wherever it is. */
	settle(item: Item, end: EndState): void;
	/**
	 * What has to be written before the job's next execution may start: resolves `false` when it must not
	 * start, because somebody else answers for its items by now. Null when there is nothing to wait for. Never
	 * rejects.
	 */
	beforeStart(job: Job): Promise<boolean> | null;
}

/** Items that a store got from elsewhere, and counts among those it holds; in one request. */
export interface Restored {
	readonly items: readonly Item[];
	readonly was:
		| { readonly kind: 'waiting' }
		| ({ readonly kind: 'retrying'; readonly dueAtMs: number } & Tried)
		/** The process that ran it is gone, and nobody knows how far it came. */
		| ({ readonly kind: 'interrupted'; readonly failure: Omit<FailedAttempt, 'at'> } & Tried);
}

/** What a store that keeps items elsewhere needs of the queue. */
export interface StoreHost {
	/**
	 * For how many more executions of new events there is room: they begin now, or as soon as n8n has begun the
	 * one before.
	 */
	slotsLeft(): number;
	/** The items are kept by the store, whatever becomes of this process: their senders may be told 200. */
	kept(items: readonly Item[]): void;
	/** The items could not be kept: their senders are told why. */
	refused(items: readonly Item[], reason: NotStored): void;
	/** Takes in what the store got from elsewhere: it is kept and promised. */
	restore(restored: readonly Restored[]): void;
	/** There may be more to start. */
	lookAround(): void;
}
