import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'crypto';
import type { Hash } from '../senders/scheme';
import type { SignedContent } from './signedContent';

/** A key that a signature may have been made with. */
export interface VerificationKey {
	/** Shown to the user, so that they see when an old key is no longer needed. */
	readonly keyId: 'current' | 'previous';
	/** Only signatures of this version are compared. Null when the sender uses no versions. */
	readonly version: string | null;
	/** The value of `{secret}` in the signed content. Empty when it is not used. */
	readonly secret: string;
	/** Advice for the owner about the secret of this key. */
	readonly advice: readonly string[];
	/** Calculates once for a request. The returned function then checks each signature of the request. */
	readonly prove: (content: SignedContent) => (signature: Buffer) => boolean;
	/** Signs like the sender. Left out for a key that can't make HMACs. */
	readonly hmac?: (content: SignedContent) => Buffer;
}

/** Checks signatures by their HMAC. */
export function proveByHmac(hash: Hash, key: Buffer): VerificationKey['prove'] {
	const hmac = hmacBy(hash, key);
	return (content) => sameBytesAs(hmac(content));
}

/**
 * HMAC, RFC 2104. The key is imported only once: Node.js 24 needs more time to import bytes than for the HMAC
 * of a small event.
 */
export function hmacBy(hash: Hash, key: Buffer): (content: SignedContent) => Buffer {
	const secretKey = createSecretKey(key);
	return (content) => {
		const hmac = createHmac(hash, secretKey);
		for (const piece of content) hmac.update(piece);
		return hmac.digest();
	};
}

/** Checks signatures that are only a hash, for senders that put the secret into the signed content. */
export function proveByDigest(hash: Hash): VerificationKey['prove'] {
	return (content) => {
		const digest = createHash(hash);
		for (const piece of content) digest.update(piece);
		return sameBytesAs(digest.digest());
	};
}

/** In constant time. Only the length of a signature is public. */
function sameBytesAs(expected: Buffer): (signature: Buffer) => boolean {
	return (signature) => signature.length === expected.length && timingSafeEqual(signature, expected);
}
