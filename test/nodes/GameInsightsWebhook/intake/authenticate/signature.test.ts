import { createHash, createHmac } from 'crypto';
import fc from 'fast-check';
import { buildSignatureVerifier } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/signature';
import { UnusableCredential } from '../../../../../nodes/shared/credential/unusableCredential';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../../support/refused';
import { withPrograms } from '../../../../support/programs';
import {
	digestByOpenssl,
	digestElsewhere,
	hmacByOpenssl,
	hmacElsewhere,
	hmacsByPython,
	type HmacJob,
} from '../../../../support/signersElsewhere';
import { inputs } from '../../../../support/quick';

const SECRET = '8f3a1c7e5b9d2046f8e1a3c5b7d90214';
const BODY = Buffer.from(
	'{"event_type":"purchase","user_id":"p-1","properties":{"item":"Schwert ⚔","price":499}}',
);
const HASHES = ['sha256', 'sha384', 'sha512', 'sha1'] as const;

/** Made by code that is not ours, at the moment the request arrives. */
const SIGNATURE = sign(BODY);
const verifier = buildSignatureVerifier({ scheme: 'gameInsights', secretKey: SECRET });

function sign(
	body: Buffer,
	timestamp = String(ARRIVAL_MS),
	hash: HmacJob['hash'] = 'sha256',
	secret = SECRET,
): string {
	const data = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
	return `${hash}=${hmacElsewhere({ hash, key: Buffer.from(secret), data })}`;
}

function signed({
	signature = SIGNATURE,
	timestamp = String(ARRIVAL_MS),
	body = BODY,
	receivedAtMs = ARRIVAL_MS,
} = {}) {
	const headers: Array<[string, string]> = [
		['X-Webhook-Timestamp', timestamp],
		['X-Webhook-Signature', signature],
	];
	return incomingRequest({ headers, body, receivedAtMs });
}

withPrograms(['openssl'], 'openssl', () => {
	it.each(HASHES)('makes the same %s as the signers of the other tests', (hash) => {
		for (const data of [Buffer.alloc(0), Buffer.from(Array.from({ length: 300 }, (_, n) => n % 256))]) {
			for (const key of [Buffer.from(SECRET), Buffer.alloc(200, 0xfe)])
				expect(hmacByOpenssl({ hash, key, data })).toBe(hmacElsewhere({ hash, key, data }));
			expect(digestByOpenssl(hash, data)).toBe(digestElsewhere(hash, data));
		}
	});

	it('signs what lets its sender in', () => {
		const data = Buffer.concat([Buffer.from(`${ARRIVAL_MS}.`), BODY]);
		const mac = hmacByOpenssl({ hash: 'sha256', key: Buffer.from(SECRET), data });
		expect(verifier.verify(signed({ signature: `sha256=${mac}` }))).toMatchObject({
			sender: { method: 'hmac', keyId: 'current' },
		});
	});
});

withPrograms(['python3'], 'Python', () => {
	it('signs what lets its sender in, with each hash on offer', async () => {
		const jobs = HASHES.map((hash) => ({
			hash,
			key: Buffer.from(SECRET),
			data: Buffer.concat([Buffer.from(`${ARRIVAL_MS}.`), BODY]),
		}));
		const signatures = hmacsByPython(jobs);
		for (const [index, hash] of HASHES.entries()) {
			const withHash = buildSignatureVerifier({ secretKey: SECRET, hmacAlgorithm: hash });
			const signature = `${hash}=${signatures[index]}`;
			expect(withHash.verify(signed({ signature }))).toMatchObject({ sender: { keyId: 'current' } });
		}
	});
});

