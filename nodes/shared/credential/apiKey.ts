import { apiKeyRule, readSecret, type ReadSecret } from './secretStrength';
import { UnusableCredential } from './unusableCredential';

/** Where a request carries an API key. */
export type SentIn = 'header' | 'basicAuth' | 'query';

/**
 * The characters that a header value may contain (RFC 9110, section 5.5), without spaces at its ends, which
 * are removed on the way.
 */
const HEADER_VALUE = /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/**
 * Checks an API key, both for receiving and for sending.
 * @param label The field's name in the form.
 * @param sentIn Where it is sent.
 * @throws UnusableCredential when it would give no protection, or no header can contain it.
 */
export function readApiKey(text: string, label: string, sentIn: SentIn = 'header'): ReadSecret {
	if (sentIn === 'header' && !HEADER_VALUE.test(apiKeyInHeader(text))) {
		throw new UnusableCredential(
			`The field "${label}" begins or ends with a space, or holds a line break: no HTTP header can carry it.`,
		);
	}
	return readSecret(text, apiKeyRule(label));
}

/** Node.js writes and reads headers as Latin-1. A key with other characters than ASCII is sent as UTF-8. */
export function apiKeyInHeader(apiKey: string): string {
	return Buffer.from(apiKey, 'utf8').toString('latin1');
}
