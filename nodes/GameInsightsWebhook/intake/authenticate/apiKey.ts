import { createHash, timingSafeEqual } from 'crypto';
import type { Authentication, LocalVerifier } from './authentication';
import {
	optionalSecretField,
	secretField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { apiKeyRule, readSecret, type ReadSecret } from '../../../shared/credential/secretStrength';
import { readKeyPlace, type KeyPlace } from './sentKey';
import { unauthorized } from './unauthorized';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';

const AUTHENTICATIONS = {
	current: authenticationBy('current'),
	previous: authenticationBy('previous'),
};

/**
 * Checks a static key in a header, in Basic authentication or in a query parameter.
 * @throws UnusableCredential
 */
export function buildApiKeyVerifier(data: CredentialData): LocalVerifier {
	const place = readKeyPlace(data);
	const apiKey = readApiKey(secretField(data, 'apiKey', 'API Key'), 'API Key', place.kind);
	const previousText = optionalSecretField(data, 'previousApiKey');
	const previousApiKey =
		previousText === undefined ? undefined : readApiKey(previousText, 'Previous API Key', place.kind);
	const current = digest(Buffer.from(apiKey.text, 'utf8'));
	// Without a previous key the current one is used in its place, so that both cases take the same time.
	const previous = previousApiKey === undefined ? current : digest(Buffer.from(previousApiKey.text, 'utf8'));
	return {
		// An old key gives the same access as a new one.
		advice: [...apiKey.advice, ...(previousApiKey?.advice ?? [])],
		verify: (request) => {
			let isCurrent = false;
			let isPrevious = false;
			// Every key is always compared, so that the time does not show which one matched.
			for (const sent of place.read(request).map(digest)) {
				isCurrent = timingSafeEqual(sent, current) || isCurrent;
				isPrevious = timingSafeEqual(sent, previous) || isPrevious;
			}
			if (isCurrent) return AUTHENTICATIONS.current;
			if (isPrevious) return AUTHENTICATIONS.previous;
			throw unauthorized(`The API key in ${place.words} is wrong.`, place.challenge);
		},
	};
}

/**
 * The characters that a header value may contain (RFC 9110, section 5.5), without spaces at its ends, which
 * are removed on the way.
 */
const HEADER_VALUE = /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/**
 * Checks an API key, both for receiving and for sending.
 * @param label The field's name in the form.
 * @param kind Where it is sent.
 * @throws UnusableCredential when it would give no protection, or no header can contain it.
 */
export function readApiKey(text: string, label: string, kind: KeyPlace['kind'] = 'header'): ReadSecret {
	if (kind === 'header' && !HEADER_VALUE.test(apiKeyInHeader(text))) {
		throw new UnusableCredential(
			`The field "${label}" begins or ends with a space, or holds a line break: no HTTP header can carry it.`,
		);
	}
	return readSecret(text, apiKeyRule(label));
}

/** Node.js writes and reads headers as Latin-1. A key with other characters than ASCII is sent as UTF-8. */
export function apiKeyInHeader(apiKey: string): string {
	return Buffer.from(apiKey, 'utf8').toString('latin1');
}

/** All digests have the same length, so comparing them does not reveal the length of the key. */
function digest(key: Buffer): Buffer {
	return createHash('sha256').update(key).digest();
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
