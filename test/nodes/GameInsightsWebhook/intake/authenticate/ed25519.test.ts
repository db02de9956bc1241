import { generateKeyPairSync, sign } from 'crypto';
import {
	proveByEd25519,
	readEd25519PublicKey,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/ed25519';
import { UnusableCredential } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/unusableCredential';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const hex = bytes.toString('hex');
const base64 = bytes.toString('base64');

it.each([
	['hex', hex],
	['hex', ` ${hex.toUpperCase()}\n`],
	['whpk', base64],
	['whpk', `whpk_${base64}`],
	['whpk', `\twhpk_${base64} `],
] as const)('a public key in %s is read as senders show it: %j', (encoding, text) => {
	expect(readEd25519PublicKey(text, encoding).equals(publicKey)).toBe(true);
});

it.each([
	['hex', hex.slice(2), '64 hexadecimal characters'],
	['hex', '', '64 hexadecimal characters'],
	['whpk', base64.slice(4), 'base64 of 32 bytes, usually after "whpk_"'],
	['whpk', `key whpk_${base64}`, 'base64 of 32 bytes, usually after "whpk_"'],
] as const)('what is no public key in %s is told so: %j', (encoding, text, form) => {
	expect(() => readEd25519PublicKey(text, encoding)).toThrow(
		new UnusableCredential(`The field "Public Key" is not an Ed25519 public key (expected: ${form}).`),
	);
});

it('a signature over text and bytes is right for them in this order alone', () => {
	const body = Buffer.from([0, 255, 10]);
	const signature = sign(null, Buffer.concat([Buffer.from('1700000000.'), body]), privateKey);
	const prove = proveByEd25519(publicKey);
	expect(prove(['1700000000.', body])(signature)).toBe(true);
	expect(prove([body, '1700000000.'])(signature)).toBe(false);
	expect(prove(['1700000001.', body])(signature)).toBe(false);
});
