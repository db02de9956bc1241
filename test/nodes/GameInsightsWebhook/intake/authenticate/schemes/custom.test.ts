import { readCustomScheme } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/schemes/custom';
import { buildSignatureVerifier } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { UnusableCredential } from '../../../../../../nodes/GameInsightsWebhook/intake/authenticate/unusableCredential';
import { ARRIVAL_MS, incomingRequest } from '../../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../../support/refused';
import { hmacElsewhere } from '../../../../../support/signersElsewhere';

const SECRET = 'a secret of sixteen characters and more';
const simple = { scheme: 'custom', secretKey: SECRET, signatureHeader: 'X-Sig', signedContent: '{body}' };
const hmac = (data: string, key = Buffer.from(SECRET)) =>
	hmacElsewhere({ hash: 'sha256', key, data: Buffer.from(data) });

describe('a sender that the credential describes', () => {
	it('may sign the body alone', () => {
		const request = incomingRequest({ headers: [['x-sig', hmac('{}')]], body: '{}' });
		expect(buildSignatureVerifier(simple).verify(request).sender.keyId).toBe('current');
	});

	it.each([
		['in seconds', '1768478400', 0],
		['in milliseconds', '1768478400000', 0],
		['as a date and time', '2026-01-15T12:00:00Z', 0],
		['as a date and time elsewhere', '2026-01-15T13:00:00.5+01:00', 0],
	])('may give the time %s', async (_, timestamp) => {
		const { verify } = buildSignatureVerifier({
			...simple,
			signedContent: '{timestamp}:{body}',
			timestampHeader: 'X-Time',
		});
		const headers: Array<[string, string]> = [
			['X-Time', timestamp],
			['X-Sig', hmac(`${timestamp}:{}`)],
		];
		expect(verify(incomingRequest({ headers, body: '{}' })).sender.keyId).toBe('current');
		const late = incomingRequest({ headers, body: '{}', receivedAtMs: ARRIVAL_MS + 301_001 });
		expect((await expectUnauthorized(() => verify(late))).operatorMessage).toMatch(
			/ s old; 300 s are tolerated/,
		);
	});

	it.each([
		['utf8', 'c0ffee00', Buffer.from('c0ffee00')],
		['hex', 'c0FFee'.repeat(3), Buffer.from('c0ffeec0ffeec0ffee', 'hex')],
		['base64', 'wP/u'.repeat(3), Buffer.from('c0ffeec0ffeec0ffee', 'hex')],
		['base64', 'wP_u'.repeat(3), Buffer.from('c0ffeec0ffeec0ffee', 'hex')],
		['base64', 'wP_uwP_uwP-_wA==', Buffer.from('c0ffeec0ffeec0ffbfc0', 'hex')],
		['base64', 'wP_uwP_uwP-_wA', Buffer.from('c0ffeec0ffeec0ffbfc0', 'hex')],
	])('has its secret read as %s: %s', (secretEncoding, secretKey, key) => {
		const request = incomingRequest({ headers: [['X-Sig', hmac('{}', key)]], body: '{}' });
		const verifier = buildSignatureVerifier({ ...simple, secretEncoding, secretKey });
		expect(verifier.verify(request).sender.keyId).toBe('current');
	});

	it('may put the name of the hash into its prefix', () => {
		const mac = hmacElsewhere({ hash: 'sha512', key: Buffer.from(SECRET), data: Buffer.from('{}') });
		const { verify } = buildSignatureVerifier({
			...simple,
			signaturePrefix: '{hash}=',
			hmacAlgorithm: 'sha512',
		});
		const request = incomingRequest({ headers: [['X-Sig', `sha512=${mac}`]], body: '{}' });
		expect(verify(request).sender.keyId).toBe('current');
	});

	it('is told apart by its message id where that is signed', () => {
		const { verify } = buildSignatureVerifier({ ...simple, signedContent: '{id}.{body}', idHeader: 'X-Id' });
		const keyOf = (id: string, body: string) => {
			const headers: Array<[string, string]> = [
				['X-Id', id],
				['X-Sig', hmac(`${id}.${body}`)],
			];
			return verify(incomingRequest({ headers, body })).deduplicationKey;
		};
		expect(keyOf('1', '{}')).toBe(keyOf('1', '[]'));
		expect(keyOf('1', '{}')).not.toBe(keyOf('2', '{}'));
	});

	it('has no use for headers that it does not sign', () => {
		const { recipes, timestamp } = readCustomScheme({
			...simple,
			timestampHeader: 'X-Time',
			idHeader: 'X-Id',
		});
		expect(timestamp).toBeNull();
		expect(recipes[0].headers).toEqual({ signature: 'x-sig', timestamp: undefined, id: undefined });
	});

	it.each([
		['no signature header', { signatureHeader: ' ' }, 'Fill in "Signature Header".'],
		[
			'a broken signature header',
			{ signatureHeader: 'X Sig' },
			'The field "Signature Header" is not the name of an HTTP header.',
		],
		['a timestamp from nowhere', { signedContent: '{timestamp}{body}' }, 'Fill in "Timestamp Header".'],
		['an id from nowhere', { signedContent: '{id}{body}' }, 'Fill in "ID Header".'],
		[
			'no body in what is signed',
			{ signedContent: '{timestamp}' },
			'The field "Signed Content" must hold {body}: else anybody could change it.',
		],
		[
			'an unknown placeholder',
			{ signedContent: '{body}{nonce}' },
			'The field "Signed Content" knows only {timestamp}, {id}, {body}, {bodySha256}, {url}, {method}, {path}, {query}, {header.name}.',
		],
		[
			'the secret in what is signed',
			{ signedContent: '{body}{secret}' },
			'The field "Signed Content" knows only {timestamp}, {id}, {body}, {bodySha256}, {url}, {method}, {path}, {query}, {header.name}.',
		],
		[
			'an unknown encoding of the signature',
			{ signatureEncoding: 'base32' },
			'The field "Signature Encoding" must be one of hex, base64, base64url.',
		],
		[
			'an unknown encoding of the secret',
			{ secretEncoding: 'rot13' },
			'The field "Secret Encoding" must be one of utf8, hex, base64, whsec.',
		],
		['a secret that is not hex', { secretEncoding: 'hex' }, 'The field "Secret Key" is not written in hex.'],
		[
			'a secret that is not base64',
			{ secretEncoding: 'base64' },
			'The field "Secret Key" is not written in base64.',
		],
		[
			'half a byte of secret',
			{ secretEncoding: 'hex', secretKey: 'abc' },
			'The field "Secret Key" is not written in hex.',
		],
		[
			'an unknown form',
			{ signatureForm: 'xml' },
			'The field "Signature Form" must be one of list, pairs, versions.',
		],
		[
			'a name that is none',
			{ signatureForm: 'pairs', signatureKey: 'v=1' },
			'The field "Signature Name" is a name of letters and digits, such as v1.',
		],
		[
			'an address from nowhere',
			{ signedContent: '{url}{body}' },
			'Fill in "Notification URL": the sender signs it together with the body.',
		],
		['no secret', { secretKey: '' }, 'Fill in "Secret Key": without it nothing can be verified.'],
	])('can be verified by nobody with %s', (_, change, reason) => {
		expect(() => buildSignatureVerifier({ ...simple, ...change })).toThrow(new UnusableCredential(reason));
	});
});

