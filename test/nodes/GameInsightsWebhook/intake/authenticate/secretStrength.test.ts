import { createHmac } from 'crypto';
import { buildSigner } from '../../../../../nodes/GameInsights/send/sign/buildSigner';
import {
	buildAuthenticator,
	examineCredential,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { AuthenticationMethod } from '../../../../../nodes/shared/authenticationMethod';
import { SCHEMES } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/schemes/schemes';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { refusedBy } from '../../../../support/refused';
import { senders } from '../../../../support/senders';

type Credential = Readonly<Record<string, unknown>>;
const GOOD = 'thirty-two characters and a few more';
const whsec = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const custom = (secretEncoding: string, secretKey: string) => ({
	...{ scheme: 'custom', signatureHeader: 'X-Sig', signedContent: '{body}', secretEncoding, secretKey },
});
const occasion = { nowMs: ARRIVAL_MS, newId: () => 'msg_1' };

/**
 * What the endpoint says to a request that the sending node signs with the same credential, and the node
 * without it.
 */
async function sendAndReceive(method: AuthenticationMethod, credential: Credential): Promise<string> {
	const body = Buffer.from('{}');
	const headers = await buildSigner(method, credential)(body, occasion);
	const request = incomingRequest({ headers: Object.entries(headers), body });
	return (await buildAuthenticator(method, credential)(request)).sender.keyId;
}

/** Trigger, credential test and sending node have one answer. */
async function expectClosed(method: AuthenticationMethod, credential: Credential, reason: RegExp) {
	const { usable, findings } = await examineCredential(method, credential);
	expect({ usable, findings }).toEqual({ usable: false, findings: [expect.stringMatching(reason)] });
	const refusal = await refusedBy(async () => buildAuthenticator(method, credential)(incomingRequest({})));
	expect({ status: refusal.status, code: refusal.code }).toEqual({ status: 500, code: 'not_configured' });
	expect(() => buildSigner(method, credential)).toThrow(findings[0]);
}

describe('a secret that stands for no key, or for next to none', () => {
	it.each<[string, Credential, RegExp]>([
		['whsec_A', { scheme: 'standardWebhooks', secretKey: 'whsec_A' }, /not written in base64/],
		['A', { scheme: 'standardWebhooks', secretKey: 'A' }, /not written in base64/],
		['whsec_ alone', { scheme: 'standardWebhooks', secretKey: 'whsec_' }, /not written in base64/],
		['whsec_==', { scheme: 'standardWebhooks', secretKey: 'whsec_==' }, /not written in base64/],
		[
			'23 bytes',
			{ scheme: 'standardWebhooks', secretKey: whsec(23) },
			/too short: .* Fewer than 32 let nobody in/,
		],
		[
			'bits to spare',
			{ scheme: 'standardWebhooks', secretKey: `whsec_${'A'.repeat(42)}B` },
			/not written in base64/,
		],
		['base64 A', custom('base64', 'A'), /not written in base64/],
		['base64 =', custom('base64', '='), /not written in base64/],
		['base64 of one byte', custom('base64', 'AA=='), /too short: it has 2 characters/],
		[
			'base64 of 7 bytes in 8 or more characters',
			custom('base64', 'AAECAwQFBg=='),
			/too short: it has 10 characters/,
		],
		['base64 with bits to spare', custom('base64', `${'A'.repeat(21)}B`), /not written in base64/],
		['base64 filled up too far', custom('base64', `${'A'.repeat(24)}=`), /not written in base64/],
		['base64 of both alphabets', custom('base64', `${'+_'.repeat(16)}`), /not written in base64/],
		['hex of half a byte', custom('hex', 'a'), /not written in hex/],
		[
			'hex of 7 bytes',
			custom('hex', 'ab'.repeat(7)),
			/too short: it has 14 characters .* Fewer than 16 let nobody in/,
		],
		['a line feed', { secretKey: '\n' }, /Fill in "Secret Key"|is empty/],
		['zero-width spaces', { secretKey: '\u200b\ufeff\u00a0' }, /Fill in "Secret Key"|is empty/],
	])('lets nobody in: %s', async (_, credential, reason) => {
		const { usable, findings } = await examineCredential('hmac', credential);
		expect({ usable, findings }).toEqual({ usable: false, findings: [expect.stringMatching(reason)] });
		// The empty key is what such a text stands for.
		const signature = createHmac('sha256', '')
			.update(`msg_1.${ARRIVAL_MS / 1000}.{}`)
			.digest('base64');
		const headers: Array<[string, string]> = [
			['webhook-id', 'msg_1'],
			['webhook-timestamp', String(ARRIVAL_MS / 1000)],
			['webhook-signature', `v1,${signature}`],
			['X-Sig', createHmac('sha256', '').update('{}').digest('hex')],
		];
		const request = incomingRequest({ headers, body: '{}' });
		const refusal = await refusedBy(async () => buildAuthenticator('hmac', credential)(request));
		expect(refusal).toMatchObject({ status: 500, code: 'not_configured' });
		expect(() => buildSigner('hmac', credential)).toThrow(/base64|hex|too short|is empty/);
	});

	it.each<[AuthenticationMethod, Credential, RegExp]>([
		[
			'apiKey',
			{ apiKey: 'x' },
			/"API Key" is too short: it has 1 character and should have at least 16\. Fewer than 8/,
		],
		['apiKey', { apiKey: 'a key 7' }, /it has 7 characters/],
		['apiKey', { apiKey: 'ひみつ' }, /it has 3 characters/],
		['apiKey', { apiKey: 'hunter2\u200b\u200b\u200b' }, /it has 7 characters/],
		['hmac', { secretKey: 'a' }, /"Secret Key" is too short: it has 1 character/],
		['hmac', { secretKey: `a${' '.repeat(30)}` }, /it has 1 character/],
		['hmac', { secretKey: `a${'\u200b'.repeat(30)}a` }, /it has 2 characters/],
		['hmac', custom('utf8', 'seven77'), /it has 7 characters/],
		[
			'jwt',
			{ keyType: 'secret', secret: 'abc' },
			/"Secret" is too short: it has 3 characters and should have at least 32\. Fewer than 16 are too short for HS256, HS384, HS512/,
		],
		[
			'jwt',
			{ keyType: 'secret', secret: 'a'.repeat(15), algorithms: ['HS512'] },
			/should have at least 64\. Fewer than 16 are too short for HS512/,
		],
		['jwt', { keyType: 'secret', secret: `abc${'\u00a0'.repeat(40)}` }, /it has 3 characters/],
	])('closes trigger, credential test and sending node alike: %s %j', expectClosed);

	it.each<[AuthenticationMethod, Credential, RegExp]>([
		['apiKey', { apiKey: GOOD, previousApiKey: 'x' }, /^The field "Previous API Key" is too short/],
		['hmac', { secretKey: GOOD, previousSecretKey: 'x' }, /^The field "Previous Secret Key" is too short/],
		[
			'hmac',
			{ scheme: 'github', secretKey: GOOD, previousSecretKey: 'abc' },
			/^The field "Previous Secret Key" is too short/,
		],
		[
			'hmac',
			{ scheme: 'standardWebhooks', secretKey: whsec(24), previousSecretKey: 'A' },
			/^The field "Previous Secret Key" is not written/,
		],
	])('opens no door as a previous one either: %s %j', async (method, credential, reason) => {
		expect(await examineCredential(method, credential)).toEqual({
			usable: false,
			findings: [expect.stringMatching(reason)],
		});
		const request = incomingRequest({ headers: [['X-API-Key', 'x']] });
		const refusal = await refusedBy(async () => buildAuthenticator(method, credential)(request));
		expect(refusal.status).toBe(500);
	});

	it.each(['github', 'twitch', 'roblox', 'unityBuild'])(
		"is the owner's to choose for the sender %s, and asked of it",
		async (scheme) => {
			expect(await examineCredential('hmac', { scheme, secretKey: 'abcdefg' })).toMatchObject({
				usable: false,
			});
			expect(await examineCredential('hmac', { scheme, secretKey: 'abcdefgh' })).toMatchObject({
				usable: true,
				findings: [expect.stringMatching(/should have at least 16/)],
			});
		},
	);

	it.each(['stripe', 'shopify', 'slack', 'xsolla', 'tebex', 'paddle', 'square', 'kId', 'zoom'])(
		'is taken as %s gives it out, however short',
		async (scheme) => {
			const secretKey = `${SCHEMES.get(scheme)?.secretPrefix ?? ''}xyz`;
			const credential = { scheme, secretKey, notificationUrl: 'https://n8n.example/webhook/a' };
			expect(await examineCredential('hmac', credential)).toEqual({ usable: true, findings: [] });
		},
	);
});

describe('a secret that is short and works', () => {
	it.each<[AuthenticationMethod, Credential]>([
		['apiKey', { apiKey: 'your-api-key' }],
		['hmac', { secretKey: 'your-secret-key' }],
		['apiKey', { apiKey: '12345678' }],
		['hmac', custom('hex', 'ab'.repeat(8))],
		['hmac', custom('base64', 'AAECAwQFBgc=')],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(16) }],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(31), algorithms: ['HS256'] }],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(47), algorithms: ['HS384'] }],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(63), algorithms: ['HS256', 'HS512'] }],
	])(
		'lets its sender in, and its owner is told how to make a good one: %s %j',
		async (method, credential) => {
			expect(await sendAndReceive(method, credential)).toBe('current');
			expect(await examineCredential(method, credential)).toEqual({
				usable: true,
				findings: [
					expect.stringMatching(
						/^The field "[\w ]+" is too short: it has \d+ .* Make a good one with "openssl rand -(hex|base64) 32"\.$/,
					),
				],
			});
		},
	);

	it.each<[AuthenticationMethod, Credential]>([
		['apiKey', { apiKey: '0123456789abcdef' }],
		['hmac', { secretKey: 'ひみつのかぎはながいほどよい、と' }],
		['hmac', { secretKey: 'a pass phrase 👩‍🚀 ❤️' }],
		['hmac', { scheme: 'standardWebhooks', secretKey: whsec(24) }],
		['hmac', { scheme: 'standardWebhooks', secretKey: Buffer.alloc(25, 251).toString('base64url') }],
		['hmac', custom('base64', Buffer.alloc(16, 251).toString('base64'))],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(32) }],
		['jwt', { keyType: 'secret', secret: 'a'.repeat(64), algorithms: ['HS512'] }],
	])("is not called so from the standard's length on: %s %j", async (method, credential) => {
		expect(await sendAndReceive(method, credential)).toBe('current');
		expect(await examineCredential(method, credential)).toEqual({ usable: true, findings: [] });
	});
});

