const HEX = /^(?:[0-9a-f]{2})+$/i;

/**
 * The bytes of a signature written as hex (either case, RFC 4648, section 8) or as base64 in its only canonical form;
 * undefined for anything else. Node.js would skip over whatever it can't read.
 */
export function readSignatureBytes(text: string, encoding: 'hex' | 'base64'): Buffer | undefined {
	if (encoding === 'hex') return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
	const bytes = Buffer.from(text, 'base64');
	return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}
