import fc from 'fast-check';
import { buildApiKeyVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/apiKey';
import { readApiKey } from '../../../../../nodes/shared/credential/apiKey';
import { UnusableCredential } from '../../../../../nodes/shared/credential/unusableCredential';
import { incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../support/refused';

const KEY = 'a3f1c9e07b5d48628c1d9e0f7a6b5c4d';
const verifier = buildApiKeyVerifier({
	apiKey: KEY,
	previousApiKey: 'the key of last year',
	headerName: 'X-API-Key',
});
const sendKey = (...headers: Array<[string, string]>) => verifier.verify(incomingRequest({ headers }));

describe('an API key', () => {
	it('lets its sender in, under the name of the current key', async () => {
		expect(sendKey(['X-API-Key', KEY])).toEqual({
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			deduplicationKey: null,
			handshake: null,
			acceptance: null,
			translate: null,
		});
	});

	it('lets the previous key in, and says that it was the previous one', async () => {
		expect(sendKey(['X-API-Key', 'the key of last year'])).toMatchObject({
			sender: { keyId: 'previous' },
		});
	});

	it('counts as current when both keys are the same', async () => {
		const same = buildApiKeyVerifier({ apiKey: KEY, previousApiKey: KEY });
		const request = incomingRequest({ headers: [['x-api-key', KEY]] });
		expect(same.verify(request)).toMatchObject({ sender: { keyId: 'current' } });
	});

	it('is read from the header of choice, whatever the case of its name', async () => {
		const photon = buildApiKeyVerifier({ apiKey: KEY, headerName: ' X-SecretKey ' });
		const request = incomingRequest({ headers: [['x-secretkey', KEY]] });
		expect(photon.verify(request)).toMatchObject({ sender: { method: 'apiKey' } });
		const elsewhere = incomingRequest({ headers: [['X-API-Key', KEY]] });
		const { operatorMessage } = await expectUnauthorized(() => photon.verify(elsewhere));
		expect(operatorMessage).toBe('The header "x-secretkey" is missing or empty.');
		const wrong = incomingRequest({ headers: [['x-secretkey', 'wrong']] });
		const refusal = await expectUnauthorized(() => photon.verify(wrong));
		expect(refusal.operatorMessage).toBe('The API key in the header "x-secretkey" is wrong.');
	});

	it('is looked for in X-API-Key when no header is named', async () => {
		const unnamed = buildApiKeyVerifier({ apiKey: KEY, headerName: '' });
		const request = incomingRequest({ headers: [['X-API-Key', KEY]] });
		expect(unnamed.verify(request)).toMatchObject({ sender: { method: 'apiKey' } });
	});

	it('may be written in any script: header bytes are read as UTF-8', async () => {
		const japanese = buildApiKeyVerifier({ apiKey: 'ひみつのかぎ-0123456789' });
		const asNodeGivesIt = Buffer.from('ひみつのかぎ-0123456789', 'utf8').toString('latin1');
		const request = incomingRequest({ headers: [['X-API-Key', asNodeGivesIt]] });
		expect(japanese.verify(request)).toMatchObject({ sender: { keyId: 'current' } });
	});

	it.each([
		['is missing', [], 'The header "x-api-key" is missing or empty.'],
		['is empty', [['X-API-Key', '']], 'The header "x-api-key" is missing or empty.'],
		['is wrong', [['X-API-Key', 'nonsense']], 'The API key in the header "x-api-key" is wrong.'],
		['is cut short', [['X-API-Key', KEY.slice(0, -1)]], 'The API key in the header "x-api-key" is wrong.'],
		[
			'has another case',
			[['X-API-Key', KEY.toUpperCase()]],
			'The API key in the header "x-api-key" is wrong.',
		],
		[
			'comes twice, both times right',
			[
				['X-API-Key', KEY],
				['x-api-key', KEY],
			],
			'The header "x-api-key" came more than once.',
		],
	] as Array<[string, Array<[string, string]>, string]>)(
		'refuses when the key %s',
		async (_, headers, reason) => {
			const refusal = await expectUnauthorized(() => sendKey(...headers));
			expect(refusal.operatorMessage).toBe(reason);
			expect(refusal.headers).toEqual({});
		},
	);

	it('is refused when its header came as a list, as Node.js gives Set-Cookie', async () => {
		const cookie = buildApiKeyVerifier({ apiKey: KEY, headerName: 'Set-Cookie' });
		const request = { ...incomingRequest({}), headers: { 'set-cookie': [KEY] } };
		const { operatorMessage } = await expectUnauthorized(() => cookie.verify(request));
		expect(operatorMessage).toBe('The header "set-cookie" came more than once.');
	});

	it('that is to go in a header, as it is unless said otherwise, may hold no line break', () => {
		const words =
			'The field "API Key" begins or ends with a space, or holds a line break: no HTTP header can carry it.';
		expect(() => readApiKey(`${KEY}\n${KEY}`, 'API Key')).toThrow(new UnusableCredential(words));
	});

	it('refuses every other key', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ minLength: 1 }), async (key) => {
				fc.pre(key !== KEY);
				await expectUnauthorized(() => sendKey(['X-API-Key', key]));
			}),
		);
	});

	it.each([
		['no key', {}, /"API Key" is empty/],
		['an empty key', { apiKey: '' }, /"API Key" is empty/],
		['a key of spaces', { apiKey: '   ' }, /"API Key" is empty/],
		['a key that is no text', { apiKey: 42 }, /"API Key" is empty/],
		['a previous key alone', { previousApiKey: KEY }, /"API Key" is empty/],
		['a key with a line break at its end', { apiKey: `${KEY}\n` }, /begins or ends with a space/],
		[
			'a previous key with a space before it',
			{ apiKey: KEY, previousApiKey: ` ${KEY}` },
			/begins or ends with a space/,
		],
		[
			'a header name with a colon',
			{ apiKey: KEY, headerName: 'X-API-Key:' },
			/"Header Name" is not the name/,
		],
	])('can verify nobody with %s', (_, data, reason) => {
		expect(() => buildApiKeyVerifier(data)).toThrow(UnusableCredential);
		expect(() => buildApiKeyVerifier(data)).toThrow(reason);
	});

	it('never lets an empty previous key open the door', async () => {
		const rotated = buildApiKeyVerifier({ apiKey: KEY, previousApiKey: '' });
		await expectUnauthorized(() => rotated.verify(incomingRequest({ headers: [['X-API-Key', '']] })));
	});

	it('is called short below 16 characters, with a way to make a good one', () => {
		expect(buildApiKeyVerifier({ apiKey: '0123456789abcde' }).advice).toEqual([
			'The field "API Key" is too short: it has 15 characters and should have at least 16. Make a good one with "openssl rand -hex 32".',
		]);
		expect(buildApiKeyVerifier({ apiKey: '0123456789abcdef' }).advice).toEqual([]);
	});
});

