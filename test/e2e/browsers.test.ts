/** What a page in a browser gets from a real n8n, which by itself lets every page read the answer. */
import { post, withKey } from '../support/sender';
import { API_KEY, Instance } from './instance';

const PAGE = 'https://play.my-studio.com';
const OTHER = 'https://evil.example';
const EVENT = '{"event_type":"a"}';

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.shared();
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

async function sent(allowedOrigins: string, origin: string, key = API_KEY) {
	const { url } = await instance.endpoint('apiKey', {
		parameters: { options: { acceptTimeout: 60, allowedOrigins } },
	});
	const { status, headers } = await post(url, EVENT, { ...withKey(key), origin });
	return { status, origin: headers['access-control-allow-origin'], url };
}

it.each([
	['on the list may read the answer', PAGE, PAGE, 200, PAGE],
	['that is not on the list is refused, and reads nothing', PAGE, OTHER, 403, undefined],
	['may send without a list, and reads nothing', '', PAGE, 200, undefined],
])('a page %s', async (_, allowed, origin, status, readable) => {
	expect(await sent(allowed, origin)).toMatchObject({ status, origin: readable });
});

it('a page on the list may read that its key is wrong', async () => {
	expect(await sent(PAGE, PAGE, 'a-wrong-key-of-some-length')).toMatchObject({ status: 401, origin: PAGE });
});

it('n8n itself answers what a browser asks before it sends, and allows every origin', async () => {
	const { url } = await sent(PAGE, PAGE);
	const { status, headers } = await fetch(url, {
		method: 'OPTIONS',
		headers: {
			origin: OTHER,
			'access-control-request-method': 'POST',
			'access-control-request-headers': 'x-api-key',
		},
	});
	expect([status, headers.get('access-control-allow-origin')]).toEqual([204, OTHER]);
});

it('a form is an event', async () => {
	const { url } = await instance.endpoint('apiKey', { parameters: { options: { acceptTimeout: 60 } } });
	const headers = { ...withKey(API_KEY), 'content-type': 'application/x-www-form-urlencoded' };
	expect((await post(url, 'event_type=a&amount=9.99', headers)).body).toMatchObject({ accepted: 1 });
});