const AT = '1768478400';
const OTHER = 'another secret of sixteen characters';

/**
 * Signatures of senders that have no record, typed in as their documentation or code has them:
 * - Outpost: github.com/hookdeck/outpost, internal/destregistry/providers/destwebhook/signature.go
 * - Convoy: getconvoy.io/docs/product-manual/signatures; github.com/frain-dev/convoy.js, src/webhook.ts
 * - GameAnalytics: docs.gameanalytics.com/integrations/api/setup
 * - Lemon Squeezy: docs.lemonsqueezy.com/help/webhooks/signing-requests
 * - Cloudflare Stream: developers.cloudflare.com/stream/webhooks
 * - Zoom: developers.zoom.us/docs/api/webhooks (it has a record, too)
 */
const DOCUMENTED: Array<
	[sender: string, fields: object, headers: (body: string) => Array<[string, string]>]
> = [
	[
		'Outpost, with a second secret',
		{
			signatureHeader: 'X-Outpost-Signature',
			signatureForm: 'pairs',
			signatureKey: 'v0',
			signedContent: '{timestamp}.{body}',
		},
		(body) => [
			[
				'x-outpost-signature',
				`t=${AT},v0=${hmac(`${AT}.${body}`, Buffer.from(OTHER))},${hmac(`${AT}.${body}`)}`,
			],
		],
	],
	[
		'Outpost, without a time in its header',
		{ signatureHeader: 'X-Outpost-Signature', signaturePrefix: 'v0=', signedContent: '{body}' },
		(body) => [['x-outpost-signature', `v0=${hmac(body, Buffer.from(OTHER))},${hmac(body)}`]],
	],
	[
		'Convoy, simple',
		{ signatureHeader: 'X-Convoy-Signature', signedContent: '{body}' },
		(body) => [['X-Convoy-Signature', hmac(body)]],
	],
	[
		'Convoy, advanced',
		{ signatureHeader: 'X-Convoy-Signature', signatureForm: 'pairs', signedContent: '{timestamp},{body}' },
		(body) => [
			[
				'X-Convoy-Signature',
				`t=${AT},v1=${hmac(`${AT},${body}`, Buffer.from(OTHER))},v1=${hmac(`${AT},${body}`)}`,
			],
		],
	],
	[
		'GameAnalytics, not packed',
		{ signatureHeader: 'Authorization', signatureEncoding: 'base64', signedContent: '{body}' },
		(body) => [['Authorization', Buffer.from(hmac(body), 'hex').toString('base64')]],
	],
	[
		'Lemon Squeezy',
		{ signatureHeader: 'X-Signature', signedContent: '{body}' },
		(body) => [['X-Signature', hmac(body)]],
	],
	[
		'Cloudflare Stream',
		{
			signatureHeader: 'Webhook-Signature',
			signatureForm: 'pairs',
			timestampKey: 'time',
			signatureKey: 'sig1',
			signedContent: '{timestamp}.{body}',
		},
		(body) => [['Webhook-Signature', `time=${AT},sig1=${hmac(`${AT}.${body}`)}`]],
	],
	[
		'Zoom',
		{
			signatureHeader: 'x-zm-signature',
			signaturePrefix: 'v0=',
			timestampHeader: 'x-zm-request-timestamp',
			signedContent: 'v0:{timestamp}:{body}',
		},
		(body) => [
			['x-zm-request-timestamp', AT],
			['x-zm-signature', `v0=${hmac(`v0:${AT}:${body}`)}`],
		],
	],
];

