import { generateKeyPairSync, type KeyObject } from 'crypto';
import { SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import {
	buildAuthenticator,
	KnownVerifiers,
	examineCredential,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../../support/refused';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Pair {
	readonly publicKey: KeyObject;
	readonly privateKey: KeyObject;
}
const pair = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = ({ publicKey }: Pair, kid?: string) => ({ ...publicKey.export({ format: 'jwk' }), kid });
const old = pair();
const next = pair();

/** An address that publishes keys, counts who asks, and can be told to fail. */
class Issuer {
	static count = 0;
	calls = 0;
	/** The keys stay known from one request to the next. */
	readonly verifiers = new KnownVerifiers();
	readonly url = `https://issuer-${(Issuer.count += 1)}.example/jwks.json`;
	answer: () => unknown = () => ({ keys: [jwkOf(old, 'old')] });

	readonly fetchJson = async (url: string): Promise<unknown> => {
		this.calls += 1;
		expect(url).toBe(this.url);
		return await this.answer();
	};

	get credential(): Record<string, unknown> {
		return { keyType: 'jwksUrl', jwksUrl: this.url };
	}

	/** Sends a token, some time after the first moment. */
	async receive(token: string, afterMs = 0): Promise<string> {
		const headers: Array<[string, string]> = [['Authorization', `Bearer ${token}`]];
		const request = incomingRequest({ headers, receivedAtMs: ARRIVAL_MS + afterMs });
		const authenticate = buildAuthenticator('jwt', this.credential, this.fetchJson, this.verifiers.find);
		const { sender } = await authenticate(request);
		return sender.keyId;
	}
}

async function tokenBy({ privateKey }: Pair, kid?: string, alg = 'ES256'): Promise<string> {
	return await new SignJWT({ sub: 's' }).setProtectedHeader({ alg, kid }).sign(privateKey);
}

const down = () => {
	throw new Error('connect ECONNREFUSED 10.0.0.1:443');
};

describe('keys from an address', () => {
	it('are fetched once, then kept', async () => {
		const issuer = new Issuer();
		for (let time = 0; time < 5; time += 1) {
			expect(await issuer.receive(await tokenBy(old, 'old'), time * 1000)).toBe('old');
		}
		expect(issuer.calls).toBe(1);
	});

	it('are fetched once for many requests that come at the same moment', async () => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		let release = (): void => undefined;
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		issuer.answer = async () => {
			await gate;
			return { keys: [jwkOf(old, 'old')] };
		};
		const waiting = Promise.all(Array.from({ length: 20 }, async () => await issuer.receive(token)));
		release();
		expect(await waiting).toEqual(Array(20).fill('old'));
		expect(issuer.calls).toBe(1);
	});

	it('serve a token without a key name when only one of them fits', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({
			keys: [jwkOf(old), generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
		});
		expect(await issuer.receive(await tokenBy(old))).toBe('current');
	});

	it('serve a token without a key name by whichever of them it was signed with', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [jwkOf(old, 'old'), jwkOf(next, 'next'), jwkOf(pair())] });
		expect(await issuer.receive(await tokenBy(old))).toBe('current');
		expect(await issuer.receive(await tokenBy(next))).toBe('current');
		const { operatorMessage } = await expectUnauthorized(
			async () => await issuer.receive(await tokenBy(pair())),
		);
		expect(operatorMessage).toMatch(/^The token's signature is wrong/);
	});

	it('serve a token whose key name several of them have', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [jwkOf(old, 'same'), jwkOf(next, 'same')] });
		expect(await issuer.receive(await tokenBy(next, 'same'))).toBe('same');
	});

	it('pass over those that are broken or too weak', async () => {
		const issuer = new Issuer();
		const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
		const good = generateKeyPairSync('rsa', { modulusLength: 2048 });
		issuer.answer = () => ({
			keys: [{ kty: 'RSA', n: '!', e: 'AQAB' }, jwkOf(weak), jwkOf(good), jwkOf(old)],
		});
		const token = jsonwebtoken.sign({}, good.privateKey, { algorithm: 'RS256' });
		expect(await issuer.receive(token)).toBe('current');
	});

	it('are tried with a token that names none until its claims speak against it, and no further', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [jwkOf(next), jwkOf(old), jwkOf(pair())] });
		const token = await new SignJWT({ exp: 1 }).setProtectedHeader({ alg: 'ES256' }).sign(old.privateKey);
		const { operatorMessage } = await expectUnauthorized(async () => await issuer.receive(token));
		expect(operatorMessage).toBe('The token has expired.');
	});

	it('are tried 16 at most with a token that names none, so that nobody makes us calculate', async () => {
		const issuer = new Issuer();
		const others = Array.from({ length: 15 }, () => jwkOf(next));
		issuer.answer = () => ({ keys: [...others, jwkOf(old), jwkOf(next)] });
		expect(await issuer.receive(await tokenBy(old))).toBe('current');
		const many = new Issuer();
		many.answer = () => ({ keys: [...others, jwkOf(next), jwkOf(old)] });
		await expectUnauthorized(async () => await many.receive(await tokenBy(old)));
	});

	const ed25519 = generateKeyPairSync('ed25519');
	it.each([
		['EdDSA', 'Ed25519', []],
		['Ed25519', 'EdDSA', []],
		['EdDSA', undefined, ['Ed25519']],
		['Ed25519', undefined, ['EdDSA']],
		['EdDSA', 'Ed25519', ['Ed25519']],
		['Ed25519', 'EdDSA', ['EdDSA']],
	])(
		'serve a token by %s when they are marked %s and %j is allowed: one algorithm',
		async (alg, marked, algorithms) => {
			const { url, fetchJson } = Object.assign(new Issuer(), {
				answer: () => ({ keys: [{ ...jwkOf(ed25519, 'ed'), alg: marked }] }),
			});
			const token = await tokenBy(ed25519, 'ed', alg);
			const request = incomingRequest({ headers: [['Authorization', `Bearer ${token}`]] });
			const credential = { keyType: 'jwksUrl', jwksUrl: url, algorithms };
			const { sender } = await buildAuthenticator('jwt', credential, fetchJson)(request);
			expect(sender.keyId).toBe('ed');
			expect(await examineCredential('jwt', credential, fetchJson)).toEqual({ usable: true, findings: [] });
		},
	);

	it.each([
		['Ed25519 marked for ES256', ed25519, 'EdDSA', 'ES256'],
		['Ed25519 marked for RS256', ed25519, 'Ed25519', 'RS256'],
		['P-256 marked for EdDSA', old, 'ES256', 'EdDSA'],
	])('serve no token by another algorithm than they are marked for: %s', async (_, key, alg, marked) => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [{ ...jwkOf(key, 'k'), alg: marked }] });
		await expectUnauthorized(async () => await issuer.receive(await tokenBy(key, 'k', alg)));
	});

	it('are taken although there is a damaged one beside them', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'damaged' }, jwkOf(old, 'old')] });
		expect(await issuer.receive(await tokenBy(old, 'old'))).toBe('old');
	});

	it('are not fetched again for a token whose key is there and damaged', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'old' }] });
		const token = await tokenBy(old, 'old');
		await expectUnauthorized(async () => await issuer.receive(token));
		await expectUnauthorized(async () => await issuer.receive(token, 2 * MINUTE_MS));
		expect(issuer.calls).toBe(1);
	});

	it('let nobody in by a key of small order, which any signature fits', async () => {
		const issuer = new Issuer();
		const x = Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url');
		issuer.answer = () => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: 'zero' }] });
		const head = Buffer.from('{"alg":"EdDSA","kid":"zero"}').toString('base64url');
		// R is the neutral point and S is 0: right for every message under that key.
		const forged = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.alloc(32)]).toString('base64url');
		await expectUnauthorized(async () => await issuer.receive(`${head}.e30.${forged}`));
		expect(await examineCredential('jwt', issuer.credential, issuer.fetchJson)).toMatchObject({
			usable: false,
		});
	});

	it('are fetched again when a token names a new one', async () => {
		const issuer = new Issuer();
		await issuer.receive(await tokenBy(old, 'old'));
		issuer.answer = () => ({ keys: [jwkOf(old, 'old'), jwkOf(next, 'next')] });
		expect(await issuer.receive(await tokenBy(next, 'next'), MINUTE_MS)).toBe('next');
		expect(await issuer.receive(await tokenBy(old, 'old'), MINUTE_MS)).toBe('old');
		expect(issuer.calls).toBe(2);
	});

	it('are fetched no more than once a minute for names that nobody knows', async () => {
		const issuer = new Issuer();
		await issuer.receive(await tokenBy(old, 'old'));
		for (let second = 1; second < 60; second += 1) {
			const { operatorMessage } = await expectUnauthorized(
				async () => await issuer.receive(await tokenBy(next, `made up ${second}`), second * 1000),
			);
			expect(operatorMessage).toBe('The token names a key that is not in the JWKS.');
		}
		expect(issuer.calls).toBe(1);
		await expectUnauthorized(async () => await issuer.receive(await tokenBy(next, 'made up'), MINUTE_MS));
		await expectUnauthorized(async () => await issuer.receive(await tokenBy(next, 'made up'), MINUTE_MS + 1));
		expect(issuer.calls).toBe(2);
	});

	it('go on being used while the address is down, for hours', async () => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		await issuer.receive(token);
		issuer.answer = down;
		for (let minute = 1; minute <= 180; minute += 1) {
			expect(await issuer.receive(token, minute * MINUTE_MS)).toBe('old');
		}
		expect(issuer.calls).toBeGreaterThan(100);
		expect(issuer.calls).toBeLessThanOrEqual(181);
		await expectUnauthorized(async () => await issuer.receive(await tokenBy(next, 'next'), 181 * MINUTE_MS));
	});

	it('that were withdrawn are taken for ten minutes, and not once more', async () => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		await issuer.receive(token);
		issuer.answer = () => ({ keys: [jwkOf(next, 'next')] });
		expect(await issuer.receive(token, 10 * MINUTE_MS)).toBe('old');
		expect(issuer.calls).toBe(1);
		await expectUnauthorized(async () => await issuer.receive(token, 10 * MINUTE_MS + 1));
		expect(issuer.calls).toBe(2);
	});

	it.each([
		['three idle days', 3 * DAY_MS],
		['an idle hour', 60 * MINUTE_MS],
		['a clock that was set back by an hour', -60 * MINUTE_MS],
	])('that were withdrawn let nobody in after %s, however many come at once', async (_, afterMs) => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		await issuer.receive(token);
		let publish = (): void => undefined;
		issuer.answer = async () => {
			await new Promise<void>((resolve) => {
				publish = resolve;
			});
			return { keys: [jwkOf(next, 'next')] };
		};
		const refused = Promise.all(
			Array.from({ length: 10 }, async () => {
				await expectUnauthorized(async () => await issuer.receive(token, afterMs));
			}),
		);
		await new Promise(setImmediate);
		publish();
		await refused;
		expect(issuer.calls).toBe(2);
	});

	it.each([
		['the address is down', down],
		['it answers with a page', () => '<html>'],
		['it answers with nothing', () => undefined],
	])('are used for a day and no longer while %s', async (_, answer) => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		await issuer.receive(token);
		issuer.answer = answer;
		expect(await issuer.receive(token, DAY_MS)).toBe('old');
		const refusal = await refusedBy(async () => await issuer.receive(token, DAY_MS + 1));
		expect({ status: refusal.status, code: refusal.code }).toEqual({ status: 500, code: 'not_configured' });
		// The last fetch was tried a millisecond before.
		await refusedBy(async () => await issuer.receive(token, DAY_MS + 5_000));
		expect(refusal.operatorMessage).toMatch(
			/^Nobody can be verified: the keys from the JWKS URL are older than a day, and no newer ones could be fetched: /,
		);
		issuer.answer = () => ({ keys: [jwkOf(old, 'old')] });
		expect(await issuer.receive(token, DAY_MS + 10_000)).toBe('old');
	});

	it('make nobody wait for an address that is down more than once a minute', async () => {
		const issuer = new Issuer();
		const token = await tokenBy(old, 'old');
		await issuer.receive(token);
		issuer.answer = down;
		for (let second = 0; second < 60; second += 1) {
			expect(await issuer.receive(token, 11 * MINUTE_MS + second * 1_000)).toBe('old');
		}
		expect(issuer.calls).toBe(2);
	});

	it.each([
		['the address is down', down, /ECONNREFUSED/],
		['it answers with a page', () => '<html>', /not a JSON Web Key Set/],
		['it answers with an error', () => ({ error: 'not found' }), /not a JSON Web Key Set/],
		['it answers with nothing', () => undefined, /not a JSON Web Key Set/],
		['its keys are no list', () => ({ keys: {} }), /not a JSON Web Key Set/],
		['its keys are no objects', () => ({ keys: ['a'] }), /not a JSON Web Key Set/],
	])('leave everybody outside while there are none: %s', async (_, answer, reason) => {
		const issuer = new Issuer();
		issuer.answer = answer;
		const token = await tokenBy(old, 'old');
		const refusal = await refusedBy(async () => await issuer.receive(token));
		expect({ status: refusal.status, code: refusal.code }).toEqual({ status: 500, code: 'not_configured' });
		expect(refusal.operatorMessage).toMatch(
			/^Nobody can be verified: no keys could be fetched from the JWKS URL: /,
		);
		expect(refusal.operatorMessage).toMatch(reason);
		await refusedBy(async () => await issuer.receive(token, 4999));
		expect(issuer.calls).toBe(1);
		issuer.answer = () => ({ keys: [jwkOf(old, 'old')] });
		expect(await issuer.receive(token, 5000)).toBe('old');
	});

	it('leave everybody outside where nothing can be fetched', async () => {
		const headers: Array<[string, string]> = [['Authorization', `Bearer ${await tokenBy(old, 'old')}`]];
		const authenticate = buildAuthenticator('jwt', new Issuer().credential);
		const refusal = await refusedBy(async () => await authenticate(incomingRequest({ headers })));
		expect(refusal.code).toBe('not_configured');
		expect(refusal.operatorMessage).toBe(
			'Nobody can be verified: no keys could be fetched from the JWKS URL: nothing can be fetched from here.',
		);
	});

	it.each([
		['an empty list', []],
		['a key of an unknown kind', [{ kty: 'XYZ', kid: 'old' }]],
		['a broken key', [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'old' }]],
		['a key for encryption', [{ ...jwkOf(old, 'old'), use: 'enc' }]],
		['a key for another algorithm', [{ ...jwkOf(old, 'old'), alg: 'ES384' }]],
		['a shared secret', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'old' }]],
	])('let nobody in when they are %s', async (_, keys) => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys });
		await expectUnauthorized(async () => await issuer.receive(await tokenBy(old, 'old')));
	});

	it('never serve a token by a shared secret, even when the address offers one', async () => {
		const issuer = new Issuer();
		const secret = Buffer.from('thirty-two characters and a few more');
		issuer.answer = () => ({
			keys: [{ kty: 'oct', k: secret.toString('base64url'), kid: 'old', alg: 'HS256' }],
		});
		const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: 'old' }).sign(secret);
		const { operatorMessage } = await expectUnauthorized(async () => await issuer.receive(token));
		expect(operatorMessage).toMatch(/algorithm is not among those/);
		expect(issuer.calls).toBe(0);
	});

	it('let nobody in when they are too weak, and the operator learns why', async () => {
		const issuer = new Issuer();
		const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
		issuer.answer = () => ({ keys: [jwkOf(weak, 'weak')] });
		const token = jsonwebtoken.sign({}, weak.privateKey, {
			algorithm: 'RS256',
			keyid: 'weak',
			allowInsecureKeySizes: true,
		});
		const { operatorMessage } = await expectUnauthorized(async () => await issuer.receive(token));
		expect(operatorMessage).toMatch(/^The key for this token can't be used: it is damaged, too weak, /);
	});

	it('are not asked for by a request without a token, or with one that is none', async () => {
		const issuer = new Issuer();
		await expectUnauthorized(async () => await issuer.receive('nonsense'));
		expect(issuer.calls).toBe(0);
	});

	it.each([
		'',
		'issuer.example/jwks.json',
		'ftp://issuer.example/jwks.json',
		'javascript:alert(1)',
		'file:///etc/passwd',
	])('come from no such address: %j', async (jwksUrl) => {
		const { usable, findings } = await examineCredential('jwt', { keyType: 'jwksUrl', jwksUrl });
		expect(usable).toBe(false);
		expect(findings).toEqual(['The field "JWKS URL" must be an address that begins with https://.']);
	});
});

