import jwt from 'jsonwebtoken';
import {
	buildAuthenticator,
	KnownVerifiers,
	examineCredential,
	replayableForMs,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { AuthenticationMethod } from '../../../../../nodes/shared/authenticationMethod';
import { SCHEMES } from '../../../../../nodes/shared/senders/schemes';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../../support/refused';
import { hmacElsewhere } from '../../../../support/signersElsewhere';

const SECRET = 'thirty-two characters and a few more';
const signature = hmacElsewhere({
	hash: 'sha256',
	key: Buffer.from(SECRET),
	data: Buffer.from(`${ARRIVAL_MS}.{}`),
});

/** One request that proves itself in each of the three ways. */
const request = incomingRequest({
	headers: [
		['X-API-Key', SECRET],
		['X-Webhook-Timestamp', String(ARRIVAL_MS)],
		['X-Webhook-Signature', `sha256=${signature}`],
		['Authorization', `Bearer ${jwt.sign({ sub: 's' }, SECRET, { noTimestamp: true })}`],
	],
	body: '{}',
});

describe('an authenticator', () => {
	it.each([
		['apiKey', { apiKey: SECRET }],
		['hmac', { secretKey: SECRET }],
		['jwt', { secret: SECRET }],
	] as const)('for the method %s lets the right sender in and says how', async (method, data) => {
		const { sender } = await buildAuthenticator(method, data)(request);
		expect(sender).toMatchObject({ method, keyId: 'current' });
	});

	it.each([
		['apiKey', { apiKey: 'another key, also long enough' }],
		['hmac', { secretKey: 'another secret, also long enough' }],
		['jwt', { secret: 'another secret, also long enough, and longer' }],
	] as const)('for the method %s refuses the wrong sender', async (method, data) => {
		await expectUnauthorized(() => buildAuthenticator(method, data)(request));
	});

	it.each([
		['apiKey', {}, /"API Key" is empty/],
		['hmac', { secretKey: '' }, /Fill in "Secret Key"/],
		['hmac', { secretKey: SECRET, hmacAlgorithm: 'crc32' }, /HMAC algorithm must be one of/],
		['jwt', { keyType: 'publicKey', publicKey: 'broken' }, /holds no PEM/],
		['jwt', { secret: SECRET, algorithms: ['none'] }, /"Algorithms" must hold/],
		['none', {}, /could not be read/],
		['__proto__', {}, /could not be read/],
		['apiKey', undefined, /could not be read/],
		['hmac', null, /could not be read/],
	] as Array<[AuthenticationMethod, Record<string, unknown>, RegExp]>)(
		'for the method %s and %j is closed: every request is told to come again, the operator why',
		async (method, data, reason) => {
			for (let time = 0; time < 2; time += 1) {
				const refusal = await refusedBy(() => buildAuthenticator(method, data)(request));
				expect({ status: refusal.status, code: refusal.code }).toEqual({
					status: 500,
					code: 'not_configured',
				});
				expect(refusal.message).toBe(
					'This endpoint is not set up. Nothing was taken; it is safe to send again.',
				);
				expect(refusal.operatorMessage).toMatch(/^The credential can't verify anybody: /);
				expect(refusal.operatorMessage).toMatch(reason);
			}
		},
	);

	it('sees a changed credential at once', async () => {
		const { find } = new KnownVerifiers();
		const authenticate = async (data: object) =>
			await buildAuthenticator('apiKey', { ...data }, undefined, find)(request);
		expect(await authenticate({ apiKey: SECRET, previousApiKey: '' })).toMatchObject({
			sender: { keyId: 'current' },
		});
		const after = { apiKey: 'a new key that is long enough', previousApiKey: SECRET };
		expect(await authenticate(after)).toMatchObject({
			sender: { keyId: 'previous' },
		});
		await expectUnauthorized(async () => await authenticate({ ...after, previousApiKey: '' }));
	});

	it('stays right over more credentials than it remembers', async () => {
		const { find } = new KnownVerifiers();
		const authenticate = async (apiKey: string) =>
			await buildAuthenticator('apiKey', { apiKey }, undefined, find)(request);
		for (let number = 0; number < 250; number += 1) {
			await expectUnauthorized(async () => await authenticate(`one of many API keys, number ${number}`));
		}
		expect(await authenticate(SECRET)).toMatchObject({ sender: {} });
	});

	it('does not take a credential of one method for the same fields of another', async () => {
		const { find } = new KnownVerifiers();
		const by = (method: AuthenticationMethod) =>
			buildAuthenticator(method, { apiKey: SECRET }, undefined, find);
		expect(await by('apiKey')(request)).toMatchObject({ sender: { method: 'apiKey' } });
		expect((await refusedBy(() => by('hmac')(request))).status).toBe(500);
	});
});

it('a credential that says the same is read once', () => {
	const { find } = new KnownVerifiers();
	expect(find('apiKey', { apiKey: SECRET })).toBe(find('apiKey', { apiKey: SECRET }));
	expect(new KnownVerifiers().find('apiKey', { apiKey: SECRET })).not.toBe(
		find('apiKey', { apiKey: SECRET }),
	);
});

describe('how an authenticator wants its senders answered', () => {
	it.each([
		['stripe', true],
		['xsolla', true],
		['gameInsights', false],
	])('is what is known of %s; that it has a format of its own: %p', (scheme, hasOwnFormat) => {
		const authenticate = buildAuthenticator('hmac', { scheme, secretKey: SECRET });
		expect(authenticate.answers).toBe(SCHEMES.get(scheme));
		expect(authenticate.hasOwnFormat).toBe(hasOwnFormat);
	});

	it('is as usual for keys and tokens', () => {
		for (const authenticate of [
			buildAuthenticator('apiKey', { apiKey: SECRET }),
			buildAuthenticator('jwt', { secret: SECRET }),
		]) {
			expect(authenticate.answers).toBeUndefined();
			expect(authenticate.hasOwnFormat).toBeUndefined();
		}
	});
});

describe('for how long a request can be replayed', () => {
	it.each([
		['hmac', { secretKey: SECRET }, 600_001],
		['hmac', { secretKey: SECRET, timestampTolerance: 3_600 }, 7_200_001],
		['hmac', { scheme: 'paddle', secretKey: SECRET }, 10_001],
		['hmac', { scheme: 'github', secretKey: SECRET, timestampTolerance: 3_600 }, 0],
		['hmac', { secretKey: 'x' }, 0],
		['apiKey', { apiKey: SECRET }, 0],
		['jwt', { secret: SECRET }, 0],
	] as const)('is twice the tolerance, to its last millisecond: %s %j', (method, data, milliseconds) => {
		expect(replayableForMs(method, data)).toBe(milliseconds);
	});

	it('is two days at most', async () => {
		const day = { secretKey: SECRET, timestampTolerance: 86_400 };
		expect(replayableForMs('hmac', day)).toBe(172_800_001);
		expect(await examineCredential('hmac', { ...day, timestampTolerance: 86_401 })).toEqual({
			usable: false,
			findings: ['The field "Timestamp Tolerance" must be a number of at most 86400.'],
		});
	});
});

describe('the examination of a credential', () => {
	it('finds nothing to say about a good one', async () => {
		expect(await examineCredential('hmac', { secretKey: SECRET })).toEqual({ usable: true, findings: [] });
	});

	it('says that a short secret works and is weak, and that a shorter one lets nobody in', async () => {
		expect(await examineCredential('apiKey', { apiKey: 'hunter22' })).toEqual({
			usable: true,
			findings: [
				'The field "API Key" is too short: it has 8 characters and should have at least 16. Make a good one with "openssl rand -hex 32".',
			],
		});
		expect(await examineCredential('apiKey', { apiKey: 'hunter2' })).toEqual({
			usable: false,
			findings: [
				'The field "API Key" is too short: it has 7 characters and should have at least 16. Fewer than 8 let nobody in. Make a good one with "openssl rand -hex 32".',
			],
		});
	});

	it.each([
		['apiKey', { apiKey: SECRET, previousApiKey: 'hunter22' }, /^The field "Previous API Key" is too short/],
		[
			'hmac',
			{ secretKey: SECRET, previousSecretKey: 'hunter22' },
			/^The field "Previous Secret Key" is too short/,
		],
		[
			'hmac',
			{
				scheme: 'custom',
				signatureHeader: 'X-Sig',
				signedContent: '{body}',
				secretEncoding: 'hex',
				secretKey: '00112233445566778899aabbccddee',
			},
			/it has 30 characters and should have at least 32\. Make a good one with "openssl rand -hex 32"\.$/,
		],
	] as Array<[AuthenticationMethod, Record<string, unknown>, RegExp]>)(
		'counts what a secret is really worth: %s %j',
		async (method, data, finding) => {
			const { usable, findings } = await examineCredential(method, data);
			expect({ usable, findings }).toEqual({ usable: true, findings: [expect.stringMatching(finding)] });
		},
	);

	it('says why a credential can verify nobody', async () => {
		expect(await examineCredential('jwt', { keyType: 'publicKey', publicKey: '' })).toEqual({
			usable: false,
			findings: [expect.stringMatching(/holds no PEM: copy everything from/)],
		});
	});

	it('does not say what went wrong inside where that might quote the secret', async () => {
		const data = {
			get secretKey(): string {
				throw new Error('s3cr3t');
			},
			toJSON: () => 'unreadable',
		};
		expect(await examineCredential('hmac', data)).toEqual({
			usable: false,
			findings: ['The credential could not be read.'],
		});
	});

	it.each(['apiKey', 'hmac', 'jwt'] as const)('never quotes the secret of the method %s', async (method) => {
		const secret = '  s3cr3t ';
		const data = { apiKey: secret, secretKey: secret, secret, algorithms: ['HS256'] };
		const { findings } = await examineCredential(method, data);
		expect(findings.length).toBeGreaterThan(0);
		expect(findings.join(' ')).not.toContain('s3cr3t');
	});
});
