import type { AuthenticationMethod } from '../authenticationMethod';

/** Who sent a request, as far as the credential shows it. Never contains a secret, a token or a signature. */
export interface Sender {
	readonly method: AuthenticationMethod;
	/** Which key of the credential matched: `current`, `previous`, or a token's `kid`. */
	readonly keyId: string;
	/** A token's claims; null for the other methods. */
	readonly claims: Readonly<Record<string, unknown>> | null;
}
