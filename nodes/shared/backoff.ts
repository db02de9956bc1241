/** How far jitter may change a delay, up or down, as a share of it. */
export const JITTER = 0.2;

/** How waits grow from one attempt to the next. */
export interface Backoff {
	readonly initialDelayMs: number;
	readonly backoffMultiplier: number;
	/** The longest wait, including jitter. */
	readonly maxDelayMs: number;
	/** Whether waits are changed at random. */
	readonly jitter: boolean;
}

/**
 * How long the next attempt waits, in milliseconds: `initialDelay × backoffMultiplier^(n-1)` after failure
 * number n, at most `maxDelay`. Jitter changes that evenly by up to ±20 %, but never above `maxDelay`.
 * @param random a number from 0 to below 1
 */
export function backoffMs(failedAttempts: number, settings: Backoff, random: () => number): number {
	const { initialDelayMs, backoffMultiplier, maxDelayMs, jitter } = settings;
	if (initialDelayMs === 0) return 0;
	const plainMs = Math.min(initialDelayMs * backoffMultiplier ** (failedAttempts - 1), maxDelayMs);
	if (!jitter) return plainMs;
	const shortestMs = plainMs * (1 - JITTER);
	const longestMs = Math.min(plainMs * (1 + JITTER), maxDelayMs);
	return shortestMs + random() * (longestMs - shortestMs);
}