describe('an API key in Basic authentication', () => {
	const send = (...headers: Array<[string, string]>) =>
		buildApiKeyVerifier({
			apiKey: KEY,
			previousApiKey: 'ключ:прошлого года',
			sentIn: 'basicAuth',
		}).verify(incomingRequest({ headers }));
	const encoded = (pair: string) => Buffer.from(pair).toString('base64');
	const sendBasic = (pair: string, scheme = 'Basic') => send(['Authorization', `${scheme} ${encoded(pair)}`]);

	it.each([
		[`${KEY}:`, 'current'],
		[`:${KEY}`, 'current'],
		[`user:${KEY}`, 'current'],
		[`u:${KEY}`, 'current'],
		[`${KEY}:password`, 'current'],
		[KEY, 'current'],
		['user:ключ:прошлого года', 'previous'],
	])('lets its sender in: %s', (pair, keyId) => {
		expect(sendBasic(pair)).toMatchObject({ sender: { method: 'apiKey', keyId, claims: null } });
		expect(sendBasic(pair, 'bAsIc')).toMatchObject({ sender: { keyId } });
		expect(sendBasic(pair, 'Basic  ')).toMatchObject({ sender: { keyId } });
	});

	it.each([`${KEY}x:`, `${KEY}x`, `x${KEY}`, ':', 'user:password', ` ${KEY}:`, `a:b:${KEY}`])(
		'lets nobody else in: %j',
		async (pair) => {
			const refusal = await expectUnauthorized(() => sendBasic(pair));
			expect(refusal.operatorMessage).toBe('The API key in the header "authorization" is wrong.');
			expect(refusal.headers).toEqual({
				'WWW-Authenticate': 'Basic realm="Game Insights Webhook", charset="UTF-8"',
			});
		},
	);

	it('is not there without its header', async () => {
		const { operatorMessage } = await expectUnauthorized(() => send(['X-API-Key', KEY]));
		expect(operatorMessage).toBe('The header "authorization" is missing or empty.');
	});

	it.each([
		KEY,
		`Bearer ${KEY}`,
		'Basic',
		'Basic ?',
		`NotBasic ${encoded(`${KEY}:`)}`,
		`Not Basic ${encoded(`${KEY}:`)}`,
		`Basic ${encoded(`${KEY}:`)} and more`,
	])('is not there in another header value: %j', async (value) => {
		const { operatorMessage } = await expectUnauthorized(() => send(['Authorization', value]));
		expect(operatorMessage).toBe('The header "authorization" holds no Basic authentication.');
	});

	it('that came twice is refused', async () => {
		const value = `Basic ${encoded(`${KEY}:`)}`;
		await expectUnauthorized(() => send(['Authorization', value], ['Authorization', value]));
	});
});