describe('the examination of an address with keys', () => {
	const examine = async (issuer: Issuer, more = {}) =>
		await examineCredential('jwt', { ...issuer.credential, ...more }, issuer.fetchJson);

	it('finds nothing to say when a key there fits', async () => {
		expect(await examine(new Issuer())).toEqual({ usable: true, findings: [] });
	});

	it('finds nothing to say when several keys there fit', async () => {
		const issuer = new Issuer();
		issuer.answer = () => ({ keys: [jwkOf(old), jwkOf(next)] });
		expect(await examine(issuer)).toEqual({ usable: true, findings: [] });
	});

	it('says when it is down, and when there is rubbish', async () => {
		const issuer = new Issuer();
		issuer.answer = down;
		expect(await examine(issuer)).toEqual({
			usable: false,
			findings: ['No keys could be fetched from the JWKS URL: connect ECONNREFUSED 10.0.0.1:443.'],
		});
		issuer.answer = () => 'rubbish';
		expect(await examine(issuer)).toEqual({
			usable: false,
			findings: ['No keys could be fetched from the JWKS URL: what is there is not a JSON Web Key Set.'],
		});
	});

	it.each([
		['a long story, of which 200 characters are told', new Error('a'.repeat(201)), 'a'.repeat(200)],
		['nothing that can be told', 'down', 'unknown reason'],
	])('says when fetching fails with %s', async (_, thrown, told) => {
		const issuer = new Issuer();
		issuer.answer = jest.fn().mockRejectedValue(thrown);
		expect(await examine(issuer)).toEqual({
			usable: false,
			findings: [`No keys could be fetched from the JWKS URL: ${told}.`],
		});
	});

	it('says when no key goes with the algorithms', async () => {
		expect(await examine(new Issuer(), { algorithms: ['RS256', 'EdDSA'] })).toEqual({
			usable: false,
			findings: ['The JWKS holds no key that goes with RS256, EdDSA.'],
		});
	});

	it('says when the keys that go with the algorithms are too weak, and is content with one that is not', async () => {
		const issuer = new Issuer();
		const weak = ['a', 'b'].map((kid) => jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }), kid));
		const findings = ['The RSA keys in the JWKS have fewer than 2048 bits, which is too weak.'];
		for (const keys of [weak.slice(1), weak]) {
			issuer.answer = () => ({ keys });
			expect(await examine(issuer)).toEqual({ usable: false, findings });
		}
		issuer.answer = () => ({
			keys: [...weak, jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), 'c')],
		});
		expect(await examine(issuer)).toEqual({ usable: true, findings: [] });
	});

	it.each([
		['http://keys.example/', 1],
		['http://localhost.example/', 1],
		['https://keys.example/', 0],
		['http://localhost/jwks', 0],
		['http://127.0.0.1:8080/jwks', 0],
		['http://[::1]:8080/jwks', 0],
	])('warns of an address that anybody on the way can answer for: %s', async (jwksUrl, warnings) => {
		const fetchJson = async () => await Promise.resolve({ keys: [jwkOf(old)] });
		const warning =
			'The JWKS URL begins with http: whoever sits on the way can put their own keys there. Use https.';
		expect(await examineCredential('jwt', { keyType: 'jwksUrl', jwksUrl }, fetchJson)).toEqual({
			usable: true,
			findings: Array(warnings).fill(warning),
		});
	});
});
