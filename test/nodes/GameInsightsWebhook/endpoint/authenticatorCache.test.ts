import {
	AuthenticatorCache,
	FRESH_FOR_MS,
} from '../../../../nodes/GameInsightsWebhook/endpoint/authenticatorCache';
import type { Authenticator } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authentication';

let nowMs: number;
let reads: number;
let cache: AuthenticatorCache;

beforeEach(() => {
	nowMs = 5_000;
	reads = 0;
	cache = new AuthenticatorCache(() => nowMs);
});

/** A reading that takes a turn of the event loop; each gives another authenticator. */
const read = async (): Promise<Authenticator> => {
	reads++;
	await Promise.resolve();
	return async () => await Promise.reject(new Error('not asked'));
};

it('reads a credential once for all requests of a second, also for those that come together', async () => {
	const [one, other] = await Promise.all([cache.of('a', read), cache.of('a', read)]);
	nowMs += FRESH_FOR_MS - 1;
	expect(await cache.of('a', read)).toBe(one);
	expect(other).toBe(one);
	expect(reads).toBe(1);
});

it('reads it again after a second, however many requests come in between', async () => {
	const first = await cache.of('a', read);
	nowMs += FRESH_FOR_MS / 2;
	await cache.of('a', read);
	nowMs += FRESH_FOR_MS / 2;
	expect(await cache.of('a', read)).not.toBe(first);
	expect(reads).toBe(2);
});

it('keeps endpoints and credentials apart', async () => {
	expect(await cache.of('a', read)).not.toBe(await cache.of('b', read));
});

it('does not remember that a credential could not be read', async () => {
	const failing = async (): Promise<Authenticator> => await Promise.reject(new Error('no such credential'));
	await expect(cache.of('a', failing)).rejects.toThrow('no such credential');
	await expect(cache.of('a', failing)).rejects.toThrow('no such credential');
	await expect(cache.of('a', read)).resolves.toBeDefined();
});

it('holds a bounded number, and forgets the one read longest ago', async () => {
	const first = await cache.of('0', read);
	const second = await cache.of('1', read);
	for (let endpoint = 2; endpoint <= 1_000; endpoint++) await cache.of(String(endpoint), read);
	expect(await cache.of('1', read)).toBe(second);
	expect(await cache.of('0', read)).not.toBe(first);
});
