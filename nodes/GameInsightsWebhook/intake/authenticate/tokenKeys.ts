import { webcrypto } from 'crypto';
import type { CryptoKey, JWTVerifyGetKey, KeyObject } from 'jose';
import type { FetchJson } from './authentication';
import { secretField, textField, type CredentialData } from './credentialField';
import { readPublicKeyPem } from './publicKeyPem';
import { createRemoteKeySet, examineKeySet } from './remoteKeySet';
import { adviseOnSecret } from './secretStrength';
import {
	allowAlgorithms,
	fitAlgorithmsToKey,
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from './tokenAlgorithms';
import { UnusableCredential } from './unusableCredential';

/** What tokens are checked with. */
export interface TokenKeys {
	/** The only algorithms a token may use. */
	readonly algorithms: readonly string[];
	/** The key, or the way to find it. */
	readonly keyAt: (nowMs: number, fetchJson: FetchJson) => KeyObject | JWTVerifyGetKey;
	/** Weaknesses, in plain words for the owner of the credential. */
	readonly advice: readonly string[];
	readonly examine?: (fetchJson: FetchJson) => Promise<readonly string[]>;
}

/**
 * Reads the credential's key, by its `keyType`.
 * @throws UnusableCredential
 */
export function readTokenKeys(data: CredentialData): TokenKeys {
	const keyType = textField(data, 'keyType') || 'secret';
	switch (keyType) {
		case 'secret':
			return readSecret(data);
		case 'publicKey':
			return readPublicKey(data);
		case 'jwksUrl':
			return readRemoteKeys(data);
		default:
			throw new UnusableCredential('The field "Key Type" holds a type that is not known.');
	}
}

function readSecret(data: CredentialData): TokenKeys {
	const secret = secretField(data, 'secret', 'Secret');
	const algorithms = allowAlgorithms(data.algorithms, Object.keys(SECRET_ALGORITHMS));
	const leastBits = Math.min(...algorithms.map((algorithm) => SECRET_ALGORITHMS[algorithm] ?? 0));
	const imported = new Map<string, Promise<CryptoKey>>();
	return {
		algorithms,
		advice: adviseOnSecret('Secret', secret, leastBits / 8),
		keyAt:
			() =>
			({ alg }) => {
				const known = imported.get(alg);
				if (known !== undefined) return known;
				const key = importSecret(secret, alg);
				imported.set(alg, key);
				return key;
			},
	};
}

/** Web Crypto wants a secret imported for one hash; doing it for every request would cost as much as checking. */
async function importSecret(secret: string, algorithm: string): Promise<CryptoKey> {
	const hash = `SHA-${SECRET_ALGORITHMS[algorithm]}`;
	return await webcrypto.subtle.importKey('raw', Buffer.from(secret), { name: 'HMAC', hash }, false, [
		'verify',
	]);
}

function readPublicKey(data: CredentialData): TokenKeys {
	const key = readPublicKeyPem(textField(data, 'publicKey'));
	const allowed = allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS);
	return { algorithms: fitAlgorithmsToKey(allowed, key), keyAt: () => key, advice: [] };
}

function readRemoteKeys(data: CredentialData): TokenKeys {
	const url = readJwksUrl(textField(data, 'jwksUrl').trim());
	const algorithms = allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS);
	const keySet = createRemoteKeySet(url.href);
	return {
		algorithms,
		keyAt: (nowMs, fetchJson) => (header, token) => keySet.findKey(header, token, nowMs, fetchJson),
		advice: isOpenToOthers(url)
			? ['The JWKS URL begins with http: whoever sits on the way can put their own keys there. Use https.']
			: [],
		examine: async (fetchJson) => await examineKeySet(url.href, algorithms, fetchJson),
	};
}

function readJwksUrl(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
		throw new UnusableCredential('The field "JWKS URL" must be an address that begins with https://.');
	}
	return url;
}

function isOpenToOthers({ protocol, hostname }: URL): boolean {
	return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
