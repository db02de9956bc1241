import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { readPublicKeyPem } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/publicKeyPem';
import { UnusableCredential } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/unusableCredential';

/** A key and a certificate, all made by openssl. */
const made = (() => {
	const folder = mkdtempSync(path.join(tmpdir(), 'game-insights-pem-'));
	const openssl = (...options: string[]) =>
		execFileSync('openssl', options, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
	try {
		openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'private.pem');
		openssl(
			'req',
			'-new',
			'-x509',
			'-key',
			'private.pem',
			'-subj',
			'/CN=game.example',
			'-out',
			'certificate.pem',
		);
		return {
			privatePem: readFileSync(path.join(folder, 'private.pem'), 'utf8'),
			certificate: readFileSync(path.join(folder, 'certificate.pem'), 'utf8'),
			spki: openssl('rsa', '-in', 'private.pem', '-pubout'),
			pkcs1: openssl('rsa', '-in', 'private.pem', '-RSAPublicKey_out'),
		};
	} finally {
		rmSync(folder, { recursive: true });
	}
})();

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
		['with words around it', `Our key:\n\n${made.spki}\nregards`],
	])('is read %s', (_, text) => {
		expect(spkiOf(text)).toBe(made.spki);
	});

	it.each([
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
