import { generateKeyPairSync } from 'node:crypto';
import { buildSigner } from '../../../../../nodes/GameInsights/send/sign/buildSigner';
import type { CredentialData } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/credentialField';
import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { AuthenticationMethod } from '../../../../../nodes/shared/authenticationMethod';
import { SCHEMES } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/schemes/schemes';
import { UnusableCredential } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/unusableCredential';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../support/refused';

const SECRET = 'a secret of thirty-two characters, and more';
const BODY = Buffer.from('{"events":[{"event_type":"purchase","name":"Žofie"}]}');
const occasion = { nowMs: ARRIVAL_MS, newId: () => 'message-1' };

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: typeof privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: typeof publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();

const keyPair = (
	pair: { privateKey: typeof privateKey; publicKey: typeof publicKey },
	more: object = {},
) => ({
	keyType: 'publicKey',
	privateKey: pem(pair.privateKey),
	publicKey: publicPem(pair.publicKey),
	...more,
});

/** What a trigger with the same credential makes of a signed request. */
async function judged(
	method: AuthenticationMethod,
	data: CredentialData,
	{ body = BODY, nowMs = ARRIVAL_MS, verifier = data } = {},
) {
	const headers = await buildSigner(method, data)(BODY, { ...occasion, nowMs });
	return await buildAuthenticator(
		method,
		verifier,
	)(incomingRequest({ headers: Object.entries(headers), body }));
}

