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
			'The field "Signed Content" knows only {timestamp}, {id}, {body}.',
		],
		[
			'the secret in what is signed',
			{ signedContent: '{body}{secret}' },
			'The field "Signed Content" knows only {timestamp}, {id}, {body}.',
		],
		[
			'an unknown encoding of the signature',
			{ signatureEncoding: 'base32' },
			'The field "Signature Encoding" must be one of hex, base64.',
		],
		[
			'an unknown encoding of the secret',
			{ secretEncoding: 'rot13' },
			'The field "Secret Encoding" must be one of utf8, hex, base64.',
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
		['no secret', { secretKey: '' }, 'Fill in "Secret Key": without it nothing can be verified.'],
	])('can be verified by nobody with %s', (_, change, reason) => {
		expect(() => buildSignatureVerifier({ ...simple, ...change })).toThrow(new UnusableCredential(reason));
	});
});
