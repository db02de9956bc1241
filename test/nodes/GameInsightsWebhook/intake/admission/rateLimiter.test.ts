import fc from 'fast-check';
import {
	RateLimiter,
	RateLimiters,
	spendToken,
} from '../../../../../nodes/GameInsightsWebhook/intake/admission/rateLimiter';
import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { receive } from '../../../../../nodes/GameInsightsWebhook/intake/receive';
import { buildIntakeRules } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../../support/refused';
import { USUAL_SETTINGS } from '../../../../support/taken';
import { inputs } from '../../../../support/quick';

const MINUTE_MS = 60_000;

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
		const limiter = new RateLimiter();
		for (let count = 0; count < perMinute; count++) spendToken(limiter, perMinute, ARRIVAL_MS);
		const refusal = await refusedBy(async () => spendToken(limiter, perMinute, ARRIVAL_MS));
		expect([refusal.status, refusal.code, refusal.message, refusal.headers]).toEqual([
			429,
			'rate_limited',
			message,
			{ 'Retry-After': retryAfter },
		]);
	});

	it('that is not set allows any number', () => {
		const limiter = new RateLimiter();
		for (let count = 0; count < 10_000; count++) spendToken(limiter, null, ARRIVAL_MS);
	});
});

describe('who counts', () => {
	const API_KEY = 'a key of thirty-two characters...';
	const rules = buildIntakeRules({ ...USUAL_SETTINGS, rateLimit: 1 });
	const authenticate = buildAuthenticator('apiKey', { apiKey: API_KEY });
	const send = (key: string, limiter: RateLimiter) =>
		receive(
			incomingRequest({ headers: [['X-API-Key', key]], body: '{"event_type":"a"}' }),
			rules,
			authenticate,
			limiter,
		);

	it('strangers do not: they can not use up what a sender is entitled to', async () => {
		const limiter = new RateLimiter();
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
		idle.take(1, 0);
		busy.take(1, MINUTE_MS);
		for (let count = 0; count < 998; count++) limiters.of(`endpoint ${count}`, MINUTE_MS);
		expect(limiters.of('idle', MINUTE_MS)).toBe(idle);
		limiters.of('one too many', MINUTE_MS);
		expect(limiters.of('busy', MINUTE_MS)).toBe(busy);
		expect(limiters.of('idle', MINUTE_MS)).not.toBe(idle);
	});
});
