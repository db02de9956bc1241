import { generateKeyPairSync } from 'crypto';
import { readPublicKeyPem } from '../../../../nodes/shared/credential/publicKeyPem';
import { UnusableCredential } from '../../../../nodes/shared/credential/unusableCredential';

/**
 * One public key in three forms, all written by openssl 3.0: `openssl rsa -pubout`,
 * `openssl rsa -RSAPublicKey_out` and `openssl req -new -x509`. Its private key was thrown away; another one
 * stands for private keys.
 */
const made = {
	privatePem: generateKeyPairSync('rsa', { modulusLength: 2048 })
		.privateKey.export({ type: 'pkcs8', format: 'pem' })
		.toString(),
	spki: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuQgsXix5zQ8j0JHnMJv5
o4+EQbRwiYRVOUlwjm6a6BriGQB/e0GegmpRpD3jINqxBfVAHNBs+Y4iE89tGJJ4
fRGLKv/wSMUfbwHtRtdDYiUNQb+3ZDUmMoaNimr9jrXtRZLeQUbsc1e99NSahsOZ
WL4foHKsxN8B3kg1l5teJyeGi2vmt23t+kABtUtbTldPenT0XEP5d4wPYERaKVS7
lRRdxMOaoL9Q6QzsKVQp03KsXAKaBai6k7tk9t0qJ6FMLvdl8ERCS3iQRoMIZOlS
87HNW0iAy6aKhgaujlYUKgsVF3yX1RnTfiGJ/SkWZUeWrIzporcMyLt+XbZLOZW4
twIDAQAB
-----END PUBLIC KEY-----
`,
	pkcs1: `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAuQgsXix5zQ8j0JHnMJv5o4+EQbRwiYRVOUlwjm6a6BriGQB/e0Ge
gmpRpD3jINqxBfVAHNBs+Y4iE89tGJJ4fRGLKv/wSMUfbwHtRtdDYiUNQb+3ZDUm
MoaNimr9jrXtRZLeQUbsc1e99NSahsOZWL4foHKsxN8B3kg1l5teJyeGi2vmt23t
+kABtUtbTldPenT0XEP5d4wPYERaKVS7lRRdxMOaoL9Q6QzsKVQp03KsXAKaBai6
k7tk9t0qJ6FMLvdl8ERCS3iQRoMIZOlS87HNW0iAy6aKhgaujlYUKgsVF3yX1RnT
fiGJ/SkWZUeWrIzporcMyLt+XbZLOZW4twIDAQAB
-----END RSA PUBLIC KEY-----
`,
	certificate: `-----BEGIN CERTIFICATE-----
MIIDETCCAfmgAwIBAgIUUuZCiq9ag7N4Jx7w5w5c8ikqw1QwDQYJKoZIhvcNAQEL
BQAwFzEVMBMGA1UEAwwMZ2FtZS5leGFtcGxlMCAXDTI2MTEyNzE5NDE1NVoYDzIx
MjYxMTAzMTk0MTU1WjAXMRUwEwYDVQQDDAxnYW1lLmV4YW1wbGUwggEiMA0GCSqG
SIb3DQEBAQUAA4IBDwAwggEKAoIBAQC5CCxeLHnNDyPQkecwm/mjj4RBtHCJhFU5
SXCObproGuIZAH97QZ6CalGkPeMg2rEF9UAc0Gz5jiITz20Yknh9EYsq//BIxR9v
Ae1G10NiJQ1Bv7dkNSYyho2Kav2Ote1Fkt5BRuxzV7301JqGw5lYvh+gcqzE3wHe
SDWXm14nJ4aLa+a3be36QAG1S1tOV096dPRcQ/l3jA9gRFopVLuVFF3Ew5qgv1Dp
DOwpVCnTcqxcApoFqLqTu2T23SonoUwu92XwREJLeJBGgwhk6VLzsc1bSIDLpoqG
Bq6OVhQqCxUXfJfVGdN+IYn9KRZlR5asjOmitwzIu35dtks5lbi3AgMBAAGjUzBR
MB0GA1UdDgQWBBQNfZH2k3Azk+sQ7tu7fCTHCqzbPjAfBgNVHSMEGDAWgBQNfZH2
k3Azk+sQ7tu7fCTHCqzbPjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUA
A4IBAQCZxHg4nbYU6bpLEEXQler0DlN4jFK6FGoqAdxLlpA/KH9zhvWl94766LJI
omFTdcl6Lu6T+GxyOhuuaolYeKbclF4EM5mQvYw8iQ1QPFblPHiiV/sGvywnRTSc
y18Px9oejhp9yXdwhr6QwJzR9zNiEcWXJPo7G1Lflett99RSh4FCzpS+DFeCcm0T
+jgd4VFu/6Ultgh7XUR6v0IJTkWy1QdrDkCCeD5RRAwvmDXpNQYXpp90SWmytkQq
RRgv6AYABSyH21cbo9cdZ66EmLgOGlXXnvrCBKN2eGbyAgCwGM21Tg17g3yBdqRD
yD/p26bLkEbwipFPRBsq1exoyTc2
-----END CERTIFICATE-----
`,
};

const spkiOf = (text: string) => readPublicKeyPem(text).export({ type: 'spki', format: 'pem' });

describe('a public key in PEM', () => {
	it.each([
		['as openssl writes it', made.spki],
		['in the older PKCS#1 form', made.pkcs1],
		['inside a certificate', made.certificate],
		['with Windows line breaks', made.spki.replaceAll('\n', '\r\n')],
		['with its line breaks turned into spaces', made.spki.replaceAll('\n', ' ')],
		['with its line breaks written out', made.spki.replaceAll('\n', '\\n')],
		['with its line breaks lost', made.spki.replaceAll('\n', '')],
		['with a byte order mark and zero-width spaces', `\ufeff${made.spki.replaceAll('\n', '\u200b\n')}\u2060`],
		['with no-break spaces', `\u00a0${made.spki.replaceAll(' ', '\u00a0').replaceAll('\n', '\u00a0')}`],
		['with words around it', `Our key:\n\n${made.spki}\nregards`],
	])('is read %s', (_, text) => {
		expect(spkiOf(text)).toBe(made.spki);
	});

	it.each([
		[
			'an Ed25519 key of small order',
			`-----BEGIN PUBLIC KEY-----\n${Buffer.from(`302a300506032b6570032100${'00'.repeat(32)}`, 'hex').toString('base64')}\n-----END PUBLIC KEY-----`,
			/belongs to no private key/,
		],
		['nothing', '', /holds no PEM/],
		['words', 'the key you know', /holds no PEM/],
		['a block without its end', made.spki.split('\n').slice(0, -2).join('\n'), /holds no PEM/],
		['a block that ends otherwise', made.spki.replace('END PUBLIC', 'END RSA PUBLIC'), /holds no PEM/],
		['a damaged block', made.spki.replace(/MII[A-Za-z0-9+/]{20}/, 'MII'), /damaged or incomplete/],
		[
			'something else in a PEM block',
			made.spki.replaceAll('PUBLIC KEY', 'X509 CRL'),
			/damaged or incomplete/,
		],
		['a private key', made.privatePem, /holds a private key/],
	])('is not %s', (_, text, reason) => {
		expect(() => readPublicKeyPem(text)).toThrow(UnusableCredential);
		expect(() => readPublicKeyPem(text)).toThrow(reason);
	});

	it('is never quoted when it turns out to be a private one', () => {
		const secretPart = made.privatePem.split('\n')[3] ?? '';
		expect(secretPart).toHaveLength(64);
		expect(() => readPublicKeyPem(made.privatePem)).toThrow(
			expect.objectContaining({ message: expect.not.stringContaining(secretPart) }),
		);
	});
});
