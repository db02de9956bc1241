import { apiKeyInHeader, readApiKey } from '../../../shared/credential/apiKey';
import { headerNameField, textField, type CredentialData } from '../../../shared/credential/credentialField';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';
import type { Signer } from './signer';
import { signingSecret } from './signingSecret';

/**
 * Puts the API key into its header, or into Basic authentication as the password, which may contain a colon
 * (RFC 7617, section 2).
 * @throws UnusableCredential
 */
export function buildKeySigner(data: CredentialData): Signer {
	const key = signingSecret(data, 'apiKey', 'API Key');
	const sentIn = textField(data, 'sentIn');
	if (sentIn === 'query') {
		throw new UnusableCredential(
			'The key of this credential is sent in the address, where logs show it. To send, use a credential with Sent In: Header, and the same on the other side.',
		);
	}
	if (sentIn === 'basicAuth') {
		const { text: password } = readApiKey(key, 'API Key', 'basicAuth');
		const basic = { authorization: `Basic ${Buffer.from(`:${password}`, 'utf8').toString('base64')}` };
		return async () => basic;
	}
	const { text } = readApiKey(key, 'API Key');
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'X-API-Key');
	const headers = { [headerName]: apiKeyInHeader(text) };
	return async () => headers;
}
