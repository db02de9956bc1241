import { Refusal } from '../refusal';

const MINUTE_MS = 60_000;

/**
 * A token bucket: holds as many tokens as requests are allowed in a minute, each request takes one, and they come back
 * evenly over the minute. So a sender may use a whole minute's worth at once, and then the steady rate.
 */
export class RateLimiter {
	private tokens = Number.POSITIVE_INFINITY;
	private countedAtMs = Number.NEGATIVE_INFINITY;

	/**
	 * Takes a token.
	 *
	 * @param perMinute How many requests a minute are allowed now, at least 1: the owner may change it at any time.
	 * @param nowMs Milliseconds since the epoch. A clock that was set back gives no tokens and takes none.
	 * @returns Null when there was one, else how many milliseconds later there will be.
	 */
	take(perMinute: number, nowMs: number): number | null {
		const elapsedMs = Math.max(0, nowMs - this.countedAtMs);
		this.tokens = Math.min(perMinute, this.tokens + (elapsedMs * perMinute) / MINUTE_MS);
		this.countedAtMs = nowMs;
		if (this.tokens >= 1) {
			this.tokens--;
			return null;
		}
		return ((1 - this.tokens) * MINUTE_MS) / perMinute;
	}

	/** Whether it would be as full as a new one: then it need not be remembered. */
	isIdle(nowMs: number): boolean {
		return nowMs - this.countedAtMs >= MINUTE_MS;
	}
}

/**
 * Counts a request.
 *
 * @param perMinute Null allows any number.
 * @throws {Refusal} 429 `rate_limited`, with `Retry-After` in whole seconds (RFC 9110, section 10.2.3).
 */
export function spendToken(limiter: RateLimiter, perMinute: number | null, nowMs: number): void {
	const waitMs = perMinute === null ? null : limiter.take(perMinute, nowMs);
	if (waitMs === null) return;
	const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
	const message = `At most ${perMinute} ${perMinute === 1 ? 'request' : 'requests'} a minute are taken. Nothing was taken; send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
	throw new Refusal(429, 'rate_limited', message, { headers: { 'Retry-After': String(seconds) } });
}

/** More endpoints than one n8n has; above that the idle ones are forgotten. */
const MOST_ENDPOINTS = 1_000;

/** The rate limiters of one process, by endpoint. */
export class RateLimiters {
	private readonly limiters = new Map<string, RateLimiter>();

	/** @param key What tells endpoints apart, the same over all versions of a workflow. */
	of(key: string, nowMs: number): RateLimiter {
		const known = this.limiters.get(key);
		if (known !== undefined) return known;
		if (this.limiters.size >= MOST_ENDPOINTS) this.forgetIdle(nowMs);
		const limiter = new RateLimiter();
		this.limiters.set(key, limiter);
		return limiter;
	}

	private forgetIdle(nowMs: number): void {
		for (const [key, limiter] of this.limiters) if (limiter.isIdle(nowMs)) this.limiters.delete(key);
	}
}
