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

/** A report about a credential, in plain words for its owner. Contains no part of a secret. */
export interface CredentialReport {
	/** Whether it can verify requests. */
	readonly usable: boolean;
	/** What is wrong or weak. Empty when there is no problem. */
	readonly findings: readonly string[];
}

const BUILDERS: Readonly<Record<AuthenticationMethod, (data: CredentialData) => Verifier>> = {
	apiKey: buildApiKeyVerifier,
	hmac: buildSignatureVerifier,
	jwt: buildTokenVerifier,
};

/**
 * Returns the verifier of a credential, or what is wrong when the credential can't verify any request. Never
 * throws.
 */
export type FindVerifier = (
	method: AuthenticationMethod,
	credentialData: CredentialData,
) => Verifier | UnusableCredential;

/** More credentials than most n8n instances have. */
const MOST_KNOWN = 100;

/**
 * Verifiers by the content of their credentials: keys are read, imported and fetched once for each content.
 */
export class KnownVerifiers {
	private readonly known = new BoundedMap<Verifier | UnusableCredential>(MOST_KNOWN);

	readonly find: FindVerifier = (method, data) => {
		// A hash instead of the content: secrets of deleted credentials should not stay in memory as text.
		const content = hash('sha256', method + JSON.stringify(data ?? null), 'base64');
		const known = this.known.get(content);
		if (known !== undefined) return known;
		const verifier = buildVerifier(method, data);
		this.known.set(content, verifier);
		return verifier;
	};
}

/**
 * Makes the check for a credential. Never throws: a credential that can't verify any request gives a check
 * that refuses all requests. With known verifiers it is fast enough to be called for every request.
 * @param credentialData The credential's decrypted fields.
 * @param fetchJson Gets keys from an address, for tokens that need them.
 * @param findVerifier The default reads the credential each time.
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

/** Reports what is wrong with a credential, for the credential's own test and for the log. */
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
 * The longest time, in milliseconds, in which the same request would be accepted again. 0 when senders sign
 * no time, or when all requests are refused.
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
		// After any error all requests are refused. The error's own text might quote the credential.
		return new UnusableCredential('The credential could not be read.');
	}
}

const unusable = ({ message }: UnusableCredential): Refusal =>
	notConfigured(`The credential can't verify anybody: ${message}`);
