import { strip } from './invisible';
import type { SecretEncoding } from '../senders/scheme';
import { UnusableCredential } from './unusableCredential';

const HEX = /^(?:[0-9a-f]{2})+$/i;

/**
 * The bytes of a secret that a user typed.
 * @param label The field's name in the form.
 * @throws UnusableCredential when the secret is not written in that encoding.
 */
export function readKeyBytes(secret: string, encoding: SecretEncoding, label: string): Buffer {
	switch (encoding) {
		case 'utf8':
			return Buffer.from(secret, 'utf8');
		case 'hex':
			return decodeHex(secret) ?? notWritten(secret, label, 'hex');
		case 'base64':
			return decodeBase64(secret) ?? notWritten(secret, label, 'base64');
		case 'whsec':
			// Some users include the version in front of it, as in signatures.
			return decodeBase64(secret.replace(/^(?:v\d+,)?whsec_/, '')) ?? notWritten(secret, label, 'base64');
	}
}

/** The bytes of a text in hex, in upper or lower case. Undefined for anything else, and for an empty text. */
export function decodeHex(text: string): Buffer | undefined {
	return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/**
 * The bytes of a text in base64 (RFC 4648, sections 3.5, 4 and 5), in the standard or the URL-safe alphabet,
 * with or without the padding `=`. Undefined for anything else, and for an empty text: Node.js would skip
 * characters that it can't read, and so two texts would give the same key.
 */
export function decodeBase64(text: string): Buffer | undefined {
	const bytes = Buffer.from(text, 'base64');
	const bare = text.replace(/={1,2}$/, '');
	const isCanonical =
		[bytes.toString('base64url'), bytes.toString('base64').replace(/=+$/, '')].includes(bare) &&
		(bare === text || text.length % 4 === 0);
	return isCanonical && bytes.length > 0 ? bytes : undefined;
}

function notWritten(secret: string, label: string, encoding: 'hex' | 'base64'): never {
	const slip =
		strip(secret) === secret
			? ''
			: ' It begins or ends with a space or line break, or another character that nobody sees: remove it.';
	throw new UnusableCredential(`The field "${label}" is not written in ${encoding}.${slip}`);
}