describe('an API key in the address', () => {
	const sendTo = (target: string) =>
		buildApiKeyVerifier({
			apiKey: 'k+y &=%é of this year',
			sentIn: 'query',
			queryParameter: 'api_secret',
		}).verify(incomingRequest({ target }));
	const encoded = encodeURIComponent('k+y &=%é of this year');

	it.each([
		`/webhook/1/events?api_secret=${encoded}`,
		`/e?measurement_id=G-1&api_secret=${encoded}&x=1`,
		`/e?api_secret=${encoded.replaceAll('%20', '+')}&path=/track?ip=0`,
		`/e?api%5Fsecret=${encoded}`,
		`/?api_secret=${encoded}`,
		`/e?api_secrets&api_secret=${encoded}`,
	])('lets its sender in: %s', (target) => {
		expect(sendTo(target)).toMatchObject({ sender: { method: 'apiKey', keyId: 'current' } });
	});

	const missing = 'The query parameter "api_secret" is missing or empty.';
	const wrong = 'The API key in the query parameter "api_secret" is wrong.';
	const twice = 'The query parameter "api_secret" came more than once.';
	it.each([
		['/webhook/1/events', missing],
		['/e?', missing],
		['/e?api_secret', missing],
		['/e?api_secret=', missing],
		['/e?api_secret=%ff', missing],
		['/e?api_secret=wrong', wrong],
		[`/e?key=${encoded}`, missing],
		[`/e?API_SECRET=${encoded}`, missing],
		[`/api_secret=${encoded}`, missing],
		[`/e&api_secret=${encoded}`, missing],
		[`/e?api_secret=${encoded}&api_secret=${encoded}`, twice],
		[`/e?api_secret=x&api_secret=${encoded}`, twice],
	])('lets nobody else in: %s', async (target, reason) => {
		expect((await expectUnauthorized(() => sendTo(target))).operatorMessage).toBe(reason);
	});

	it('may have a name of one letter', () => {
		const short = buildApiKeyVerifier({ apiKey: KEY, sentIn: 'query', queryParameter: 'k' });
		expect(short.verify(incomingRequest({ target: `/e?k=${KEY}` }))).toMatchObject({ sender: {} });
	});

	it('may begin with a space or hold a line break, which no header could carry', () => {
		const apiKey = ` ${KEY}\n${KEY}`;
		const { verify } = buildApiKeyVerifier({ apiKey, sentIn: 'query' });
		const target = `/e?key=${encodeURIComponent(apiKey)}`;
		expect(verify(incomingRequest({ target }))).toMatchObject({ sender: { keyId: 'current' } });
	});

	it('is looked for in "key" unless another parameter is named', () => {
		const usual = buildApiKeyVerifier({ apiKey: KEY, sentIn: 'query' });
		expect(usual.verify(incomingRequest({ target: `/e?key=${KEY}` }))).toMatchObject({ sender: {} });
	});
});

it.each([
	[{ sentIn: 'cookie' }, 'The field "Sent In" must be one of header, basicAuth, query.'],
	[{ sentIn: 'Header' }, 'The field "Sent In" must be one of header, basicAuth, query.'],
	[{ sentIn: 7 }, 'The field "Sent In" must hold a text.'],
	[{ sentIn: 'query', queryParameter: 7 }, 'The field "Query Parameter" must hold a text.'],
])('a place that is not known lets nobody in: %j', (place, reason) => {
	expect(() => buildApiKeyVerifier({ apiKey: KEY, ...place })).toThrow(new UnusableCredential(reason));
});
