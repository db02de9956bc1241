import type { CredentialData } from '../../../GameInsightsWebhook/intake/authenticate/credentialField';
import type { AuthenticationMethod } from '../../../GameInsightsWebhook/settings';
import { buildKeySigner } from './keySigner';
import { buildSignatureSigner } from './signatureSigner';
import { buildTokenSigner } from './tokenSigner';

/** What a signature is made of besides the credential. */
export interface Occasion {
	/** Milliseconds since the epoch. */
	readonly nowMs: number;
	/** Never used before: for schemes that sign an id with each message. */
	readonly newId: () => string;
}

/**
 * The headers that prove to a Game Insights Webhook who sends these bytes; to be made anew for every request, because
 * most of them say when.
 */
export type Signer = (body: Buffer, occasion: Occasion) => Promise<Readonly<Record<string, string>>>;

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
