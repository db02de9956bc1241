import { createHash, timingSafeEqual } from 'crypto';
import type { Authentication, LocalVerifier } from './authentication';
import { headerNameField, optionalSecretField, secretField, type CredentialData } from './credentialField';
import { readHeader } from './requestHeader';
import { adviseOnSecret } from './secretStrength';
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
	const apiKey = secretField(data, 'apiKey', 'API Key');
	const previousApiKey = optionalSecretField(data, 'previousApiKey');
	for (const key of [apiKey, previousApiKey]) {
		if (key !== undefined && key.trim() !== key) {
			throw new UnusableCredential('An API key begins or ends with a space, which no HTTP header can carry.');
		}
	}
	const current = digest(apiKey, 'utf8');
	// Without a previous key its place is taken by the current one, so that both cases take the same time.
	const previous = previousApiKey === undefined ? current : digest(previousApiKey, 'utf8');
	return {
		// An old key opens the door as wide as a new one.
		advice: [
			...adviseOnSecret('API Key', apiKey),
			...(previousApiKey === undefined ? [] : adviseOnSecret('Previous API Key', previousApiKey)),
		],
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
