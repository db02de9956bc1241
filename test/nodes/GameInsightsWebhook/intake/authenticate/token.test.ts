import { createHmac, generateKeyPairSync, type KeyObject } from 'crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import jwt from 'jsonwebtoken';
import type { CredentialData } from '../../../../../nodes/shared/credential/credentialField';
import { buildTokenVerifier as build } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/token';
import type { IncomingRequest } from '../../../../../nodes/GameInsightsWebhook/intake/receipt';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../support/refused';
import { inputs } from '../../../../support/quick';

const NOW = ARRIVAL_MS / 1000;
const SECRET = 'a shared secret of more than thirty-two characters';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string;

/** A verifier that is not to fetch anything. */
function buildTokenVerifier(data: CredentialData) {
	const { verify, advice } = build(data);
	const fetchNothing = async () => await Promise.reject(new Error('nothing is to be fetched'));
	return { advice, verify: async (request: IncomingRequest) => await verify(request, fetchNothing) };
}

const bySecret = buildTokenVerifier({ keyType: 'secret', secret: SECRET, algorithms: ['HS256'] });
const byRsa = buildTokenVerifier({
	keyType: 'publicKey',
	publicKey: pem(rsa.publicKey),
	algorithms: ['RS256'],
});

const CLAIMS = {
	sub: 'server-7',
	iss: 'https://auth.studio.example/',
	aud: 'game-insights',
	iat: NOW,
	exp: NOW + 60,
};
const GOOD = jwt.sign(CLAIMS, SECRET, { algorithm: 'HS256' });

const bearing = (token: string, header = 'Authorization') =>
	incomingRequest({ headers: [[header, header === 'Authorization' ? `Bearer ${token}` : token]] });