describe('a Game Insights signature', () => {
	it('made by code that is not ours lets its sender in', async () => {
		expect(verifier.verify(signed())).toEqual({
			sender: { method: 'hmac', keyId: 'current', claims: null },
			deduplicationKey: expect.stringMatching(/^[\w-]{43}$/),
			handshake: null,
			acceptance: null,
			translate: null,
			replayableForMs: 600_001,
		});
	});

	it('is over the bytes that came, whatever they are', async () => {
		const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
		const request = signed({ body: bytes, signature: sign(bytes) });
		expect(verifier.verify(request)).toMatchObject({ sender: { keyId: 'current' } });
	});

	it('may sign an empty body', async () => {
		const request = signed({ body: Buffer.alloc(0), signature: sign(Buffer.alloc(0)) });
		expect(verifier.verify(request)).toMatchObject({ sender: { keyId: 'current' } });
	});

	it('may be written in capital letters, and is the same signature then', async () => {
		const [prefix, hex = ''] = SIGNATURE.split('=');
		const inCapitals = verifier.verify(signed({ signature: `${prefix}=${hex.toUpperCase()}` }));
		expect(inCapitals.deduplicationKey).toBe(verifier.verify(signed()).deduplicationKey);
	});

	it('gives another request another deduplication key, and none of them shows the signature', async () => {
		const later = String(ARRIVAL_MS + 1);
		const first = verifier.verify(signed());
		const second = verifier.verify(signed({ timestamp: later, signature: sign(BODY, later) }));
		expect(first.deduplicationKey).not.toBe(second.deduplicationKey);
		expect(SIGNATURE).not.toContain(first.deduplicationKey);
	});

	it('works with the previous secret during a rotation, and says so', async () => {
		const rotated = buildSignatureVerifier({
			secretKey: 'a brand-new secret, long enough',
			previousSecretKey: SECRET,
		});
		expect(rotated.verify(signed())).toMatchObject({ sender: { keyId: 'previous' } });
		const signature = sign(BODY, String(ARRIVAL_MS), 'sha256', 'a brand-new secret, long enough');
		expect(rotated.verify(signed({ signature }))).toMatchObject({ sender: { keyId: 'current' } });
	});

	it.each([
		['exactly at the tolerance, in the past', 300_000],
		['exactly at the tolerance, in the future', -300_000],
	])('is taken %s', async (_, ageMs) => {
		expect(verifier.verify(signed({ receivedAtMs: ARRIVAL_MS + ageMs }))).toMatchObject({
			sender: { keyId: 'current' },
		});
	});

	it.each([
		['1 ms older than the tolerance', 300_001, /^The timestamp is 300 s old; 300 s are tolerated/],
		['1 ms further ahead than the tolerance', -300_001, /^The timestamp is 300 s ahead of the clock/],
	])('is refused %s', async (_, ageMs, reason) => {
		const request = signed({ receivedAtMs: ARRIVAL_MS + ageMs });
		expect((await expectUnauthorized(() => verifier.verify(request))).operatorMessage).toMatch(reason);
	});

	it('has the tolerance the credential names', async () => {
		const strict = buildSignatureVerifier({ secretKey: SECRET, timestampTolerance: 5 });
		expect(strict.verify(signed({ receivedAtMs: ARRIVAL_MS + 5000 }))).toMatchObject({ sender: {} });
		await expectUnauthorized(() => strict.verify(signed({ receivedAtMs: ARRIVAL_MS + 5001 })));
	});

	it.each([
		['in seconds', '1768478400'],
		['with decimals', `${ARRIVAL_MS}.0`],
		['with a sign', `+${ARRIVAL_MS}`],
		['with a space', ` ${ARRIVAL_MS}`],
		['as an exponent', '1.7684784e12'],
		['in hex', '0x19bc1fbe800'],
		['as a date', '2026-01-15T12:00:00Z'],
		['as a word', 'hello'],
		['beyond exact numbers', `${ARRIVAL_MS}0000`],
	])('refuses a timestamp %s, even one that is signed', async (_, timestamp) => {
		await expectUnauthorized(() => verifier.verify(signed({ timestamp, signature: sign(BODY, timestamp) })));
	});

	const mac = SIGNATURE.slice('sha256='.length);
	it.each([
		['no prefix', mac],
		['the prefix in capitals', `SHA256=${mac}`],
		['the prefix of another hash', `sha512=${mac}`],
		['nothing after the prefix', 'sha256='],
		['one character less', `sha256=${mac.slice(1)}`],
		['eight characters only', `sha256=${mac.slice(0, 8)}`],
		['a byte more', `sha256=${mac}00`],
		['a space before it', `sha256= ${mac}`],
		['something behind it', `sha256=${mac},v1=potato`],
		['letters that are not hex', `sha256=${mac.slice(0, -1)}x`],
		['base64', `sha256=${Buffer.from(mac, 'hex').toString('base64')}`],
		['zeros', `sha256=${'0'.repeat(64)}`],
		['the signature of another body', sign(Buffer.from('{}'))],
		['the signature by another secret', sign(BODY, String(ARRIVAL_MS), 'sha256', 'another secret')],
		['the secret with a space at its end', sign(BODY, String(ARRIVAL_MS), 'sha256', `${SECRET} `)],
		[
			'the signature by an empty secret',
			`sha256=${createHmac('sha256', '').update(`${ARRIVAL_MS}.`).update(BODY).digest('hex')}`,
		],
		['SHA-1 where SHA-256 is set', sign(BODY, String(ARRIVAL_MS), 'sha1')],
	])('refuses a signature header with %s', async (_, signature) => {
		await expectUnauthorized(() => verifier.verify(signed({ signature })));
	});

	it.each(['X-Webhook-Timestamp', 'X-Webhook-Signature'])(
		'refuses %s missing, empty or doubled',
		async (name) => {
			const { rawHeaders } = signed();
			const headers: Array<[string, string]> = [0, 2].map((at) => [
				rawHeaders[at] ?? '',
				rawHeaders[at + 1] ?? '',
			]);
			const one = headers.find((header) => header[0] === name) as [string, string];
			const others = headers.filter((header) => header[0] !== name);
			for (const [variant, reason] of [
				[others, /is missing or empty/],
				[[...others, [name, '']], /is missing or empty/],
				[[...headers, one], /came more than once/],
				[[one, ...others, [name.toLowerCase(), 'another']], /came more than once/],
			] as Array<[Array<[string, string]>, RegExp]>) {
				const request = incomingRequest({ headers: variant, body: BODY });
				expect((await expectUnauthorized(() => verifier.verify(request))).operatorMessage).toMatch(reason);
			}
		},
	);

	it('is worthless after any change of one byte in body, timestamp or signature', async () => {
		const change = (bytes: Buffer, at: number, by: number) => {
			const changed = Buffer.from(bytes);
			const place = at % changed.length;
			changed[place] = ((changed[place] ?? 0) + by) % 256;
			return changed;
		};
		const byteChange = fc.record({ at: fc.nat(10_000), by: fc.integer({ min: 1, max: 255 }) });
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom('body', 'timestamp', 'signature'),
				byteChange,
				async (part, { at, by }) => {
					if (part === 'body') {
						await expectUnauthorized(() => verifier.verify(signed({ body: change(BODY, at, by) })));
						return;
					}
					const before = part === 'timestamp' ? String(ARRIVAL_MS) : SIGNATURE;
					const after = change(Buffer.from(before, 'latin1'), at, by).toString('latin1');
					// Hex digits mean the same in either case; everything else counts.
					fc.pre(!(after.startsWith('sha256=') && after.toLowerCase() === before));
					await expectUnauthorized(() => verifier.verify(signed({ [part]: after })));
				},
			),
			{ numRuns: inputs(500) },
		);
	});

	it.each([
		['no secret', {}, 'Fill in "Secret Key": without it nothing can be verified.'],
		['an empty secret', { secretKey: '' }, 'Fill in "Secret Key": without it nothing can be verified.'],
		[
			'a secret of spaces',
			{ secretKey: ' \t ' },
			'Fill in "Secret Key": without it nothing can be verified.',
		],
		[
			'a previous secret alone',
			{ previousSecretKey: SECRET },
			'Fill in "Secret Key": without it nothing can be verified.',
		],
		[
			'an unknown sender',
			{ scheme: 'constructor', secretKey: SECRET },
			'The field "Sender" holds a sender that is not known.',
		],
		[
			'no address where the sender signs it',
			{ scheme: 'square', secretKey: SECRET, notificationUrl: ' ' },
			'Fill in "Notification URL": the sender signs it together with the body.',
		],
		[
			'an unknown algorithm',
			{ secretKey: SECRET, hmacAlgorithm: 'md5' },
			'The HMAC algorithm must be one of sha256, sha384, sha512, sha1.',
		],
		[
			'a negative tolerance',
			{ secretKey: SECRET, timestampTolerance: -300 },
			'The field "Timestamp Tolerance" must be a number of at least 0.',
		],
		[
			'a tolerance that is no number',
			{ secretKey: SECRET, timestampTolerance: 'soon' },
			'The field "Timestamp Tolerance" must be a number of at least 0.',
		],
		[
			'an endless tolerance',
			{ secretKey: SECRET, timestampTolerance: Infinity },
			'The field "Timestamp Tolerance" must be a number of at least 0.',
		],
	])('can verify nobody with %s', (_, data, reason) => {
		expect(() => buildSignatureVerifier(data)).toThrow(new UnusableCredential(reason));
	});

	it.each([undefined, null, '', 0, 300, '300'])(
		'reads a tolerance of %p as 300 s',
		async (timestampTolerance) => {
			const usual = buildSignatureVerifier({ secretKey: SECRET, timestampTolerance });
			expect(usual.verify(signed({ receivedAtMs: ARRIVAL_MS + 300_000 }))).toMatchObject({
				sender: {},
			});
			await expectUnauthorized(() => usual.verify(signed({ receivedAtMs: ARRIVAL_MS + 300_001 })));
		},
	);

	it('never lets an empty previous secret sign', async () => {
		const rotated = buildSignatureVerifier({ secretKey: SECRET, previousSecretKey: '' });
		const signature = `sha256=${createHmac('sha256', '').update(`${ARRIVAL_MS}.`).update(BODY).digest('hex')}`;
		await expectUnauthorized(() => rotated.verify(signed({ signature })));
	});

	it('advises a longer secret below 16 characters, and points at stray spaces', () => {
		expect(buildSignatureVerifier({ secretKey: 'fifteen letters' }).advice).toEqual([
			expect.stringMatching(
				/^The field "Secret Key" is too short: it has 15 characters.*openssl rand -hex 32/,
			),
		]);
		expect(buildSignatureVerifier({ secretKey: `${SECRET}\n` }).advice).toEqual([
			expect.stringMatching(/begins or ends with a space or line break/),
		]);
		expect(verifier.advice).toEqual([]);
	});

	it('counts the characters that a secret of some kind needs', () => {
		const advice = (data: object) =>
			buildSignatureVerifier({
				...{ scheme: 'custom', signatureHeader: 'X-Sig', signedContent: '{body}', secretEncoding: 'hex' },
				...data,
			}).advice;
		expect(advice({ secretKey: 'ab'.repeat(15) })).toEqual([expect.stringMatching(/at least 32/)]);
		expect(advice({ secretKey: 'ab'.repeat(16) })).toEqual([]);
	});

	it('gives no advice on a secret that the sender has chosen, nor on fields of another sender', () => {
		const left = { signedContent: '{body}\n' };
		expect(buildSignatureVerifier({ scheme: 'stripe', secretKey: 'whsec_s', ...left }).advice).toEqual([]);
	});

	it('tells a signature over something else from one that is none', async () => {
		const wordsOf = async (signature: string) =>
			(await refusedBy(async () => verifier.verify(signed({ signature })))).operatorMessage;
		expect(await wordsOf(sign(Buffer.from('other')))).toMatch(/does not match the body/);
		expect(await wordsOf('sha256=not hex')).toMatch(/does not have the form/);
	});

	it('never takes the id of a message for a signature, or the other way round', () => {
		const { deduplicationKey } = verifier.verify(signed());
		const bytes = Buffer.from(SIGNATURE.slice('sha256='.length), 'hex');
		const digest = (kind: string) =>
			createHash('sha256').update(`${kind}:`).update(bytes).digest('base64url');
		expect(deduplicationKey).toBe(digest('signature'));
		const id = 'msg_1';
		const timestamp = String(ARRIVAL_MS / 1_000);
		const content = `${id}.${timestamp}.`;
		const signature = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(content).update(BODY);
		const headers: Array<[string, string]> = [
			['webhook-id', id],
			['webhook-timestamp', timestamp],
			['webhook-signature', `v1,${signature.digest('base64')}`],
		];
		const standard = buildSignatureVerifier({ scheme: 'standardWebhooks', secretKey: `whsec_${SECRET}` });
		expect(
			standard.verify(incomingRequest({ headers, body: BODY, receivedAtMs: ARRIVAL_MS })).deduplicationKey,
		).toBe(createHash('sha256').update(`message:${id}`).digest('base64url'));
	});
});
