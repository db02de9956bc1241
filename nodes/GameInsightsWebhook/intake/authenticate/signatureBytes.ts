import type { SignatureEncoding } from '../../../shared/senders/scheme';

const HEX = /^(?:[0-9a-f]{2})+$/i;

/**
 * The bytes of a signature in hex (upper or lower case, RFC 4648, section 8) or in canonical base64. In the
 * URL-safe form the padding `=` is optional (section 5). Undefined for anything else: Node.js would skip
 * characters that it can't read.
 */
export function readSignatureBytes(text: string, encoding: SignatureEncoding): Buffer | undefined {
	if (encoding === 'hex') return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
	const bytes = Buffer.from(text, encoding);
	const written = bytes.toString(encoding);
	const padding = '='.repeat((4 - (written.length % 4)) % 4);
	const isCanonical = text === written || text === written + padding;
	return bytes.length > 0 && isCanonical ? bytes : undefined;
}
