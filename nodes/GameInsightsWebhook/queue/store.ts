import type { FailedAttempt } from './arrival';
import type { DeliverySettings } from './deliverySettings';
import type { History } from './history';
import type { HeldRequest, Item, Settlement } from './item';
import type { Job } from './job';

/** How items that wait one by one are put together. */
export type Grouping = Pick<DeliverySettings, 'executionPer' | 'maxEventsPerExecution'>;

/**
 * Where the queue keeps what it answers for. The queue decides what becomes of an item and is the only caller; the store
 * knows where it is and what goes next. Every call takes O(1) or O(log n) per item.
 *
 * All calls are synchronous. A store that has to ask somebody (a database: insert, claim, lease) asks ahead, gives out in
 * {@link Store.take} only what is already its own, and has the queue woken when there is more.
 */
export interface Store {
	/** Items that are not settled, running ones included. */
	readonly held: number;
	/** Sizes of the bodies of all requests that have such items. */
	readonly heldBytes: number;
	/** Whether items are kept by being stored, and not by an execution that has begun. */
	readonly isDurable: boolean;
	/** When the next postponed job is due; infinity when there is none. */
	readonly nextDueAtMs: number;

	/** Takes a new request in: its items wait for a slot, in their order. */
	add(held: HeldRequest, items: readonly Item[]): void;
	/** Items that the store counts among those it holds wait for a slot, in their order. */
	enqueue(items: readonly Item[]): void;
	/** Gives out what has waited longest; undefined when nothing may run now. */
	take(grouping: Grouping): Job | undefined;
	/** The job waits for a slot again. */
	requeue(job: Job): void;
	/** The job waits until it is due, and then for a slot. */
	postpone(job: Job, dueAtMs: number): void;
	/** Makes jobs that are due wait for a slot. */
	ripen(nowMs: number): void;
	/** The event, given up, waits for a slot as a dead letter. */
	bury(item: Item): void;
	/** The queue is done with the item, wherever it is. */
	settle(item: Item, settlement: Settlement): void;
	/**
	 * What has to be written before the job's next execution may start: resolves `false` when it must not start, because
	 * somebody else answers for its items by now. Null when there is nothing to wait for. Never rejects.
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

/** The attempts of restored events so far. */
export interface Tried {
	readonly attempts: number;
	readonly history: History;
	readonly firstAttemptAtMs: number | null;
	readonly lastAttemptAtMs: number | null;
}

/** What a store that keeps items elsewhere needs of the queue. */
export interface StoreHost {
	/** For how many more executions there is room: they begin now, or as soon as n8n has begun the one before. */
	slotsLeft(): number;
	/** The items are kept by the store, whatever becomes of this process: their senders may be told 200. */
	kept(items: readonly Item[]): void;
	/** The items could not be kept: their senders are told to send again. */
	refused(items: readonly Item[]): void;
	/** Takes in what the store got from elsewhere: it is kept and promised. */
	restore(restored: readonly Restored[]): void;
	/** There may be more to start. */
	lookAround(): void;
}