const UNSEEN: Array<[string, string, string]> = [
	['a line feed after it', '', '\n'],
	['a carriage return and a line feed after it', '', '\r\n'],
	['a space before it', ' ', ''],
	['a tab after it', '', '\t'],
	['a no-break space after it', '', '\u00a0'],
	['a byte order mark before it', '\ufeff', ''],
	['a zero-width space after it', '', '\u200b'],
	['a word joiner after it', '', '\u2060'],
	['a right-to-left mark before it', '\u200f', ''],
	['an ideographic space after it', '', '\u3000'],
];

describe.each(UNSEEN)('a secret with %s', (_, before, after) => {
	it.each([...SCHEMES.keys(), 'custom'].filter((scheme) => scheme !== 'discord'))(
		'is told by the credential test, for the sender %s',
		async (scheme) => {
			const prefix = SCHEMES.get(scheme)?.secretPrefix ?? '';
			const secret = scheme === 'standardWebhooks' ? whsec(24) : `${prefix}${GOOD}`;
			const credential = {
				...custom('utf8', `${before}${secret}${after}`),
				...{ scheme, notificationUrl: 'https://n8n.example/webhook/a' },
			};
			const { findings } = await examineCredential('hmac', credential);
			expect(findings.join(' ')).toMatch(/begins or ends with a space or line break, or another character/);
			const previous = { ...credential, secretKey: secret, previousSecretKey: credential.secretKey };
			expect((await examineCredential('hmac', previous)).findings).toEqual([
				expect.stringMatching(
					/^The field "Previous Secret Key" .*begins or ends with a space|It begins or ends with/,
				),
			]);
		},
	);

	it('is told for API keys and tokens, too', async () => {
		for (const [method, credential] of [
			['apiKey', { apiKey: `${before}${GOOD}${after}` }],
			['apiKey', { apiKey: GOOD, previousApiKey: `${before}${GOOD}${after}` }],
			['jwt', { keyType: 'secret', secret: `${before}${GOOD}${after}` }],
		] as Array<[AuthenticationMethod, Credential]>) {
			expect((await examineCredential(method, credential)).findings).toEqual([
				expect.stringMatching(/begins or ends with a space/),
			]);
		}
	});

	it('is told for secrets written in hex and base64', async () => {
		for (const [encoding, secret] of [
			['hex', 'ab'.repeat(16)],
			['base64', Buffer.alloc(16, 1).toString('base64')],
		] as const) {
			expect(await examineCredential('hmac', custom(encoding, `${before}${secret}${after}`))).toEqual({
				usable: false,
				findings: [expect.stringMatching(/is not written in (hex|base64)\. It begins or ends with a space/)],
			});
		}
	});

	it('makes no difference around what is no secret', async () => {
		const around = (text: unknown) => `${before}${String(text)}${after}`;
		const { publicKey, ...discord } = senders.Discord?.credential ?? {};
		expect(
			await examineCredential('hmac', { scheme: 'discord', ...discord, publicKey: around(publicKey) }),
		).toEqual({ usable: true, findings: [] });
		const square = { scheme: 'square', secretKey: GOOD, notificationUrl: around('https://n8n.example/a') };
		expect(await examineCredential('hmac', square)).toEqual({ usable: true, findings: [] });
		const headerName = around('X-Key');
		expect(await sendAndReceive('apiKey', { apiKey: GOOD, headerName })).toBe('current');
		const token = { keyType: 'secret', secret: GOOD, issuer: around('studio'), audience: around('n8n') };
		expect(await sendAndReceive('jwt', { ...token, headerName: around('Authorization') })).toBe('current');
		const signature = { ...custom('utf8', GOOD), signatureHeader: around('X-Sig') };
		expect(await sendAndReceive('hmac', signature)).toBe('current');
	});
});

