import { hash } from 'crypto';
import type { AuthenticationMethod } from '../../../shared/authenticationMethod';
import { BoundedMap } from '../boundedMap';
import type { IncomingRequest } from '../receipt';
import { type Refusal, notConfigured } from '../../../shared/refusal';
import { buildApiKeyVerifier } from './apiKey';
import type { Authenticator, FetchJson, Verifier } from './authentication';
import type { CredentialData } from '../../../shared/credential/credentialField';
import { buildSignatureVerifier } from './signature';
import { buildTokenVerifier } from './token';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';

/** What there is to say about a credential, in plain words for its owner; never a part of a secret. */
export interface CredentialReport {
	/** Whether it can verify anybody. */
	readonly usable: boolean;
	/** What is wrong, or weak; empty when all is well. */
	readonly findings: readonly string[];
}

const BUILDERS: Readonly<Record<AuthenticationMethod, (data: CredentialData) => Verifier>> = {
	apiKey: buildApiKeyVerifier,
	hmac: buildSignatureVerifier,
	jwt: buildTokenVerifier,
};

/** Keys are read and imported once for each content of a credential. */
const verifiers = new BoundedMap<Verifier | UnusableCredential>(100);

/**
 * Makes the check for a credential. Never throws: a credential that can verify nobody gives a check that lets nobody
 * in. Cheap enough to be called for every request.
 * @param credentialData The credential's decrypted fields.
 * @param fetchJson Where tokens are checked with keys from an address.
 */
export function buildAuthenticator(
	method: AuthenticationMethod,
	credentialData: CredentialData,
	fetchJson: FetchJson = fetchNothing,
): Authenticator {
	const verifier = findVerifier(method, credentialData);
	if (verifier instanceof UnusableCredential) {
		return async () => {
			throw unusable(verifier);
		};
	}
	const authenticate = async (request: IncomingRequest) => await verifier.verify(request, fetchJson);
	const { answers, hasOwnFormat } = verifier;
	return Object.assign(authenticate, { answers, hasOwnFormat });
}

/** Says what is wrong with a credential, for the credential's own test and for the log. */
export async function examineCredential(
	method: AuthenticationMethod,
	credentialData: CredentialData,
	fetchJson: FetchJson = fetchNothing,
): Promise<CredentialReport> {
	const verifier = findVerifier(method, credentialData);
	if (verifier instanceof UnusableCredential) return { usable: false, findings: [verifier.message] };
	const faults = (await verifier.examine?.(fetchJson)) ?? [];
	return { usable: faults.length === 0, findings: [...faults, ...verifier.advice] };
}

/**
 * For how long, in milliseconds, a request of the credential's senders would be let in again at most; 0 where
 * they sign no time, or nobody is let in.
 */
export function replayableForMs(method: AuthenticationMethod, credentialData: CredentialData): number {
	const verifier = findVerifier(method, credentialData);
	return verifier instanceof UnusableCredential ? 0 : (verifier.replayableForMs ?? 0);
}

async function fetchNothing(): Promise<never> {
	throw new Error('nothing can be fetched from here');
}

function findVerifier(method: AuthenticationMethod, data: CredentialData): Verifier | UnusableCredential {
	// Not the content itself: secrets of credentials long gone should not stay in memory as text.
	const content = hash('sha256', method + JSON.stringify(data ?? null), 'base64');
	const known = verifiers.get(content);
	if (known !== undefined) return known;
	const verifier = build(method, data);
	verifiers.set(content, verifier);
	return verifier;
}

function build(method: AuthenticationMethod, data: CredentialData): Verifier | UnusableCredential {
	try {
		return BUILDERS[method](data);
	} catch (error) {
		if (error instanceof UnusableCredential) return error;
		// Closed by default, whatever went wrong; the error's own text might quote the credential.
		return new UnusableCredential('The credential could not be read.');
	}
}

const unusable = ({ message }: UnusableCredential): Refusal =>
	notConfigured(`The credential can't verify anybody: ${message}`);
