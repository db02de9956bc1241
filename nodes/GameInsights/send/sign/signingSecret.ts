import {
	optionalSecretField,
	type CredentialData,
} from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import { UnusableCredential } from '../../../GameInsightsWebhook/intake/authenticate/unusableCredential';

/**
 * A secret that is needed to send.
 * @param label The field's name in the form.
 * @throws UnusableCredential when it is empty.
 */
export function signingSecret(data: CredentialData, name: string, label: string): string {
	const secret = optionalSecretField(data, name);
	if (secret === undefined) {
		throw new UnusableCredential(
			`The field "${label}" is empty, so nothing can be sent with this credential.`,
		);
	}
	return secret;
}
