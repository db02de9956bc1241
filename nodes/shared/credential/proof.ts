import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'crypto';
import type { Hash } from '../senders/scheme';
import type { SignedContent } from './signedContent';

/** One key that a signature may have been made with. */
export interface VerificationKey {
	/** Told to the user, so that they see when an old key is no longer needed. */
	readonly keyId: 'current' | 'previous';
	/** Only signatures of this version are compared; null where the sender marks none. */
	readonly version: string | null;
	/** For `{secret}` in the signed content; empty where it is not used. */
	readonly secret: string;
	/** What there is to say to its owner about the secret behind it. */
	readonly advice: readonly string[];
	/** Calculates once for a request; the answer then judges each signature that came with it. */
	readonly prove: (content: SignedContent) => (signature: Buffer) => boolean;
	/** Signs as the sender does; left out for a key that makes no HMACs. */
	readonly hmac?: (content: SignedContent) => Buffer;
}

/** Judges signatures by their HMAC. */
export function proveByHmac(hash: Hash, key: Buffer): VerificationKey['prove'] {
	const hmac = hmacBy(hash, key);
	return (content) => sameBytesAs(hmac(content));
}

/**
 * HMAC, RFC 2104. The key is imported once: Node.js 24 spends more on importing bytes than on the HMAC of a
 * small event.
 */
export function hmacBy(hash: Hash, key: Buffer): (content: SignedContent) => Buffer {
	const secretKey = createSecretKey(key);
	return (content) => {
		const hmac = createHmac(hash, secretKey);
		for (const piece of content) hmac.update(piece);
		return hmac.digest();
	};
}

/** A bare hash, for senders that put the secret into the signed content. */
export function proveByDigest(hash: Hash): VerificationKey['prove'] {
	return (content) => {
		const digest = createHash(hash);
		for (const piece of content) digest.update(piece);
		return sameBytesAs(digest.digest());
	};
}

/** In constant time; a signature's length is public. */
function sameBytesAs(expected: Buffer): (signature: Buffer) => boolean {
	return (signature) => signature.length === expected.length && timingSafeEqual(signature, expected);
}
