import { BoundedMap } from '../boundedMap';
import { Refusal } from '../../../shared/refusal';
import { senderAddress } from './addressList';

const MINUTE_MS = 60_000;

/**
 * A token bucket: it holds as many tokens as requests are allowed in a minute. Each request takes one, and
 * tokens return evenly over the minute. So a sender may use the tokens of a whole minute at once, and then
 * has to keep to the steady rate.
 */
export class RateLimiter {
	private tokens = Number.POSITIVE_INFINITY;
	private countedAtMs = Number.NEGATIVE_INFINITY;

	/**
	 * Takes a token.
	 *
	 * @param perMinute How many requests a minute are allowed now, at least 1. The owner may change it at any
	 * time.
	 * @param nowMs Milliseconds since the epoch. A clock that was set back adds no tokens and removes none.
	 * @returns Null when there was a token, else after how many milliseconds there will be one.
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
}

/** How many requests a minute are allowed. Null allows any number. */
export interface RateLimits {
	/** From all addresses together. */
	readonly rateLimit: number | null;
	/** From one address. */
	readonly rateLimitPerAddress: number | null;
}

/**
 * How many addresses are counted at one endpoint. If there are more, the addresses without a request for the
 * longest time are forgotten.
 */
const MOST_ADDRESSES = 10_000;

/** Counts the requests of one endpoint: all of them, and those of each address. */
export class EndpointLimiter {
	private readonly whole = new RateLimiter();
	private readonly byAddress = new BoundedMap<RateLimiter>(MOST_ADDRESSES);
	private countedAtMs = Number.NEGATIVE_INFINITY;

	/**
	 * Counts a request. The limit of its address is checked first: a request above that limit does not use up
	 * the limit of the endpoint.
	 *
	 * @param address Null where it is unknown: all such requests are counted as one address.
	 * @param nowMs Milliseconds since the epoch.
	 * @throws {Refusal} 429 `rate_limited`, with `Retry-After` in whole seconds (RFC 9110, section 10.2.3).
	 */
	count({ rateLimit, rateLimitPerAddress }: RateLimits, address: string | null, nowMs: number): void {
		this.countedAtMs = nowMs;
		if (rateLimitPerAddress !== null)
			spendToken(this.limiterOf(address), rateLimitPerAddress, nowMs, ' from one address');
		if (rateLimit !== null) spendToken(this.whole, rateLimit, nowMs, '');
	}

	/** Whether it is in the same state as a new one. Then it need not be remembered. */
	isIdle(nowMs: number): boolean {
		return nowMs - this.countedAtMs >= MINUTE_MS;
	}

	private limiterOf(address: string | null): RateLimiter {
		const key = senderAddress(address ?? '');
		const limiter = this.byAddress.get(key) ?? new RateLimiter();
		this.byAddress.set(key, limiter);
		return limiter;
	}
}

function spendToken(limiter: RateLimiter, perMinute: number, nowMs: number, from: string): void {
	const waitMs = limiter.take(perMinute, nowMs);
	if (waitMs === null) return;
	const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
	const most = `${perMinute} ${perMinute === 1 ? 'request' : 'requests'} a minute`;
	const message = `At most ${most} are taken${from}. Nothing was taken; send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
	throw new Refusal(429, 'rate_limited', message, { headers: { 'Retry-After': String(seconds) } });
}

/** More endpoints than one n8n instance has. If there are more, idle ones are forgotten. */
const MOST_ENDPOINTS = 1_000;

/** Counts the requests of each endpoint of a process. */
export class RateLimiters {
	private readonly limiters = new Map<string, EndpointLimiter>();

	/** @param key Identifies the endpoint, the same for all versions of a workflow. */
	of(key: string, nowMs: number): EndpointLimiter {
		const known = this.limiters.get(key);
		if (known !== undefined) return known;
		if (this.limiters.size >= MOST_ENDPOINTS) this.forgetIdle(nowMs);
		const limiter = new EndpointLimiter();
		this.limiters.set(key, limiter);
		return limiter;
	}

	private forgetIdle(nowMs: number): void {
		for (const [key, limiter] of this.limiters) if (limiter.isIdle(nowMs)) this.limiters.delete(key);
	}
}
