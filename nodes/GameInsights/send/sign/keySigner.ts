import { apiKeyInHeader, readApiKey } from '../../../GameInsightsWebhook/intake/authenticate/apiKey';
import {
	headerNameField,
	type CredentialData,
} from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';

/**
 * Puts the API key into its header.
 * @throws UnusableCredential
 */
export function buildKeySigner(data: CredentialData): Signer {
	const { text } = readApiKey(signingSecret(data, 'apiKey', 'API Key'), 'API Key');
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'X-API-Key');
	const headers = { [headerName]: apiKeyInHeader(text) };
	return async () => headers;
}
