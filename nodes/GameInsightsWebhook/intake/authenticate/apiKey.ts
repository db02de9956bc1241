import { createHash, timingSafeEqual } from 'crypto';
import type { Authentication, LocalVerifier } from './authentication';
import { headerNameField, optionalSecretField, secretField, type CredentialData } from './credentialField';
import { readHeader } from './requestHeader';
import { apiKeyRule, readSecret, type ReadSecret } from './secretStrength';
import { unauthorized } from './unauthorized';
import { UnusableCredential } from './unusableCredential';

const AUTHENTICATIONS = {
	current: authenticationBy('current'),
	previous: authenticationBy('previous'),
};

/**
 * Checks a static key in a header.
 * @throws UnusableCredential
 */
export function buildApiKeyVerifier(data: CredentialData): LocalVerifier {
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'X-API-Key');
	const apiKey = readApiKey(secretField(data, 'apiKey', 'API Key'), 'API Key');
	const previousText = optionalSecretField(data, 'previousApiKey');
	const previousApiKey =
		previousText === undefined ? undefined : readApiKey(previousText, 'Previous API Key');
	const current = digest(apiKey.text, 'utf8');
	// Without a previous key its place is taken by the current one, so that both cases take the same time.
	const previous = previousApiKey === undefined ? current : digest(previousApiKey.text, 'utf8');
	return {
		// An old key opens the door as wide as a new one.
		advice: [...apiKey.advice, ...(previousApiKey?.advice ?? [])],
		verify: (request) => {
			// Node.js gives header bytes as Latin-1; a key beyond ASCII was sent as UTF-8.
			const sent = digest(readHeader(request, headerName), 'latin1');
			const isCurrent = timingSafeEqual(sent, current);
			const isPrevious = timingSafeEqual(sent, previous);
			if (isCurrent) return AUTHENTICATIONS.current;
			if (isPrevious) return AUTHENTICATIONS.previous;
			throw unauthorized(`The API key in the header "${headerName}" is wrong.`);
		},
	};
}

/**
 * What a header may carry (RFC 9110, section 5.5), without the blanks at its ends that nobody gets to see.
 */
const HEADER_VALUE = /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/**
 * Judges an API key, for whoever checks or sends it.
 * @param label The field's name in the form.
 * @throws UnusableCredential when it would keep nobody out, or no header can carry it.
 */
export function readApiKey(text: string, label: string): ReadSecret {
	if (!HEADER_VALUE.test(apiKeyInHeader(text))) {
		throw new UnusableCredential(
			`The field "${label}" begins or ends with a space, or holds a line break: no HTTP header can carry it.`,
		);
	}
	return readSecret(text, apiKeyRule(label));
}

/** Node.js writes and reads headers as Latin-1; a key beyond ASCII goes as UTF-8. */
export function apiKeyInHeader(apiKey: string): string {
	return Buffer.from(apiKey, 'utf8').toString('latin1');
}

/** Digests have one length, so comparing them tells nothing of how long the key is. */
function digest(key: string, encoding: 'utf8' | 'latin1'): Buffer {
	return createHash('sha256').update(key, encoding).digest();
}

function authenticationBy(keyId: string): Authentication {
	return {
		sender: { method: 'apiKey', keyId, claims: null },
		deduplicationKey: null,
		handshake: null,
		acceptance: null,
		translate: null,
	};
}
