import { createHash, timingSafeEqual } from 'crypto';
import type { Authentication, LocalVerifier } from './authentication';
import {
	optionalSecretField,
	secretField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { readApiKey } from '../../../shared/credential/apiKey';
import { readKeyPlace } from './sentKey';
import { unauthorized } from './unauthorized';

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