describe('what nobody sees inside a field', () => {
	it.each<[AuthenticationMethod, Credential]>([
		['apiKey', { apiKey: 'a key with a zero\u200bwidth space' }],
		['hmac', { secretKey: 'a secret with a\u00a0no-break space' }],
		['hmac', { scheme: 'stripe', secretKey: 'whsec_with\u2060joiner' }],
		['jwt', { keyType: 'secret', secret: 'a secret of thirty-two\u00adcharacters and more' }],
	])('is told of a secret, which may be right: %s %j', async (method, credential) => {
		expect(await examineCredential(method, credential)).toEqual({
			usable: true,
			findings: [expect.stringMatching(/holds a character that nobody sees/)],
		});
	});

	it.each<[AuthenticationMethod, Credential, RegExp]>([
		[
			'jwt',
			{ secret: GOOD, issuer: 'https://auth\u200b.example/' },
			/"Issuer" holds a character that nobody sees/,
		],
		['jwt', { secret: GOOD, audience: 'game\u00a0insights' }, /"Audience" holds a character/],
		[
			'jwt',
			{ keyType: 'jwksUrl', jwksUrl: 'https://auth.example/\u200bjwks' },
			/"JWKS URL" holds a character/,
		],
		[
			'hmac',
			{ scheme: 'square', secretKey: GOOD, notificationUrl: 'https://a.b/\ufeffc' },
			/"Notification URL" holds/,
		],
		[
			'hmac',
			{ scheme: 'square', secretKey: GOOD, notificationUrl: 'n8n.example/a' },
			/"Notification URL" must be an address/,
		],
		['apiKey', { apiKey: GOOD, headerName: 'X-\u200bKey' }, /"Header Name" is not the name/],
		['apiKey', { apiKey: `${GOOD}\n${GOOD}` }, /holds a line break: no HTTP header can carry it/],
		[
			'hmac',
			{ ...custom('utf8', GOOD), signaturePrefix: 'sha256=\n' },
			/"Signature Prefix" begins with a space, or holds/,
		],
		[
			'hmac',
			{ ...custom('utf8', GOOD), signaturePrefix: '\u200bsha256=' },
			/"Signature Prefix" begins with a space, or holds/,
		],
	])('closes where it can only be a slip: %s %j', async (method, credential, reason) => {
		expect(await examineCredential(method, credential)).toEqual({
			usable: false,
			findings: [expect.stringMatching(reason)],
		});
	});

	it('is told at the ends of what is signed', async () => {
		const credential = { ...custom('utf8', GOOD), signedContent: '{body}\n' };
		expect(await examineCredential('hmac', credential)).toEqual({
			usable: true,
			findings: [
				expect.stringMatching(/^The field "Signed Content" begins or ends with a space or line break/),
			],
		});
	});
});
