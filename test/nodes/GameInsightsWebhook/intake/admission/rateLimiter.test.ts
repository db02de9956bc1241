import fc from 'fast-check';
import {
	EndpointLimiter,
	RateLimiter,
	RateLimiters,
	type RateLimits,
} from '../../../../../nodes/GameInsightsWebhook/intake/admission/rateLimiter';
import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { receive } from '../../../../../nodes/GameInsightsWebhook/intake/receive';
import { buildIntakeRules } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../../support/refused';
import { USUAL_SETTINGS } from '../../../../support/taken';
import { inputs } from '../../../../support/quick';

const MINUTE_MS = 60_000;
const ADDRESS = '192.0.2.1';
const limits = (rateLimit: number | null, rateLimitPerAddress: number | null): RateLimits => ({
	rateLimit,
	rateLimitPerAddress,
});

describe('a rate limit', () => {
	it("takes a minute's worth at once, and then the steady rate", () => {
		const limiter = new RateLimiter();
		const takenAt = (nowMs: number) => limiter.take(60, nowMs) === null;
		expect(Array.from({ length: 61 }, () => takenAt(0)).filter(Boolean)).toHaveLength(60);
		expect([takenAt(999), takenAt(1_000), takenAt(1_001), takenAt(2_000)]).toEqual([
			false,
			true,
			false,
			true,
		]);
	});

	it('takes at most two minutes’ worth in any minute, however requests come, and serves who keeps to the rate', () => {
		const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 120 }), gaps, (perMinute, gapsMs) => {
				const limiter = new RateLimiter();
				let nowMs = ARRIVAL_MS;
				const takenAtMs: number[] = [];
				for (const gapMs of gapsMs) {
					nowMs += gapMs;
					const waitMs = limiter.take(perMinute, nowMs);
					if (waitMs === null) takenAtMs.push(nowMs);
					else expect(waitMs).toBeGreaterThan(0);
				}
				for (const startMs of takenAtMs) {
					const inMinute = takenAtMs.filter((atMs) => atMs >= startMs && atMs < startMs + MINUTE_MS);
					expect(inMinute.length).toBeLessThanOrEqual(2 * perMinute);
				}
				const patient = new RateLimiter();
				const steadyMs = Math.ceil(MINUTE_MS / perMinute);
				const waits = gapsMs.map((gapMs, index) =>
					patient.take(perMinute, index * steadyMs + Math.min(gapMs, 0)),
				);
				expect(waits.every((waitMs) => waitMs === null)).toBe(true);
			}),
		);
	});

	it('says when to come back, and then there is a token', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 100_000 }),
				fc.integer({ min: 0, max: MINUTE_MS }),
				(perMinute, laterMs) => {
					const limiter = new RateLimiter();
					for (let count = 0; count < perMinute; count++) limiter.take(perMinute, ARRIVAL_MS);
					const waitMs = limiter.take(perMinute, ARRIVAL_MS + laterMs);
					if (waitMs === null) return;
					expect(limiter.take(perMinute, ARRIVAL_MS + laterMs + Math.ceil(waitMs) + 1)).toBeNull();
				},
			),
			{ numRuns: inputs(50) },
		);
	});

	it('asks to wait for as long as the next token takes, and no longer', () => {
		const limiter = new RateLimiter();
		for (let count = 0; count < 60; count++) limiter.take(60, ARRIVAL_MS);
		expect([limiter.take(60, ARRIVAL_MS), limiter.take(60, ARRIVAL_MS + 250)]).toEqual([1_000, 750]);
	});

	it('follows a changed limit, and a clock that was set back', () => {
		const limiter = new RateLimiter();
		for (let count = 0; count < 100; count++) limiter.take(100, ARRIVAL_MS);
		expect(limiter.take(100, ARRIVAL_MS)).not.toBeNull();
		expect(limiter.take(1, ARRIVAL_MS + MINUTE_MS)).toBeNull();
		expect(limiter.take(1, ARRIVAL_MS + MINUTE_MS)).toBe(MINUTE_MS);
		expect(limiter.take(1, ARRIVAL_MS - 10 * MINUTE_MS)).toBe(MINUTE_MS);
		expect(limiter.take(1, ARRIVAL_MS - 9 * MINUTE_MS)).toBeNull();
	});

	it.each([
		[1, 'At most 1 request a minute are taken. Nothing was taken; send it again in 60 seconds.', '60'],
		[600, 'At most 600 requests a minute are taken. Nothing was taken; send it again in 1 second.', '1'],
	])('of %d answers 429 with Retry-After in whole seconds', async (perMinute, message, retryAfter) => {
		const limiter = new EndpointLimiter();
		const count = () => limiter.count(limits(perMinute, null), ADDRESS, ARRIVAL_MS);
		for (let sent = 0; sent < perMinute; sent++) count();
		const refusal = await refusedBy(async () => count());
		expect([refusal.status, refusal.code, refusal.message, refusal.headers]).toEqual([
			429,
			'rate_limited',
			message,
			{ 'Retry-After': retryAfter },
		]);
	});

	it('that is not set allows any number', () => {
		const limiter = new EndpointLimiter();
		for (let count = 0; count < 10_000; count++) limiter.count(limits(null, null), ADDRESS, ARRIVAL_MS);
	});
});