describe('a documented signature that can be typed in', () => {
	it.each(DOCUMENTED)('%s', async (_, fields, headers) => {
		const { verify } = buildSignatureVerifier({ scheme: 'custom', secretKey: SECRET, ...fields });
		const body = '{"type":"a"}';
		expect(verify(incomingRequest({ headers: headers(body), body })).sender.keyId).toBe('current');
		await expectUnauthorized(() => verify(incomingRequest({ headers: headers(body), body: `${body} ` })));
		const isTimed = 'signedContent' in fields && String(fields.signedContent).includes('{timestamp}');
		const late = incomingRequest({ headers: headers(body), body, receivedAtMs: ARRIVAL_MS + 301_001 });
		if (isTimed) await expectUnauthorized(() => verify(late));
		else expect(verify(late).sender.keyId).toBe('current');
	});
});

describe('several signatures in one header', () => {
	const { verify } = buildSignatureVerifier({ ...simple, signaturePrefix: 'v1=' });
	const sent = (value: string) => verify(incomingRequest({ headers: [['X-Sig', value]], body: '{}' }));
	const right = hmac('{}');
	const wrong = hmac('[]');

	it.each([`v1=${right}`, `v1=${wrong},${right}`, `v1=${wrong}, v1=${right}`, `v1=${right},`])(
		'of which one is right: %s',
		(value) => {
			expect(sent(value).sender.keyId).toBe('current');
		},
	);

	it.each([
		`v0=${wrong},v1=${right}`,
		right,
		`v1=${wrong}`,
		`v1=${`${wrong},`.repeat(8)}${right}`,
		'v1=',
		`v1=${right} ${right}`,
	])('of which none counts: %s', async (value) => {
		await expectUnauthorized(() => sent(value));
	});

	it('as pairs: two times are none, and a time that is not there lets nobody in', async () => {
		const paired = buildSignatureVerifier({
			...simple,
			signatureForm: 'pairs',
			signedContent: '{timestamp}.{body}',
		});
		const mac = hmac(`${AT}.{}`);
		for (const value of [`v1=${mac}`, `t=${AT},t=${AT},v1=${mac}`, `t=${AT};v0=${mac}`, `t=${AT},${mac}`]) {
			const request = incomingRequest({ headers: [['X-Sig', value]], body: '{}' });
			await expectUnauthorized(() => paired.verify(request));
		}
		const request = incomingRequest({ headers: [['X-Sig', `t=${AT};v1=${mac}`]], body: '{}' });
		expect(paired.verify(request).sender.keyId).toBe('current');
	});

	it('as versions, with spaces between them', () => {
		const versions = buildSignatureVerifier({ ...simple, signatureForm: 'versions' });
		const request = incomingRequest({ headers: [['X-Sig', `v1,${wrong} v1,${right}`]], body: '{}' });
		expect(versions.verify(request).sender.keyId).toBe('current');
	});
});

