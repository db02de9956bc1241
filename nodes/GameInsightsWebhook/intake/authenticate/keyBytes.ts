import type { SecretEncoding } from './schemes/scheme';
import { UnusableCredential } from './unusableCredential';

const HEX = /^(?:[0-9a-f]{2})+$/i;
/** Standard or URL-safe alphabet, with or without padding. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * The bytes a user's secret stands for.
 * @param label The field's name in the form.
 * @throws UnusableCredential when the secret is not written in that encoding.
 */
export function readKeyBytes(secret: string, encoding: SecretEncoding, label: string): Buffer {
	switch (encoding) {
		case 'utf8':
			return Buffer.from(secret, 'utf8');
		case 'hex':
			if (!HEX.test(secret)) throw new UnusableCredential(`The field "${label}" is not written in hex.`);
			return Buffer.from(secret, 'hex');
		case 'base64':
			return readBase64(secret, label);
		case 'whsec':
			return readBase64(secret.replace(/^whsec_/, ''), label);
	}
}

function readBase64(text: string, label: string): Buffer {
	if (!BASE64.test(text)) throw new UnusableCredential(`The field "${label}" is not written in base64.`);
	return Buffer.from(text, 'base64');
}