const signedBySecret = (claims: object) => jwt.sign(claims, SECRET, { algorithm: 'HS256' });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
	it('signed by jsonwebtoken with the shared secret lets its sender in, with its claims', async () => {
		expect(await bySecret.verify(bearing(GOOD))).toEqual({
			sender: { method: 'jwt', keyId: 'current', claims: CLAIMS },
			deduplicationKey: null,
			handshake: null,
			acceptance: null,
			translate: null,
		});
	});

	it('has claims with all digits of their numbers', async () => {
		const claims = `{"iat":${NOW},"exp":${NOW + 60},"steam_id":76561198012345679,"o":{"ids":[18446744073709551615,7]}}`;
		const content = `${base64url({ alg: 'HS256' })}.${Buffer.from(claims).toString('base64url')}`;
		const token = `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`;
		expect((await bySecret.verify(bearing(token))).sender.claims).toEqual({
			iat: NOW,
			exp: NOW + 60,
			steam_id: '76561198012345679',
			o: { ids: ['18446744073709551615', 7] },
		});
	});

	it.each(['HS256', 'HS384', 'HS512'] as const)(
		'may be signed with %s where that is allowed',
		async (algorithm) => {
			const any = buildTokenVerifier({ secret: SECRET, algorithms: ['HS256', 'HS384', 'HS512'] });
			for (let time = 0; time < 2; time += 1) {
				const token = jwt.sign(CLAIMS, SECRET, { algorithm });
				expect(await any.verify(bearing(token))).toMatchObject({ sender: { claims: CLAIMS } });
			}
		},
	);

	it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const)(
		'signed by jsonwebtoken with an RSA key and %s is checked by the public key',
		async (algorithm) => {
			const verifier = buildTokenVerifier({
				keyType: 'publicKey',
				publicKey: pem(rsa.publicKey),
				algorithms: [algorithm],
			});
			const token = jwt.sign(CLAIMS, rsa.privateKey, { algorithm });
			expect(await verifier.verify(bearing(token))).toMatchObject({ sender: { claims: CLAIMS } });
		},
	);

	it.each([
		['ES256', p256],
		['ES384', p384],
		['ES512', p521],
		['EdDSA', ed25519],
		['Ed25519', ed25519],
	] as const)(
		'signed by jose with %s is checked by the public key',
		async (algorithm, { publicKey, privateKey }) => {
			const verifier = buildTokenVerifier({
				keyType: 'publicKey',
				publicKey: pem(publicKey),
				algorithms: [algorithm],
			});
			const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg: algorithm }).sign(privateKey);
			expect(await verifier.verify(bearing(token))).toMatchObject({ sender: { claims: CLAIMS } });
			expect(verifier.advice).toEqual([]);
		},
	);

	it('names its key by the kid', async () => {
		const token = jwt.sign(CLAIMS, SECRET, { algorithm: 'HS256', keyid: 'spring-2026' });
		expect(await bySecret.verify(bearing(token))).toMatchObject({ sender: { keyId: 'spring-2026' } });
		const unnamed = jwt.sign(CLAIMS, SECRET, { algorithm: 'HS256', header: { alg: 'HS256', kid: '' } });
		expect(await bySecret.verify(bearing(unnamed))).toMatchObject({ sender: { keyId: 'current' } });
		const long = jwt.sign(CLAIMS, SECRET, { algorithm: 'HS256', keyid: 'k'.repeat(5000) });
		expect((await bySecret.verify(bearing(long))).sender.keyId).toHaveLength(200);
	});

	it('need not have claims of time', async () => {
		const token = jwt.sign({ sub: 'server-7' }, SECRET, { algorithm: 'HS256', noTimestamp: true });
		expect(await bySecret.verify(bearing(token))).toMatchObject({ sender: { claims: { sub: 'server-7' } } });
	});

	describe('in its header', () => {
		const MISSING = 'The header "authorization" is missing or empty.';
		const NO_BEARER = 'The header "authorization" holds no bearer token.';

		it.each(['Bearer', 'bearer', 'BEARER'])('Authorization comes after the word %s', async (word) => {
			const request = incomingRequest({ headers: [['authorization', `${word} ${GOOD}`]] });
			expect(await bySecret.verify(request)).toMatchObject({ sender: { method: 'jwt' } });
		});

		it.each(['', 'Bearer '])('of another name may come after "%s"', async (before) => {
			const verifier = buildTokenVerifier({ secret: SECRET, headerName: 'X-Game-Token' });
			const request = incomingRequest({ headers: [['X-Game-Token', `${before}${GOOD}`]] });
			expect(await verifier.verify(request)).toMatchObject({ sender: { method: 'jwt' } });
		});

		it.each([
			['no header', [], MISSING],
			['an empty header', [['Authorization', '']], MISSING],
			['no Bearer', [['Authorization', GOOD]], NO_BEARER],
			['Basic', [['Authorization', 'Basic dXNlcjpwYXNz']], NO_BEARER],
			['a token elsewhere', [['X-Token', `Bearer ${GOOD}`]], MISSING],
		] as Array<[string, Array<[string, string]>, string]>)(
			'is asked for by a bare challenge when there is %s',
			async (_, headers, reason) => {
				const refusal = await expectUnauthorized(() => bySecret.verify(incomingRequest({ headers })));
				expect(refusal.operatorMessage).toBe(reason);
				expect(refusal.headers).toEqual({ 'WWW-Authenticate': 'Bearer' });
			},
		);

		it('is refused when the header comes twice', async () => {
			const headers: Array<[string, string]> = [
				['Authorization', `Bearer ${GOOD}`],
				['authorization', `Bearer ${GOOD}`],
			];
			const refusal = await expectUnauthorized(() => bySecret.verify(incomingRequest({ headers })));
			expect(refusal.operatorMessage).toBe('The header "authorization" came more than once.');
		});
	});

	describe('is refused', () => {
		const refuse = async (token: string, verifier = bySecret) => {
			const refusal = await expectUnauthorized(() => verifier.verify(bearing(token)));
			expect(refusal.headers).toEqual({ 'WWW-Authenticate': 'Bearer error="invalid_token"' });
			return refusal.operatorMessage;
		};
		const [head = '', payload = '', signature = ''] = GOOD.split('.');

		it.each(['none', 'None', 'NONE', 'nOnE'])('with "alg": "%s", signed or not', async (alg) => {
			const unsigned = `${base64url({ alg, typ: 'JWT' })}.${base64url(CLAIMS)}.`;
			expect(await refuse(unsigned)).toBe('The token is not a well-formed, signed JWT.');
			const reason = "The token's algorithm is not among those the credential allows.";
			expect(await refuse(`${unsigned}${signature}`)).toBe(reason);
			expect(await refuse(`${unsigned}${signature}`, byRsa)).toBe(reason);
		});

		it.each([
			['PEM', pem(rsa.publicKey)],
			['PEM without its last line break', pem(rsa.publicKey).trimEnd()],
			['DER', rsa.publicKey.export({ type: 'spki', format: 'der' })],
		])('when it takes the public key (%s) for a shared secret', async (_, key) => {
			for (const alg of ['HS256', 'HS384', 'HS512']) {
				const content = `${base64url({ alg, typ: 'JWT' })}.${base64url(CLAIMS)}`;
				const forged = createHmac(`sha${alg.slice(2)}`, key)
					.update(content)
					.digest('base64url');
				expect(await refuse(`${content}.${forged}`, byRsa)).toMatch(/algorithm is not among those/);
			}
		});

		it('with an algorithm of the right family that is not allowed', async () => {
			expect(await refuse(jwt.sign(CLAIMS, SECRET, { algorithm: 'HS512' }))).toMatch(
				/algorithm is not among/,
			);
			expect(await refuse(jwt.sign(CLAIMS, rsa.privateKey, { algorithm: 'PS256' }), byRsa)).toMatch(
				/algorithm is not among/,
			);
		});

		it('with the key in its own header', async () => {
			const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
			const jwk = stranger.publicKey.export({ format: 'jwk' });
			const token = await new SignJWT(CLAIMS)
				.setProtectedHeader({ alg: 'RS256', jwk: jwk, jku: 'https://evil.example/jwks' })
				.sign(stranger.privateKey);
			expect(await refuse(token, byRsa)).toBe(
				"The token's signature is wrong: another key was used, or the token was changed.",
			);
		});

		it('with a critical extension nobody here knows', async () => {
			const content = `${base64url({ alg: 'HS256', crit: ['pardon'], pardon: true })}.${base64url(CLAIMS)}`;
			const mac = createHmac('sha256', SECRET).update(content).digest('base64url');
			expect(await refuse(`${content}.${mac}`)).toBe('The token is not a well-formed, signed JWT.');
		});

		it('when signed with another secret, or with an empty one', async () => {
			expect(await refuse(jwt.sign(CLAIMS, `${SECRET} `))).toMatch(/^The token's signature is wrong/);
			const mac = createHmac('sha256', '').update(`${head}.${payload}`).digest('base64url');
			expect(await refuse(`${head}.${payload}.${mac}`)).toMatch(/^The token's signature is wrong/);
		});

		it('with other claims under the same signature', async () => {
			const promoted = base64url({ ...CLAIMS, sub: 'admin' });
			expect(await refuse(`${head}.${promoted}.${signature}`)).toMatch(/^The token's signature is wrong/);
		});

		it.each([
			['two parts', `${head}.${payload}`],
			['four parts', `${GOOD}.${signature}`],
			['no signature', `${head}.${payload}.`],
			['a line of words', 'let me in please'],
			[
				'a signature in plain base64',
				`${head}.${payload}.${Buffer.from(signature, 'base64url').toString('base64')}`,
			],
			[
				'a header that is no JSON',
				`${Buffer.from('nonsense').toString('base64url')}.${payload}.${signature}`,
			],
			[
				'claims that are no object',
				(() => {
					const content = `${head}.${base64url([1])}`;
					return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`;
				})(),
			],
		])('when it is %s', async (_, token) => {
			expect(await refuse(token)).toMatch(
				/^The token('s signature is wrong| is not a well-formed, signed JWT)/,
			);
		});

		it('after any change of one character', async () => {
			const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '];
			await fc.assert(
				fc.asyncProperty(fc.nat(GOOD.length - 1), fc.constantFrom(...letters), async (at, letter) => {
					fc.pre(GOOD[at] !== letter);
					await refuse(GOOD.slice(0, at) + letter + GOOD.slice(at + 1));
				}),
				{ numRuns: inputs(500) },
			);
			// The last character has two bits to spare: all 63 others are tried.
			for (const letter of letters) {
				if (!GOOD.endsWith(letter)) await refuse(GOOD.slice(0, -1) + letter);
			}
		});

		it.each([
			['it has expired', { exp: NOW - 30 }, 'The token has expired.'],
			['it is not valid yet', { nbf: NOW + 31 }, 'The token is not valid yet.'],
			['its expiry is no number', { exp: 'tomorrow' }, 'The token\'s "exp" is not the expected one.'],
		])('when %s', async (_, claims, reason) => {
			const content = `${base64url({ alg: 'HS256' })}.${base64url({ ...CLAIMS, ...claims })}`;
			expect(
				await refuse(`${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`),
			).toBe(reason);
		});

		it.each([
			[
				'the issuer is another',
				{ issuer: 'https://elsewhere.example/' },
				CLAIMS,
				'The token\'s "iss" is not the expected one.',
			],
			[
				'the audience is another',
				{ audience: 'billing' },
				CLAIMS,
				'The token\'s "aud" is not the expected one.',
			],
			['there is no issuer', { issuer: CLAIMS.iss }, { aud: CLAIMS.aud }, 'The token has no "iss".'],
			['there is no audience', { audience: CLAIMS.aud }, { iss: CLAIMS.iss }, 'The token has no "aud".'],
			['it is too old', { maxTokenAge: 600 }, { iat: NOW - 631 }, 'The token is older than allowed.'],
			[
				'it comes from the future',
				{ maxTokenAge: 600 },
				{ iat: NOW + 31 },
				'The token was issued in the future.',
			],
		])('when %s', async (_, settings, claims, reason) => {
			const verifier = buildTokenVerifier({ secret: SECRET, ...settings });
			expect(await refuse(signedBySecret(claims), verifier)).toBe(reason);
		});

		it('when its age must be known and it names no time of issue', async () => {
			const verifier = buildTokenVerifier({ secret: SECRET, maxTokenAge: 600 });
			const token = jwt.sign({ sub: 'x' }, SECRET, { noTimestamp: true });
			expect(await refuse(token, verifier)).toBe('The token has no "iat".');
		});
	});

	it.each([
		['one of several audiences', { audience: 'game-insights' }, { aud: ['billing', 'game-insights'] }],
		['the issuer, whatever spaces were pasted around it', { issuer: ` ${CLAIMS.iss} ` }, { iss: CLAIMS.iss }],
		["29 s after its expiry, within the clocks' tolerance", {}, { exp: NOW - 29 }],
		['30 s before it is valid', {}, { nbf: NOW + 30 }],
		['60 s after its expiry, when the credential tolerates it', { clockTolerance: 61 }, { exp: NOW - 60 }],
		[
			'630 s after its issue, with 600 s of age and 30 s of tolerance',
			{ maxTokenAge: 600 },
			{ iat: NOW - 630 },
		],
		['of any age when no age is set', { maxTokenAge: 0 }, { iat: NOW - 10_000_000 }],
	])('is taken for %s', async (_, settings, claims) => {
		const verifier = buildTokenVerifier({ secret: SECRET, ...settings });
		expect(await verifier.verify(bearing(signedBySecret(claims)))).toMatchObject({ sender: { claims } });
	});

	describe('without an expiry', () => {
		const TEN_YEARS_S = 315_360_000;
		const eternal = signedBySecret({ sub: 'server-7', iat: NOW - TEN_YEARS_S });

		it('is good for ever, unless the credential asks for one or bounds its age', async () => {
			expect(await bySecret.verify(bearing(eternal))).toMatchObject({ sender: { method: 'jwt' } });
			const strict = buildTokenVerifier({ secret: SECRET, requireExpiry: true });
			const { operatorMessage } = await expectUnauthorized(() => strict.verify(bearing(eternal)));
			expect(operatorMessage).toBe('The token has no "exp".');
			const aged = buildTokenVerifier({ secret: SECRET, maxTokenAge: 3600 });
			await expectUnauthorized(() => aged.verify(bearing(eternal)));
			expect(await strict.verify(bearing(GOOD))).toMatchObject({ sender: { claims: CLAIMS } });
		});

		it.each([true, 'true', 1, 'yes'])('is refused where the switch holds %p', async (requireExpiry) => {
			const strict = buildTokenVerifier({ secret: SECRET, requireExpiry });
			await expectUnauthorized(() => strict.verify(bearing(eternal)));
		});

		it.each([undefined, null, false, '', 'false', 0])('is taken where it holds %p', async (requireExpiry) => {
			const lenient = buildTokenVerifier({ secret: SECRET, requireExpiry });
			expect(await lenient.verify(bearing(eternal))).toMatchObject({ sender: { method: 'jwt' } });
		});

		it('is refused when the expiry is null, as JSON writes a missing one', async () => {
			const content = `${base64url({ alg: 'HS256' })}.${base64url({ sub: 'x', exp: null })}`;
			const mac = createHmac('sha256', SECRET).update(content).digest('base64url');
			const strict = buildTokenVerifier({ secret: SECRET, requireExpiry: true });
			await expectUnauthorized(() => strict.verify(bearing(`${content}.${mac}`)));
		});
	});

	describe('with required claims', () => {
		const strict = (requiredClaims: unknown) => buildTokenVerifier({ secret: SECRET, requiredClaims });

		it.each([
			['sub', {}, 'sub'],
			['sub, role', { sub: 'x' }, 'role'],
			['sub\nrole', { role: 'server' }, 'sub'],
			['sub', { sub: null }, 'sub'],
			['sub', { sub: '' }, 'sub'],
			['toString', {}, 'toString'],
			['sub,hasOwnProperty', { sub: 'x' }, 'hasOwnProperty'],
			['__proto__', {}, '__proto__'],
			[['sub', 'role'], { sub: 'x' }, 'role'],
		])('%j refuses %j', async (claims, payload, missing) => {
			const token = signedBySecret(payload);
			const { operatorMessage } = await expectUnauthorized(() => strict(claims).verify(bearing(token)));
			expect(operatorMessage).toBe(`The token has no "${missing}".`);
		});

		it.each([
			['sub, role', { sub: 'x', role: 0 }],
			[' sub ,, \u200b', { sub: 'x' }],
			['', {}],
			[null, {}],
			[[], {}],
		])('%j takes %j', async (claims, payload) => {
			const { sender } = await strict(claims).verify(bearing(signedBySecret(payload)));
			expect(sender.claims).toMatchObject(payload);
		});
	});

	describe('with several issuers', () => {
		it.each([
			'https://a.example/, https://b.example/',
			'https://a.example/\nhttps://b.example/',
			['https://a.example/', 'https://b.example/'],
		])('is taken by each of them and no other one: %j', async (issuer) => {
			const verifier = buildTokenVerifier({ secret: SECRET, issuer });
			for (const iss of ['https://a.example/', 'https://b.example/']) {
				expect(await verifier.verify(bearing(signedBySecret({ iss })))).toMatchObject({
					sender: { claims: { iss } },
				});
			}
			for (const iss of [
				'https://c.example/',
				'https://a.example/, https://b.example/',
				'',
				undefined,
				['https://a.example/'],
			]) {
				const content = `${base64url({ alg: 'HS256' })}.${base64url({ iss })}`;
				const mac = createHmac('sha256', SECRET).update(content).digest('base64url');
				await expectUnauthorized(() => verifier.verify(bearing(`${content}.${mac}`)));
			}
		});
	});

	it.each([
		['EdDSA', 'Ed25519'],
		['Ed25519', 'EdDSA'],
	])('signed by %s is taken where %s is allowed: one algorithm', async (alg, allowed) => {
		const publicKey = pem(ed25519.publicKey);
		const verifier = buildTokenVerifier({ keyType: 'publicKey', publicKey, algorithms: [allowed] });
		const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg }).sign(ed25519.privateKey);
		expect(await verifier.verify(bearing(token))).toMatchObject({ sender: { claims: CLAIMS } });
	});

	it.each([
		['commas instead of issuers', { secret: SECRET, issuer: ' , ' }, /"Issuer" names nothing/],
		['issuers that are no text', { secret: SECRET, issuer: [42] }, /"Issuer" must hold a text/],
		['an issuer that is no text', { secret: SECRET, issuer: { a: 1 } }, /"Issuer" must hold a text/],
		['an audience that is no text', { secret: SECRET, audience: ['a'] }, /"Audience" must hold a text/],
		['commas instead of claims', { secret: SECRET, requiredClaims: ',' }, /"Required Claims" names nothing/],
		['no secret', { keyType: 'secret' }, /"Secret" is empty/],
		['a secret of spaces', { secret: '  ' }, /"Secret" is empty/],
		[
			'an unknown type of key',
			{ keyType: 'toString', secret: SECRET },
			/"Key Type" holds a type that is not known/,
		],
		['no algorithm but none', { secret: SECRET, algorithms: ['none'] }, /"Algorithms" must hold/],
		['none beside a good one', { secret: SECRET, algorithms: ['HS256', 'none'] }, /"Algorithms" must hold/],
		[
			'an algorithm for keys and a secret',
			{ secret: SECRET, algorithms: ['RS256'] },
			/do not go with this type of key/,
		],
		[
			'a public key and HS256',
			{ keyType: 'publicKey', publicKey: pem(rsa.publicKey), algorithms: ['RS256', 'HS256'] },
			/do not go with this type of key/,
		],
		['a public key that is missing', { keyType: 'publicKey' }, /holds no PEM/],
		[
			'a negative clock tolerance',
			{ secret: SECRET, clockTolerance: -1 },
			/"Clock Tolerance" must be a number of at least 0/,
		],
		[
			'an age that is no number',
			{ secret: SECRET, maxTokenAge: '10m' },
			/"Max Token Age" must be a number of at least 0/,
		],
		[
			'a broken header name',
			{ secret: SECRET, headerName: 'X Token' },
			/"Header Name" is not the name of an HTTP header/,
		],
	])('can be verified by nobody with %s', (_, data, reason) => {
		expect(() => buildTokenVerifier(data)).toThrow(reason);
		expect(() => buildTokenVerifier(data)).toThrow(expect.objectContaining({ name: 'UnusableCredential' }));
	});

	it('has a secret called short by its algorithm: RFC 7518 wants as many bits as the hash has', () => {
		const of = (length: number, algorithm: string) =>
			buildTokenVerifier({ secret: 's'.repeat(length), algorithms: [algorithm] }).advice;
		expect(of(31, 'HS256')).toEqual([
			expect.stringMatching(/too short: it has 31 characters and should have at least 32/),
		]);
		expect(of(32, 'HS256')).toEqual([]);
		expect(of(63, 'HS512')).toEqual([expect.stringMatching(/should have at least 64/)]);
	});
});
