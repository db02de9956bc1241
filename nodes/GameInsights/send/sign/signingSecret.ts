import { optionalSecretField, type CredentialData } from '../../../shared/credential/credentialField';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';

/**
 * A secret that is required for sending.
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