describe('a rate limit per address', () => {
	const takenBy = (limiter: EndpointLimiter, { rateLimit, rateLimitPerAddress }: RateLimits) => {
		return (address: string | null, nowMs = ARRIVAL_MS): boolean => {
			try {
				limiter.count({ rateLimit, rateLimitPerAddress }, address, nowMs);
				return true;
			} catch (error) {
				expect(error).toMatchObject({ status: 429, code: 'rate_limited' });
				return false;
			}
		};
	};

	it('counts for each address by itself', () => {
		const taken = takenBy(new EndpointLimiter(), limits(null, 2));
		const sent = ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1'];
		expect(sent.map((address) => taken(address))).toEqual([true, true, false, true, false]);
		expect(taken('192.0.2.1', ARRIVAL_MS + MINUTE_MS / 2)).toBe(true);
	});

	it('says so, and when to come back', async () => {
		const limiter = new EndpointLimiter();
		limiter.count(limits(100, 1), ADDRESS, ARRIVAL_MS);
		const refusal = await refusedBy(async () => limiter.count(limits(100, 1), ADDRESS, ARRIVAL_MS));
		expect(refusal).toMatchObject({
			status: 429,
			code: 'rate_limited',
			message:
				'At most 1 request a minute are taken from one address. Nothing was taken; send it again in 60 seconds.',
			headers: { 'Retry-After': '60' },
		});
	});

	it('comes before the rate limit of the endpoint: one address can not use that up', () => {
		const taken = takenBy(new EndpointLimiter(), limits(3, 2));
		const flood = Array.from({ length: 50 }, () => taken('192.0.2.1')).filter(Boolean);
		expect(flood).toHaveLength(2);
		expect([taken('192.0.2.2'), taken('192.0.2.2'), taken('192.0.2.3')]).toEqual([true, false, false]);
	});

	it.each([
		['192.0.2.1', '::ffff:192.0.2.1', true],
		['2001:db8::1', '2001:db8:0:0:ffff::2', true],
		['2001:db8::1', '2001:0DB8::1', true],
		['fe80::1%eth0', 'fe80::2', true],
		['2001:db8::1', '2001:db8:0:1::1', false],
		['192.0.2.1', '192.0.2.2', false],
		['192.0.2.1', '::192.0.2.1', false],
	])('%s and %s are one sender: %s', (one, other, isOne) => {
		const taken = takenBy(new EndpointLimiter(), limits(null, 1));
		expect([taken(one), taken(other)]).toEqual([true, !isOne]);
	});

	it('counts what comes from an unknown address together', () => {
		const taken = takenBy(new EndpointLimiter(), limits(null, 1));
		expect([taken(null), taken(null), taken(ADDRESS)]).toEqual([true, false, true]);
	});

	it('remembers ten thousand addresses, and forgets the one that was silent longest', () => {
		const taken = takenBy(new EndpointLimiter(), limits(null, 1));
		const addressAt = (at: number) => `10.0.${at >> 8}.${at & 255}`;
		taken('192.0.2.1');
		for (let at = 0; at < 9_999; at++) taken(addressAt(at));
		expect(taken('192.0.2.1')).toBe(false);
		taken('192.0.2.2');
		expect([taken('192.0.2.1'), taken(addressAt(1)), taken(addressAt(0))]).toEqual([false, false, true]);
	});
});

describe('who counts', () => {
	const API_KEY = 'a key of thirty-two characters...';
	const rules = buildIntakeRules({ ...USUAL_SETTINGS, rateLimit: 1, rateLimitPerAddress: 1 });
	const authenticate = buildAuthenticator('apiKey', { apiKey: API_KEY });
	const send = (key: string, limiter: EndpointLimiter) =>
		receive(
			incomingRequest({ headers: [['X-API-Key', key]], body: '{"event_type":"a"}' }),
			rules,
			authenticate,
			limiter,
		);

	it('strangers do not: they can not use up what a sender is entitled to', async () => {
		const limiter = new EndpointLimiter();
		for (let count = 0; count < 20; count++) await expectUnauthorized(() => send('wrong', limiter));
		expect((await send(API_KEY, limiter)).accepted).toHaveLength(1);
		const refusal = await refusedBy(() => send(API_KEY, limiter));
		expect([refusal.status, refusal.code]).toEqual([429, 'rate_limited']);
		await expectUnauthorized(() => send('wrong', limiter));
	});
});

describe('the limiters of a process', () => {
	it('are one for each endpoint', () => {
		const limiters = new RateLimiters();
		expect(limiters.of('a', 0)).toBe(limiters.of('a', 1));
		expect(limiters.of('a', 0)).not.toBe(limiters.of('b', 0));
	});

	it('are forgotten when they are idle and there are more than a thousand, never while they count', () => {
		const limiters = new RateLimiters();
		const idle = limiters.of('idle', 0);
		const busy = limiters.of('busy', 0);
		idle.count(limits(1, null), ADDRESS, 0);
		busy.count(limits(null, null), ADDRESS, MINUTE_MS);
		for (let count = 0; count < 998; count++) limiters.of(`endpoint ${count}`, MINUTE_MS);
		expect(limiters.of('idle', MINUTE_MS)).toBe(idle);
		limiters.of('one too many', MINUTE_MS);
		expect(limiters.of('busy', MINUTE_MS)).toBe(busy);
		expect(limiters.of('idle', MINUTE_MS)).not.toBe(idle);
	});
});
