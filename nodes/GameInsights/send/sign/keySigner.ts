import {
	headerNameField,
	type CredentialData,
} from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import { UnusableCredential } from '../../../GameInsightsWebhook/intake/authenticate/unusableCredential';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';

/** What a header may carry (RFC 9110, section 5.5), without the blanks at its ends that nobody gets to see. */
const HEADER_VALUE = /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/**
 * Puts the API key into its header.
 * @throws UnusableCredential
 */
export function buildKeySigner(data: CredentialData): Signer {
	// Node.js writes headers as Latin-1; a key beyond ASCII goes as UTF-8, which is how the trigger reads it.
	const value = Buffer.from(signingSecret(data, 'apiKey', 'API Key')).toString('latin1');
	if (!HEADER_VALUE.test(value)) {
		throw new UnusableCredential(
			'The API key begins or ends with a space, or holds a line break: no HTTP header can carry it.',
		);
	}
	const headers = { [headerNameField(data, 'headerName', 'Header Name', 'X-API-Key')]: value };
	return async () => headers;
}
