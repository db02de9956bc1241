import fc from 'fast-check';
import { buildApiKeyVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/apiKey';
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
	const basic = buildApiKeyVerifier({
		apiKey: KEY,
		previousApiKey: 'ключ:прошлого года',
		sentIn: 'basicAuth',
	});
	const sendBasic = (pair: string, scheme = 'Basic') =>
		basic.verify(
			incomingRequest({ headers: [['Authorization', `${scheme} ${Buffer.from(pair).toString('base64')}`]] }),
		);

	it.each([
		[`${KEY}:`, 'current'],
		[`:${KEY}`, 'current'],
		[`user:${KEY}`, 'current'],
		[`${KEY}:password`, 'current'],
		[KEY, 'current'],
		['user:ключ:прошлого года', 'previous'],
	])('lets its sender in: %s', (pair, keyId) => {
		expect(sendBasic(pair)).toMatchObject({ sender: { method: 'apiKey', keyId, claims: null } });
		expect(sendBasic(pair, 'bAsIc')).toMatchObject({ sender: { keyId } });
	});

	it.each([`${KEY}x:`, `x${KEY}`, ':', 'user:password', ` ${KEY}:`, `a:b:${KEY}`])(
		'lets nobody else in: %j',
		async (pair) => {
			const refusal = await expectUnauthorized(() => sendBasic(pair));
			expect(refusal.headers).toEqual({
				'WWW-Authenticate': 'Basic realm="Game Insights Webhook", charset="UTF-8"',
			});
		},
	);

	it.each<Array<[string, string]>>([
		[['X-API-Key', KEY]],
		[['Authorization', KEY]],
		[['Authorization', `Bearer ${KEY}`]],
		[['Authorization', 'Basic']],
		[['Authorization', 'Basic ?']],
	])('lets nobody in with %j', async (...headers) => {
		await expectUnauthorized(() => basic.verify(incomingRequest({ headers })));
	});

	it('that came twice is refused', async () => {
		const value = `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`;
		const headers = [['Authorization', value] as const, ['Authorization', value] as const];
		await expectUnauthorized(() => basic.verify(incomingRequest({ headers })));
	});
});

describe('an API key in the address', () => {
	const query = buildApiKeyVerifier({
		apiKey: 'k+y &=%é of this year',
		sentIn: 'query',
		queryParameter: 'api_secret',
	});
	const sendTo = (target: string) => query.verify(incomingRequest({ target }));
	const encoded = encodeURIComponent('k+y &=%é of this year');

	it.each([
		`/webhook/1/events?api_secret=${encoded}`,
		`/e?measurement_id=G-1&api_secret=${encoded}&x=1`,
		`/e?api_secret=${encoded.replaceAll('%20', '+')}&path=/track?ip=0`,
		`/e?api%5Fsecret=${encoded}`,
	])('lets its sender in: %s', (target) => {
		expect(sendTo(target)).toMatchObject({ sender: { method: 'apiKey', keyId: 'current' } });
	});

	it.each([
		'/webhook/1/events',
		'/e?',
		'/e?api_secret',
		'/e?api_secret=',
		'/e?api_secret=%ff',
		'/e?api_secret=wrong',
		`/e?key=${encoded}`,
		`/e?API_SECRET=${encoded}`,
		`/api_secret=${encoded}`,
		`/e?api_secret=${encoded}&api_secret=${encoded}`,
		`/e?api_secret=x&api_secret=${encoded}`,
	])('lets nobody else in: %s', async (target) => {
		const { operatorMessage } = await expectUnauthorized(() => sendTo(target));
		expect(operatorMessage).not.toContain(encoded);
	});

	it('is looked for in "key" unless another parameter is named', () => {
		const usual = buildApiKeyVerifier({ apiKey: KEY, sentIn: 'query' });
		expect(usual.verify(incomingRequest({ target: `/e?key=${KEY}` }))).toMatchObject({ sender: {} });
	});
});

it.each(['cookie', 'Header', 7])('a place that is not known lets nobody in: %j', (sentIn) => {
	expect(() => buildApiKeyVerifier({ apiKey: KEY, sentIn })).toThrow(UnusableCredential);
});