describe('more than the body in what is signed', () => {
	const body = '{"a":1}';
	const request = (mac: string, target = '/webhook/1/events?x=1&y=2', host = 'api.example.com') =>
		incomingRequest({
			headers: [
				['X-Sig', mac],
				['Host', host],
			],
			body,
			target,
		});

	it.each([
		['{method}{path}{body}', `POST/webhook/1/events${body}`],
		[
			'{method} {path}?{query}\n{header.Host}\n{body}',
			`POST /webhook/1/events?x=1&y=2\napi.example.com\n${body}`,
		],
		['{url}{body}', `https://n8n.example.com/hook${body}`],
		['{bodySha256}', '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862'],
	])('%s', async (signedContent, data) => {
		const verifier = buildSignatureVerifier({
			...simple,
			signedContent,
			notificationUrl: 'https://n8n.example.com/hook',
		});
		expect(verifier.verify(request(hmac(data))).sender.keyId).toBe('current');
		if (data.includes('/webhook'))
			await expectUnauthorized(() => verifier.verify(request(hmac(data), '/webhook/2/events?x=1&y=2')));
		if (data.includes('api.example'))
			await expectUnauthorized(() => verifier.verify(request(hmac(data), undefined, 'evil.example.com')));
	});

	it('a header that is not there lets nobody in', async () => {
		const verifier = buildSignatureVerifier({ ...simple, signedContent: '{header.x-missing}{body}' });
		await expectUnauthorized(() => verifier.verify(request(hmac(body))));
	});
});

describe('ways of writing', () => {
	const key = Buffer.alloc(24, 'k');

	it.each(['whsec_', 'v1,whsec_', ''])('a secret of Standard Webhooks may be pasted whole: %s…', (prefix) => {
		const secretKey = `${prefix}${key.toString('base64')}`;
		const verifier = buildSignatureVerifier({ ...simple, secretEncoding: 'whsec', secretKey });
		const headers: Array<[string, string]> = [['X-Sig', hmac('{}', key)]];
		expect(verifier.verify(incomingRequest({ headers, body: '{}' })).sender.keyId).toBe('current');
	});

	it('a signature in URL-safe base64, filled up or not', async () => {
		const verifier = buildSignatureVerifier({ ...simple, signatureEncoding: 'base64url' });
		const bytes = Buffer.from(hmac('{}'), 'hex');
		const sent = (value: string) =>
			verifier.verify(incomingRequest({ headers: [['X-Sig', value]], body: '{}' }));
		expect(sent(bytes.toString('base64url')).sender.keyId).toBe('current');
		expect(sent(`${bytes.toString('base64url')}=`).sender.keyId).toBe('current');
		await expectUnauthorized(() => sent(`${bytes.toString('base64url')}==`));
		await expectUnauthorized(() => sent(bytes.toString('hex')));
	});
});
