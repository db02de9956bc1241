import { createPublicKey, verify, type KeyObject } from 'crypto';
import type { VerificationKey } from './proof';
import type { PublicKeyEncoding } from './schemes/scheme';
import { UnusableCredential } from './unusableCredential';

/** What stands before the 32 key bytes in a SubjectPublicKeyInfo, RFC 8410, section 4. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/**
 * Reads a public key as senders show it.
 * @throws UnusableCredential
 */
export function readEd25519PublicKey(text: string, encoding: PublicKeyEncoding): KeyObject {
	const bytes =
		encoding === 'hex'
			? Buffer.from(text.trim(), 'hex')
			: Buffer.from(text.trim().replace(/^whpk_/, ''), 'base64');
	if (bytes.length !== KEY_BYTES) {
		const form =
			encoding === 'hex' ? '64 hexadecimal characters' : 'base64 of 32 bytes, usually after "whpk_"';
		throw new UnusableCredential(`The field "Public Key" is not an Ed25519 public key (expected: ${form}).`);
	}
	return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
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