const WAYS: Array<[string, AuthenticationMethod, CredentialData]> = [
	['an API key', 'apiKey', { apiKey: SECRET }],
	['an API key beyond ASCII', 'apiKey', { apiKey: 'klíč-s-háčky-a-čárkami-dost-dlouhý' }],
	['an API key in a header of its own', 'apiKey', { apiKey: SECRET, headerName: 'X-SecretKey' }],
	['an API key in Basic auth', 'apiKey', { apiKey: 'klíč: with a colon, long', sentIn: 'basicAuth' }],
	['HMAC', 'hmac', { scheme: 'gameInsights', secretKey: SECRET }],
	['HMAC with SHA-512', 'hmac', { scheme: 'gameInsights', secretKey: SECRET, hmacAlgorithm: 'sha512' }],
	[
		'Standard Webhooks',
		'hmac',
		{ scheme: 'standardWebhooks', secretKey: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
	],
	[
		'a custom scheme',
		'hmac',
		{
			scheme: 'custom',
			secretKey: 'c2VjcmV0IG9mIHNvbWUgbGVuZ3Ro',
			secretEncoding: 'base64',
			signatureEncoding: 'base64',
			signaturePrefix: 'v1=',
			signatureHeader: 'X-Signature',
			timestampHeader: 'X-Timestamp',
			idHeader: 'X-Message-ID',
			signedContent: '{id}.{timestamp}.{body}',
		},
	],
	['a token with a secret', 'jwt', { keyType: 'secret', secret: SECRET, issuer: 'studio', audience: 'n8n' }],
	[
		'a token with a secret and HS384',
		'jwt',
		{ keyType: 'secret', secret: SECRET.repeat(2), algorithms: ['HS384'] },
	],
	['a token in a header of its own', 'jwt', { keyType: 'secret', secret: SECRET, headerName: 'X-Token' }],
	[
		'a token with an expiry and the claims that are required',
		'jwt',
		{
			keyType: 'secret',
			secret: SECRET,
			requireExpiry: true,
			requiredClaims: 'iat, exp, iss',
			issuer: 'studio',
		},
	],
	[
		'a token of the first of several issuers',
		'jwt',
		{ keyType: 'secret', secret: SECRET, issuer: 'studio, partner' },
	],
	['a token of a young age', 'jwt', { keyType: 'secret', secret: SECRET, maxTokenAge: 60 }],
	['a token with an elliptic-curve key', 'jwt', keyPair({ privateKey, publicKey })],
	['a token with an RSA key and PS256', 'jwt', keyPair(rsa, { algorithms: ['PS256'] })],
	['a token with an Ed25519 key', 'jwt', keyPair(ed25519)],
	[
		'a private key whose line breaks were lost',
		'jwt',
		keyPair({ privateKey, publicKey }, { privateKey: pem(privateKey).replaceAll('\n', ' ') }),
	],
];

describe('what is signed with a credential', () => {
	it.each(WAYS)('is trusted by a trigger with the same credential: %s', async (_, method, data) => {
		expect((await judged(method, data)).sender).toMatchObject({ method, keyId: 'current' });
	});

	it.each(WAYS.filter(([, method]) => method === 'hmac'))(
		'is not trusted with another body or later: %s',
		async (_, method, data) => {
			await expectUnauthorized(() => judged(method, data, { body: Buffer.from('{}') }));
			await expectUnauthorized(() => judged(method, data, { nowMs: ARRIVAL_MS - 3_600_000 }));
		},
	);

	it('is not trusted by a trigger with another one', async () => {
		const others = { apiKey: 'x'.repeat(32), secretKey: 'y'.repeat(32), secret: 'z'.repeat(32) };
		for (const [method, data] of [
			['apiKey', { apiKey: SECRET }],
			['hmac', { secretKey: SECRET }],
			['jwt', { keyType: 'secret', secret: SECRET }],
		] as Array<[AuthenticationMethod, CredentialData]>) {
			await expectUnauthorized(() => judged(method, data, { verifier: { ...data, ...others } }));
		}
	});

	it('tells issuer, audience, key and times in a token, and nothing else', async () => {
		const data = keyPair(ed25519, { issuer: 'studio', audience: 'n8n', keyId: 'key-7' });
		expect((await judged('jwt', data)).sender).toEqual({
			method: 'jwt',
			keyId: 'key-7',
			claims: { iss: 'studio', aud: 'n8n', iat: ARRIVAL_MS / 1_000, exp: ARRIVAL_MS / 1_000 + 300 },
		});
	});

	it('has the headers of the gameInsights scheme', async () => {
		const sign = buildSigner('hmac', { secretKey: SECRET });
		expect(await sign(BODY, occasion)).toEqual({
			'x-webhook-timestamp': String(ARRIVAL_MS),
			'x-webhook-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
		});
	});
});

describe('a credential that nothing can be signed with', () => {
	const own = [...SCHEMES].filter(([name]) => !['gameInsights', 'standardWebhooks'].includes(name));
	it.each(own)('is one of a sender with messages of its own: %s', (scheme) => {
		const data = { scheme, secretKey: SECRET, publicKey: 'a'.repeat(64), notificationUrl: 'https://a.b' };
		expect(() => buildSigner('hmac', data)).toThrow(UnusableCredential);
		expect(() => buildSigner('hmac', data)).toThrow('choose the sender Your Own Server');
	});

	it.each([
		['no key', 'apiKey', {}, 'The field "API Key" is empty'],
		['a key of blanks', 'apiKey', { apiKey: '   ' }, 'The field "API Key" is empty'],
		['a key with a line break', 'apiKey', { apiKey: `${SECRET}\nX-Other: 1` }, 'no HTTP header can carry it'],
		['a key with a blank at its end', 'apiKey', { apiKey: `${SECRET} ` }, 'no HTTP header can carry it'],
		[
			'a header that is none',
			'apiKey',
			{ apiKey: SECRET, headerName: 'X Key:' },
			'not the name of an HTTP header',
		],
		['no secret', 'hmac', {}, 'The field "Secret Key" is empty'],
		[
			'a claim that its tokens lack',
			'jwt',
			{ keyType: 'secret', secret: SECRET, requiredClaims: 'exp, sub' },
			'asks for "sub", which tokens that this node signs don\'t have',
		],
		['an unknown sender', 'hmac', { scheme: 'x', secretKey: SECRET }, 'a sender that is not known'],
		['a short secret', 'jwt', { keyType: 'secret', secret: 'short' }, 'too short for HS256'],
		[
			'only a public key',
			'jwt',
			{ keyType: 'publicKey', publicKey: publicPem(publicKey) },
			'"Private Key" is empty',
		],
		[
			'a public key for a private one',
			'jwt',
			{ keyType: 'publicKey', privateKey: publicPem(publicKey) },
			"can't be read",
		],
		[
			'a damaged private key',
			'jwt',
			{ keyType: 'publicKey', privateKey: pem(privateKey).slice(0, 60) + pem(privateKey).slice(70) },
			"can't be read",
		],
		[
			'another algorithm than the key',
			'jwt',
			keyPair({ privateKey, publicKey }, { algorithms: ['RS256'] }),
			'goes with ES256',
		],
	] as Array<[string, AuthenticationMethod, CredentialData, string]>)(
		'says why: %s',
		(_, method, data, words) => {
			expect(() => buildSigner(method, data)).toThrow(UnusableCredential);
			expect(() => buildSigner(method, data)).toThrow(words);
		},
	);

	it('is told without any part of a secret', () => {
		for (const data of [{ apiKey: 'sesame\n' }, { secretKey: 'sesame', scheme: 'x' }, { secret: 'sesame' }]) {
			for (const method of ['apiKey', 'hmac', 'jwt'] as const) {
				try {
					buildSigner(method, { keyType: 'secret', ...data });
				} catch (error) {
					expect(String(error)).not.toContain('sesame');
				}
			}
		}
		expect.assertions(9);
	});
});

it('a key is never sent in the address', () => {
	expect(() => buildSigner('apiKey', { apiKey: SECRET, sentIn: 'query' })).toThrow(
		'The key of this credential is sent in the address, where logs show it.',
	);
});

it.each(['{path}{body}', '{query}{body}', '{header.x-a}{body}'])(
	'what names more of a request than is known here is not signed: %s',
	(signedContent) => {
		const data = { scheme: 'custom', secretKey: SECRET, signatureHeader: 'X-Sig', signedContent };
		expect(() => buildSigner('hmac', data)).toThrow('names a path, query or header');
	},
);

it.each([
	['pairs', { signatureForm: 'pairs', signedContent: '{timestamp}.{body}' }],
	[
		'versions',
		{ signatureForm: 'versions', signedContent: '{method}{body}', signatureEncoding: 'base64url' },
	],
	['an address', { signedContent: '{url}{body}', notificationUrl: 'https://n8n.example.com/hook' }],
])('a custom signature with %s is made as it is checked', async (_, fields) => {
	const data = { scheme: 'custom', secretKey: SECRET, signatureHeader: 'X-Sig', ...fields };
	expect((await judged('hmac', data)).sender.keyId).toBe('current');
});
