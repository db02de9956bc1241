import type { CredentialData } from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import type { AuthenticationMethod } from '../../../shared/authenticationMethod';
import { buildKeySigner } from './keySigner';
import { buildSignatureSigner } from './signatureSigner';
import type { Signer } from './signer';
import { buildTokenSigner } from './tokenSigner';

const BUILDERS: Readonly<Record<AuthenticationMethod, (data: CredentialData) => Signer>> = {
	apiKey: buildKeySigner,
	hmac: buildSignatureSigner,
	jwt: buildTokenSigner,
};

/**
 * Makes the signer of a credential: the counterpart of what the trigger checks with the same credential.
 * @throws UnusableCredential in plain words for its owner, when nothing can be signed with it.
 */
export function buildSigner(method: AuthenticationMethod, data: CredentialData): Signer {
	return BUILDERS[method](data);
}
