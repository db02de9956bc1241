import { fetchJsonOf, fetchJsonOfTest } from '../../../../nodes/GameInsightsWebhook/n8n/fetchJson';
import type { FetchJson } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authentication';

const URL = 'https://user:hidden@issuer.example/jwks.json';
const never = async () => await new Promise<never>(() => undefined);

/** Both ways of fetching, over a helper that does what it is told. */
const ways: Array<[string, (helper: (options: object) => Promise<unknown>, limitMs?: number) => FetchJson]> =
	[
		['a webhook', (httpRequest, limitMs) => fetchJsonOf({ httpRequest }, limitMs)],
		['the test of a credential', (request, limitMs) => fetchJsonOfTest({ request } as never, limitMs)],
	];

describe.each(ways)('JSON fetched from %s', (_, fetchJsonBy) => {
	it('is what the address answered', async () => {
		const asked: object[] = [];
		const fetchJson = fetchJsonBy(async (options) => {
			asked.push(options);
			return await Promise.resolve({ keys: [] });
		});
		expect(await fetchJson(URL)).toEqual({ keys: [] });
		expect(asked).toEqual([expect.objectContaining({ json: true, timeout: 5000 })]);
		expect(Object.values(asked[0] ?? {})).toContain(URL);
	});

	it('is given up after its time, even when bytes go on trickling in', async () => {
		await expect(fetchJsonBy(never, 20)(URL)).rejects.toThrow('it did not answer within 0.02 s');
	});

	it.each([
		[{ response: { status: 404 }, message: 'Request failed' }, 'it answers with status 404'],
		[{ httpCode: '503', message: 'Service Unavailable' }, 'it answers with status 503'],
		[{ status: 500, message: 'x' }, 'it answers with status 500'],
		[
			{ response: { status: 302 }, message: 'x' },
			'it redirects elsewhere (status 302); enter the address it redirects to',
		],
		[{ code: 'ECONNABORTED', message: 'timeout of 5000ms exceeded' }, 'it takes too long to answer'],
		[
			{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:9' },
			'connect ECONNREFUSED 127.0.0.1:9',
		],
		[{ code: 'ENOTFOUND' }, 'ENOTFOUND'],
		[undefined, 'unknown reason'],
	])('fails in plain words for %j', async (error, words) => {
		const fetchJson = fetchJsonBy(async () => {
			// What n8n throws is not always an error object.
			throw error as unknown as Error;
		});
		await expect(fetchJson(URL)).rejects.toThrow(new Error(words));
	});
});

it('ends a webhook request that takes too long, and follows no redirect', async () => {
	let seen: { abortSignal?: AbortSignal; disableFollowRedirect?: boolean } = {};
	const httpRequest = async (options: object) => {
		seen = options;
		return await never();
	};
	await expect(fetchJsonOf({ httpRequest }, 20)(URL)).rejects.toThrow('did not answer');
	expect(seen.abortSignal?.aborted).toBe(true);
	expect(seen.disableFollowRedirect).toBe(true);
});
