import { harmless } from '../intake/harmless';
import type { FailedAttempt } from './arrival';

/** How many attempts are told from the start of a history, and how many from its end. */
const TOLD_AT_EACH_END = 10;
/** Longest error message that is kept; some hold a whole web page. */
const LONGEST_MESSAGE = 2_000;

/** The failed attempts of some events. Never changed, so that parts of a split execution can share it. */
export interface History {
	/** How many there were, told or not. */
	readonly count: number;
	/** The first 10. */
	readonly first: readonly FailedAttempt[];
	/** The last 10 of those after the first 10. */
	readonly last: readonly FailedAttempt[];
}

export const NO_HISTORY: History = { count: 0, first: [], last: [] };

/** The history with one more failed attempt, its message as a sentence: it may repeat what a sender or a service said. */
export function withAttempt(history: History, attempt: FailedAttempt): History {
	const { message } = attempt;
	const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
	const told = { ...attempt, message: harmless(short) };
	const isFull = history.first.length === TOLD_AT_EACH_END;
	return {
		count: history.count + 1,
		first: isFull ? history.first : [...history.first, told],
		last: isFull ? [...history.last.slice(1 - TOLD_AT_EACH_END), told] : history.last,
	};
}

/** All attempts that are told, in their order. */
export const toldAttempts = (history: History): readonly FailedAttempt[] =>
	history.last.length === 0 ? history.first : [...history.first, ...history.last];

/** The last failed attempt; null when there was none. */
export const lastAttempt = (history: History): FailedAttempt | null =>
	history.last.at(-1) ?? history.first.at(-1) ?? null;
