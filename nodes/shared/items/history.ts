import { harmless } from '../harmless';

/** How many attempts are recorded from the start of a history, and how many from its end. */
const RECORDED_AT_EACH_END = 10;
/** Longest error message that is kept; some hold a whole web page. */
const LONGEST_MESSAGE = 2_000;

/** A failed attempt, as shown on Retry items and in dead letters. */
export interface FailedAttempt {
	/** RFC 3339. */
	readonly at: string;
	readonly executionId: string | null;
	readonly message: string;
	/** Name of the node that failed; null when n8n did not say. */
	readonly node: string | null;
}

/** The failed attempts of some events. Never changed, so that parts of a split execution can share it. */
export interface History {
	/** How many there were, recorded or not. */
	readonly count: number;
	/** The first 10. */
	readonly first: readonly FailedAttempt[];
	/** The last 10 of those after the first 10. */
	readonly last: readonly FailedAttempt[];
}

export const NO_HISTORY: History = { count: 0, first: [], last: [] };

/** The attempts of an event so far. Never changed, so that events that ran together can share it. */
export interface Tried {
	/** How many executions it was started in. */
	readonly attempts: number;
	readonly history: History;
	/**
	 * When the first and the last of them started, in milliseconds since the epoch; null when there was none.
	 */
	readonly firstAttemptAtMs: number | null;
	readonly lastAttemptAtMs: number | null;
	/**
	 * When an attempt failed that had slept in a Wait node, by the clock of the store: its age counts from
	 * then. Left out when none did.
	 */
	readonly wokeAtMs?: number;
}

export const NEVER_TRIED: Tried = {
	attempts: 0,
	history: NO_HISTORY,
	firstAttemptAtMs: null,
	lastAttemptAtMs: null,
};

/** Changes the attempts of many events. Events that shared one object share the changed one, too. */
export function changeTried(events: Iterable<{ tried: Tried }>, changed: (tried: Tried) => Tried): void {
	const known = new Map<Tried, Tried>();
	for (const event of events) {
		let now = known.get(event.tried);
		if (now === undefined) known.set(event.tried, (now = changed(event.tried)));
		event.tried = now;
	}
}

/**
 * An attempt as it is shown: its message is shortened and made harmless as text, because it may repeat what a
 * sender or a service wrote.
 */
export function shownAttempt(attempt: FailedAttempt): FailedAttempt {
	const { message } = attempt;
	const short = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
	return { ...attempt, message: harmless(short) };
}

/** The history with one more failed attempt. */
export function withAttempt(history: History, attempt: FailedAttempt): History {
	const recorded = shownAttempt(attempt);
	const isFull = history.first.length === RECORDED_AT_EACH_END;
	return {
		count: history.count + 1,
		first: isFull ? history.first : [...history.first, recorded],
		last: isFull ? [...history.last.slice(1 - RECORDED_AT_EACH_END), recorded] : history.last,
	};
}

/** All recorded attempts, in order. */
export const recordedAttempts = (history: History): readonly FailedAttempt[] =>
	history.last.length === 0 ? history.first : [...history.first, ...history.last];

/** The last failed attempt; null when there was none. */
export const lastAttempt = (history: History): FailedAttempt | null =>
	history.last.at(-1) ?? history.first.at(-1) ?? null;

/**
 * How many of the attempts failed in one of these outages. Attempts that are no longer recorded lie between
 * recorded ones, and are counted like their neighbours.
 */
export function excusedAttempts(
	history: History,
	outages: ReadonlyArray<{ readonly sinceMs: number; readonly untilMs: number | null }>,
): number {
	const isExcused = ({ at }: FailedAttempt): boolean => {
		const atMs = Date.parse(at);
		return outages.some(({ sinceMs, untilMs }) => atMs >= sinceMs && atMs <= (untilMs ?? Infinity));
	};
	const recorded = recordedAttempts(history);
	const excused = recorded.filter(isExcused).length;
	const [next] = history.last;
	return next !== undefined && isExcused(next) ? excused + history.count - recorded.length : excused;
}
