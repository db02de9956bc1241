import type { FailedOutcome } from './arrival';
import type { Tried } from '../../shared/items/history';
import type { Grouping } from './grouping';
import type { HeldRequest, Item, Job, NotStored } from './item';
import type { EndState } from './transitions';

/** What may be started. In an outage nothing that has failed before may start. */
export type Startable = 'everything' | 'newEvents' | 'deadLetters';

/** A time in which executions failed because of an outage. Times are in milliseconds since the epoch. */
export interface OutageTime {
	readonly id: string;
	readonly sinceMs: number;
	/** Null while the outage lasts. */
	readonly untilMs: number | null;
}

/**
 * Where the queue keeps the items that it is responsible for. The queue decides what happens to an item and
 * is the only caller. The store knows where the item is and which item is next. Every call takes O(1) or
 * O(log n) per item.
 *
 * All calls are synchronous. A store that depends on a database (insert, claim, lease) asks it in advance,
 * returns from {@link Store.take} only items that it already owns, and wakes the queue when there are more.
 */
export interface Store {
	/** All items that are not settled, including those in running executions. */
	readonly items: ReadonlySet<Item>;
	/** The requests of those items. */
	readonly requests: Iterable<HeldRequest>;
	/** The total size of the bodies of those requests, in bytes. */
	readonly heldBytes: number;
	/** Whether an item is kept once it is stored. Otherwise it is kept once its execution has begun. */
	readonly isDurable: boolean;
	/** Whether it can follow executions that sleep in a Wait node. Otherwise sleeping counts as processed. */
	readonly followsSleep: boolean;
	/** How many events are in executions that sleep, as far as it knows. */
	readonly sleeping: number;
	/** When the next postponed job is due. Infinity when there is none. */
	readonly nextDueAtMs: number;

	/**
	 * How many events with this value of `orderBy` are not finished. At least 1 while new ones have to wait.
	 */
	ahead(orderKey: string): number;
	/** Takes a new request. Its items wait for a slot, in order. */
	add(held: HeldRequest, items: readonly Item[]): void;
	/** Lets items wait for a slot, in order. The store already counts them as held. */
	enqueue(items: readonly Item[]): void;
	/** Takes a notice. It is delivered like a dead letter, and is lost when this process ends. */
	addNotice(held: HeldRequest, notice: Item): void;
	/**
	 * Removes and returns the job that has waited longest among those that may start. Undefined when there is
	 * none.
	 */
	take(grouping: Grouping, startable: Startable): Job | undefined;
	/** The job waits for a slot again. */
	requeue(job: Job): void;
	/** The job waits until it is due, and then for a slot. */
	postpone(job: Job, dueAtMs: number): void;
	/** Jobs that are due now wait for a slot. */
	requeueDue(elapsedMs: number): void;
	/** The breaker has opened. All jobs with events wait until it closes. */
	pause(): void;
	/** An outage has begun, or is over. */
	recordOutage(outage: OutageTime): void;
	/** The job waits until the breaker closes. */
	hold(job: Job): void;
	/**
	 * Returns one event to try in an outage, a different one each time. It may also return an empty step of a
	 * search. Undefined when none waits.
	 */
	takeProbe(): Job | undefined;
	/** The breaker has closed. Waiting jobs go on, the oldest first. */
	resume(): void;
	/** Whether there is an event that could be tried as a probe. */
	readonly hasProbe: boolean;
	/** All events that wait for the end of an outage. */
	heldEvents(): Item[];
	/** The event was given up. It waits for a slot as a dead letter. */
	giveUp(item: Item): void;
	/** The queue has finished the item, wherever the item is. */
	settle(item: Item, end: EndState): void;
	/**
	 * The execution of these items sleeps. The queue lets go of them; the store follows the execution. If it
	 * fails, they come back through {@link StoreHost.restore}.
	 */
	sleep(items: readonly Item[], executionId: string): void;
	/**
	 * What has to be written before the job's next execution may start. Resolves with `false` when it must not
	 * start, because another process is now responsible for its items. Null when there is nothing to wait for.
	 * Never rejects.
	 */
	beforeStart(job: Job): Promise<boolean> | null;
}

/** Items of one request that a store read from elsewhere and already counts as held. */
export interface Restored {
	readonly items: readonly Item[];
	readonly was:
		| { readonly kind: 'waiting' }
		| ({ readonly kind: 'retrying'; readonly dueAtMs: number } & Tried)
		/**
		 * The process that ran it is gone, and how far it came is unknown; or its execution failed after it had
		 * slept.
		 */
		| ({ readonly kind: 'interrupted'; readonly outcome: FailedOutcome } & Tried);
}

/** What a store that keeps items elsewhere needs from the queue. */
export interface StoreHost {
	/**
	 * How many more executions of new events may be started. They begin now, or as soon as n8n has begun the
	 * execution before.
	 */
	slotsLeft(): number;
	/** The store keeps the items even if this process ends. Their senders may be answered 200. */
	kept(items: readonly Item[]): void;
	/** The items could not be stored. Their senders are answered with the reason. */
	refused(items: readonly Item[], reason: NotStored): void;
	/** Takes items that the store read from elsewhere. They are kept, and their senders were answered 200. */
	restore(restored: readonly Restored[]): void;
	/** There may be more jobs to start. */
	runDueWork(): void;
}
