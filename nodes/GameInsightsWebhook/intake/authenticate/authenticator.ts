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

/**
 * Finds what checks requests against a credential; what is wrong with it where it can verify nobody. Never
 * throws.
 */
export type FindVerifier = (
	method: AuthenticationMethod,
	credentialData: CredentialData,
) => Verifier | UnusableCredential;

/** Of more credentials than most n8n have. */
const MOST_KNOWN = 100;

/**
 * Verifiers by what their credentials say: keys are read, imported and fetched once for each content of a
 * credential.
 */
export class KnownVerifiers {
	private readonly known = new BoundedMap<Verifier | UnusableCredential>(MOST_KNOWN);

	readonly find: FindVerifier = (method, data) => {
		// Not the content itself: secrets of credentials long gone should not stay in memory as text.
		const content = hash('sha256', method + JSON.stringify(data ?? null), 'base64');
		const known = this.known.get(content);
		if (known !== undefined) return known;
		const verifier = buildVerifier(method, data);
		this.known.set(content, verifier);
		return verifier;
	};
}

/**
 * Makes the check for a credential. Never throws: a credential that can verify nobody gives a check that lets
 * nobody in. Cheap enough to be called for every request, with verifiers that are known.
 * @param credentialData The credential's decrypted fields.
 * @param fetchJson Where tokens are checked with keys from an address.
 * @param findVerifier By itself reads the credential anew.
 */
export function buildAuthenticator(
	method: AuthenticationMethod,
	credentialData: CredentialData,
	fetchJson: FetchJson = fetchNothing,
	findVerifier: FindVerifier = buildVerifier,
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
	const verifier = buildVerifier(method, credentialData);
	if (verifier instanceof UnusableCredential) return { usable: false, findings: [verifier.message] };
	const faults = (await verifier.examine?.(fetchJson)) ?? [];
	return { usable: faults.length === 0, findings: [...faults, ...verifier.advice] };
}

/**
 * For how long, in milliseconds, a request of the credential's senders would be let in again at most; 0 where
 * they sign no time, or nobody is let in.
 */
export function replayableForMs(method: AuthenticationMethod, credentialData: CredentialData): number {
	const verifier = buildVerifier(method, credentialData);
	return verifier instanceof UnusableCredential ? 0 : (verifier.replayableForMs ?? 0);
}

async function fetchNothing(): Promise<never> {
	throw new Error('nothing can be fetched from here');
}

function buildVerifier(method: AuthenticationMethod, data: CredentialData): ReturnType<FindVerifier> {
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
