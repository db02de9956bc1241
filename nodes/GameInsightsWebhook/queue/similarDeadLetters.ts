import { BoundedMap } from '../intake/boundedMap';
import type { DeadLetter, Similar } from '../../shared/items/deadLetter';
import { rfc3339 } from '../../shared/rfc3339';

/** How long similar dead letters are counted together, from the first of them. */
const TOGETHER_MS = 3_600_000;
/** How many kinds are kept apart. The kind that was not seen for the longest time is forgotten first. */
const MOST_KINDS = 1_000;
/** How many characters of a message are used to compare failures. */
const LONGEST_MESSAGE = 300;

/** The values by which dead letters are compared. */
export interface Kind {
	readonly reason: string;
	/** Name of the node that failed. */
	readonly node: string | null;
	readonly message: string;
}

/**
 * A message without the parts that differ between events: each word with a digit in it, such as numbers, ids
 * and times.
 */
const blanked = (message: string): string =>
	message
		.slice(0, LONGEST_MESSAGE)
		.replace(/[\p{L}\p{N}_-]+/gu, (word) => (/\p{N}/u.test(word) ? '#' : word));

/**
 * Counts similar dead letters, so that one message can report many of them. It uses a limited amount of
 * memory.
 */
export class SimilarDeadLetters {
	private readonly kinds = new BoundedMap<{ count: number; firstAtMs: number }>(MOST_KINDS);

	/** Counts one more of this kind. @param nowMs milliseconds since the epoch */
	count({ reason, node, message }: Kind, nowMs: number): Similar {
		const key = JSON.stringify([reason, node, blanked(message)]);
		const known = this.kinds.get(key);
		const isLong = known === undefined || Math.abs(nowMs - known.firstAtMs) >= TOGETHER_MS;
		const { count, firstAtMs } = isLong ? { count: 0, firstAtMs: nowMs } : known;
		this.kinds.set(key, { count: count + 1, firstAtMs });
		return { count, firstAt: rfc3339(firstAtMs) };
	}

	/**
	 * Counts one more dead letter of invalid input. Similar ones have the same reason, rule and path. The
	 * invalid values themselves are not compared.
	 * @param nowMs milliseconds since the epoch
	 * @returns the dead letter with the number of similar ones
	 */
	counted(letter: DeadLetter, nowMs: number): DeadLetter {
		const { rule = '', path = '' } = letter.errors[0] ?? {};
		const kind = { reason: letter.reason, node: null, message: `${rule} ${path}` };
		return { ...letter, similar: this.count(kind, nowMs) };
	}
}
