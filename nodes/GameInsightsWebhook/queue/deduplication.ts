import { createHash } from 'crypto';
import type { Arrival, PendingEvent } from './arrival';
import { Chain, type Link } from './chain';
import type { Item } from './item';

/** How many processed events are remembered; the oldest are forgotten first. */
export const MOST_REMEMBERED = 100_000;
/** Longer keys are remembered as their hash, so that a key costs no more than this whatever is sent. */
const LONGEST_PLAIN_KEY = 64;
const HASH_MARK = '#';

interface Remembered {
	readonly key: string;
	readonly processedAtMs: number;
}

/** A request's events, told apart from those that came before. */
export interface Sorted {
	/** New ones. */
	readonly events: readonly PendingEvent[];
	/** Those that repeated events are, as far as they are still on their way. */
	readonly joined: readonly Item[];
	/** How many came before, in this request or an earlier one. */
	readonly duplicates: number;
}

const keyOf = (item: Item): string | null => item.event?.deduplicationKey ?? null;

/** Keys that a user or sender chose, as keys of bounded length. */
function boundedKey(key: string): string {
	if (key.length <= LONGEST_PLAIN_KEY && !key.startsWith(HASH_MARK)) return key;
	return HASH_MARK + createHash('sha256').update(key).digest('base64');
}

/**
 * Recognises events that came before: those on their way, and those processed within a window of time. Holds
 * at most {@link MOST_REMEMBERED} processed ones. Dead letters, and events without a key, are never
 * recognised.
 */
export class Deduplication {
	private readonly onTheirWay = new Map<string, Item>();
	private readonly processed = new Map<string, Link<Remembered>>();
	private readonly byAge = new Chain<Remembered>();

	/** What the user asked for. */
	private chosenMs = 0;
	/** For how long a request would be let in again. */
	private replayableForMs = 0;

	/**
	 * How long a processed event is remembered, in milliseconds; changes count for those remembered before,
	 * too. 0 turns the recognition off. Never shorter than requests can be replayed for: a replay would run
	 * again.
	 */
	get windowMs(): number {
		return this.chosenMs === 0 ? 0 : Math.max(this.chosenMs, this.replayableForMs);
	}

	/** Sets the window anew, in milliseconds. */
	open(chosenMs: number): void {
		this.chosenMs = chosenMs;
		this.replayableForMs = 0;
	}

	/** How many keys are held. */
	get size(): number {
		return this.onTheirWay.size + this.processed.size;
	}

	/** Tells new events from those that came before. The new ones are on their way only with {@link begin}. */
	sortOut(arrival: Arrival, elapsedMs: number): Sorted {
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

	/** A new event is on its way. */
	begin(item: Item): void {
		const key = keyOf(item);
		if (key !== null) this.onTheirWay.set(boundedKey(key), item);
	}

	/** The event is processed: from now on it is remembered for the window. */
	done(item: Item, elapsedMs: number): void {
		const key = keyOf(item);
		if (key !== null) this.remember(key, elapsedMs);
	}

	/** The event did not come to a good end: it may come again. Does nothing if another item has it by now. */
	forget(item: Item): void {
		const key = keyOf(item);
		if (key === null) return;
		const bounded = boundedKey(key);
		if (this.onTheirWay.get(bounded) === item) this.onTheirWay.delete(bounded);
	}

	/** Keys of events that were processed elsewhere. */
	rememberEarlier(keys: ReadonlyArray<{ readonly key: string; readonly processedAtMs: number }>): void {
		for (const { key, processedAtMs } of keys) {
			if (this.find(key, processedAtMs) === undefined) this.remember(key, processedAtMs);
		}
	}

	/** Who has the event, `'processed'`, or undefined for one that is new. */
	private find(key: string, elapsedMs: number): Item | 'processed' | undefined {
		this.forgetOld(elapsedMs);
		const bounded = boundedKey(key);
		return this.onTheirWay.get(bounded) ?? (this.processed.has(bounded) ? 'processed' : undefined);
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
