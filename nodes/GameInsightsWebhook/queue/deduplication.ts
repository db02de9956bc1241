import { createHash } from 'crypto';
import type { Arrival, PendingEvent } from './arrival';
import { Chain, type Link } from './chain';
import type { Item } from './item';

/** How many processed events are remembered; the oldest are forgotten first. */
export const MOST_REMEMBERED = 100_000;
/** Longer keys are stored as their hash. So no key takes more memory than this, whatever is sent. */
const LONGEST_PLAIN_KEY = 64;
const HASH_MARK = '#';

interface Remembered {
	readonly key: string;
	readonly processedAtMs: number;
}

/** The events of a request, separated into new ones and repeated ones. */
export interface Partition {
	/** The new events. */
	readonly events: readonly PendingEvent[];
	/** The items that the repeated events are copies of, if those items are not finished yet. */
	readonly joined: readonly Item[];
	/** How many are repeats of an event of this request or of an earlier one. */
	readonly duplicates: number;
}

const keyOf = (item: Item): string | null => item.event?.deduplicationKey ?? null;

/** Returns a key of limited length for a key that a user or sender chose. */
function boundedKey(key: string): string {
	if (key.length <= LONGEST_PLAIN_KEY && !key.startsWith(HASH_MARK)) return key;
	return HASH_MARK + createHash('sha256').update(key).digest('base64');
}

/**
 * Recognises events that came before: those that are not finished or sleep, and those that were processed
 * within a window of time. It holds at most {@link MOST_REMEMBERED} processed ones. Dead letters, and events
 * without a key, are never recognised.
 */
export class Deduplication {
	private readonly onTheirWay = new Map<string, Item>();
	/** Keys of events whose executions sleep. */
	private readonly asleep = new Set<string>();
	private readonly processed = new Map<string, Link<Remembered>>();
	private readonly byAge = new Chain<Remembered>();

	/** The window that the user set, in milliseconds. */
	private chosenMs = 0;
	/** For how long the same request would be accepted again, in milliseconds. */
	private replayableForMs = 0;

	/**
	 * How long a processed event is remembered, in milliseconds. A change also applies to events that are
	 * already remembered. 0 turns deduplication off. It is never shorter than the time in which a request can
	 * be replayed: otherwise a replay would run again.
	 */
	get windowMs(): number {
		return this.chosenMs === 0 ? 0 : Math.max(this.chosenMs, this.replayableForMs);
	}

	/** Sets the window, in milliseconds. */
	open(chosenMs: number): void {
		this.chosenMs = chosenMs;
		this.replayableForMs = 0;
	}

	/** How many keys are held. */
	get size(): number {
		return this.onTheirWay.size + this.asleep.size + this.processed.size;
	}

	/** Separates new events from repeated ones. A new event is only recorded by {@link begin}. */
	partition(arrival: Arrival, elapsedMs: number): Partition {
		this.replayableForMs = Math.max(this.replayableForMs, arrival.replayableForMs ?? 0);
		const events: PendingEvent[] = [];
		const joined: Item[] = [];
		const seen = new Set<string>();
		const isOn = this.windowMs > 0;
		for (const event of arrival.events) {
			const key = isOn ? event.deduplicationKey : null;
			if (key !== null) {
				if (seen.has(key)) continue;
				seen.add(key);
				const earlier = this.find(key, elapsedMs);
				if (earlier !== undefined) {
					if (earlier !== 'processed') joined.push(earlier);
					continue;
				}
			}
			events.push({ ...event, arrival, deduplicationKey: key });
		}
		return { events, joined, duplicates: arrival.events.length - events.length };
	}

	/** Whether the item's event came before. */
	knows(item: Item, elapsedMs: number): boolean {
		const key = keyOf(item);
		return key !== null && this.find(key, elapsedMs) !== undefined;
	}

	/** Records a new event that is not finished yet. */
	begin(item: Item): void {
		const key = keyOf(item);
		if (key !== null) this.onTheirWay.set(boundedKey(key), item);
	}

	/** The event is processed. From now on it is remembered for the window. */
	done(item: Item, elapsedMs: number): void {
		const key = keyOf(item);
		if (key !== null) this.remember(key, elapsedMs);
	}

	/** The executions of these events sleep. The events are known until {@link markAwake} is called. */
	markAsleep(keys: Iterable<string>): void {
		for (const key of keys) this.asleep.add(boundedKey(key));
	}

	/** These events no longer sleep. */
	markAwake(keys: Iterable<string>): void {
		for (const key of keys) this.asleep.delete(boundedKey(key));
	}

	/** The event was not processed, so it may come again. Does nothing if another item now has its key. */
	forget(item: Item): void {
		const key = keyOf(item);
		if (key === null) return;
		const bounded = boundedKey(key);
		if (this.onTheirWay.get(bounded) === item) this.onTheirWay.delete(bounded);
	}

	/** Adds keys of events that were processed elsewhere. */
	rememberEarlier(keys: ReadonlyArray<{ readonly key: string; readonly processedAtMs: number }>): void {
		for (const { key, processedAtMs } of keys) {
			if (this.find(key, processedAtMs) === undefined) this.remember(key, processedAtMs);
		}
	}

	/** The item of the event, `'processed'` (also while it sleeps), or undefined for a new event. */
	private find(key: string, elapsedMs: number): Item | 'processed' | undefined {
		this.forgetOld(elapsedMs);
		const bounded = boundedKey(key);
		const isKnown = this.asleep.has(bounded) || this.processed.has(bounded);
		return this.onTheirWay.get(bounded) ?? (isKnown ? 'processed' : undefined);
	}

	private remember(key: string, processedAtMs: number): void {
		const bounded = boundedKey(key);
		this.onTheirWay.delete(bounded);
		const earlier = this.processed.get(bounded);
		if (earlier !== undefined) this.byAge.remove(earlier);
		this.processed.set(bounded, this.byAge.append({ key: bounded, processedAtMs }));
		this.forgetOld(processedAtMs);
	}

	private forgetOld(elapsedMs: number): void {
		for (let oldest = this.byAge.first; oldest !== null; oldest = this.byAge.first) {
			const isOld = oldest.value.processedAtMs + this.windowMs <= elapsedMs;
			if (!isOld && this.processed.size <= MOST_REMEMBERED) return;
			this.byAge.remove(oldest);
			this.processed.delete(oldest.value.key);
		}
	}
}
