import { createPublicKey, verify, type KeyObject } from 'crypto';
import { strip } from './invisible';
import { decodeBase64, decodeHex } from './keyBytes';
import type { VerificationKey } from './proof';
import type { PublicKeyEncoding } from '../senders/scheme';
import { UnusableCredential } from './unusableCredential';

/** The bytes before the 32 key bytes in a SubjectPublicKeyInfo, RFC 8410, section 4. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/**
 * The points of small order, without the sign bit. With one of these as public key, signatures that fit some
 * or all messages can be made without a private key. No key pair has such a point, but a field filled with
 * zeros does.
 * Source: github.com/jedisct1/libsodium, ge25519_has_small_order; RFC 8032, section 5.1.7, does not require
 * the check.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000000',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/**
 * Reads a public key as senders show it.
 * @throws UnusableCredential
 */
export function readEd25519PublicKey(text: string, encoding: PublicKeyEncoding): KeyObject {
	const typed = strip(text);
	const bytes = encoding === 'hex' ? decodeHex(typed) : decodeBase64(typed.replace(/^whpk_/, ''));
	if (bytes?.length !== KEY_BYTES || isOfSmallOrder(bytes)) {
		const form =
			encoding === 'hex' ? '64 hexadecimal characters' : 'base64 of 32 bytes, usually after "whpk_"';
		throw new UnusableCredential(`The field "Public Key" is not an Ed25519 public key (expected: ${form}).`);
	}
	return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
}

/** @param key The 32 bytes of an Ed25519 public key. */
export function isOfSmallOrder(key: Buffer): boolean {
	const withoutSign = Buffer.from(key);
	withoutSign[KEY_BYTES - 1] = (withoutSign[KEY_BYTES - 1] ?? 0) & 0x7f;
	return SMALL_ORDER.has(withoutSign.toString('hex'));
}

/** Ed25519, RFC 8032. */
export function proveByEd25519(publicKey: KeyObject): VerificationKey['prove'] {
	return (content) => {
		const message = Buffer.concat(
			content.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
		);
		return (signature) => verify(null, message, publicKey, signature);
	};
}
