import { BoundedMap } from '../intake/boundedMap';
import { rfc3339 } from '../../shared/rfc3339';

/** How long dead letters that are alike belong together, counted from the first of them. */
const TOGETHER_MS = 3_600_000;
/** So many kinds are told apart; the one that nothing came of for longest is forgotten first. */
const MOST_KINDS = 1_000;
/** As much of a message as tells one failure from another. */
const LONGEST_MESSAGE = 300;

/** How many dead letters like this one came before in its hour. */
export interface Similar {
	/** 0 for the first. */
	readonly count: number;
	/** When the first of them was dead-lettered, RFC 3339; its own time for the first. */
	readonly firstAt: string;
}

/** What dead letters are compared by. */
export interface Kind {
	readonly reason: string;
	/** Name of the node that failed. */
	readonly node: string | null;
	readonly message: string;
}

/**
 * A message without what differs from one event to the next: each word that holds a digit, so numbers, ids
 * and times.
 */
const blanked = (message: string): string =>
	message
		.slice(0, LONGEST_MESSAGE)
		.replace(/[\p{L}\p{N}_-]+/gu, (word) => (/\p{N}/u.test(word) ? '#' : word));

/** Counts dead letters that are alike, so that one message can tell of many. Its memory does not grow. */
export class Digest {
	private readonly kinds = new BoundedMap<{ count: number; firstAtMs: number }>(MOST_KINDS);

	/** One more of this kind. @param nowMs milliseconds since the epoch */
	count({ reason, node, message }: Kind, nowMs: number): Similar {
		const key = JSON.stringify([reason, node, blanked(message)]);
		const known = this.kinds.get(key);
		const isLong = known === undefined || Math.abs(nowMs - known.firstAtMs) >= TOGETHER_MS;
		const { count, firstAtMs } = isLong ? { count: 0, firstAtMs: nowMs } : known;
		this.kinds.set(key, { count: count + 1, firstAtMs });
		return { count, firstAt: rfc3339(firstAtMs) };
	}
}
