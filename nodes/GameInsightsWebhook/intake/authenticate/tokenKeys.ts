import { webcrypto } from 'crypto';
import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters, KeyObject } from 'jose';
import type { FetchJson } from './authentication';
import {
	addressField,
	secretField,
	textField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { readPublicKeyPem } from '../../../shared/credential/publicKeyPem';
import { createRemoteKeySet, examineKeySet } from './remoteKeySet';
import { readSecret, tokenSecretRule } from '../../../shared/credential/secretStrength';
import {
	allowAlgorithms,
	areAlgorithmsChosen,
	fitAlgorithmsToKey,
	KEY_PAIR_ALGORITHMS,
	SECRET_ALGORITHMS,
} from '../../../shared/credential/tokenAlgorithms';
import { UnusableCredential } from '../../../shared/credential/unusableCredential';

/** How tokens are verified. */
export interface TokenKeys {
	/** The only algorithms that a token may use. */
	readonly algorithms: readonly string[];
	/**
	 * The keys that a token may have been signed with. A match with one of them is enough.
	 * @throws Refusal 500 `not_configured` while there are none.
	 */
	readonly findKeys: (
		header: JWSHeaderParameters,
		token: FlattenedJWSInput,
		nowMs: number,
		fetchJson: FetchJson,
	) => Promise<ReadonlyArray<KeyObject | CryptoKey>>;
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
			return readSharedSecret(data);
		case 'publicKey':
			return readPublicKey(data);
		case 'jwksUrl':
			return readRemoteKeys(data);
		default:
			throw new UnusableCredential('The field "Key Type" holds a type that is not known.');
	}
}

function readSharedSecret(data: CredentialData): TokenKeys {
	const algorithms = allowAlgorithms(data.algorithms, Object.keys(SECRET_ALGORITHMS));
	const rule = tokenSecretRule(algorithms, areAlgorithmsChosen(data.algorithms), 'Secret');
	const { bytes, advice } = readSecret(secretField(data, 'secret', 'Secret'), rule);
	const imported = new Map<string, Promise<CryptoKey>>();
	return {
		algorithms,
		advice,
		findKeys: async ({ alg = '' }) => {
			const key = imported.get(alg) ?? importSecret(bytes, alg);
			imported.set(alg, key);
			return [await key];
		},
	};
}

/**
 * Web Crypto needs a secret imported for one hash. Doing this for every request would cost as much as the
 * check.
 */
async function importSecret(secret: Buffer, algorithm: string): Promise<CryptoKey> {
	const hash = `SHA-${SECRET_ALGORITHMS[algorithm]}`;
	return await webcrypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['verify']);
}

function readPublicKey(data: CredentialData): TokenKeys {
	const key = readPublicKeyPem(textField(data, 'publicKey'));
	const allowed = allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS);
	return { algorithms: fitAlgorithmsToKey(allowed, key), findKeys: async () => [key], advice: [] };
}

function readRemoteKeys(data: CredentialData): TokenKeys {
	const url = readJwksUrl(data);
	const algorithms = allowAlgorithms(data.algorithms, KEY_PAIR_ALGORITHMS);
	const keySet = createRemoteKeySet(url.href);
	return {
		algorithms,
		findKeys: keySet.findKeys,
		advice: isOpenToOthers(url)
			? ['The JWKS URL begins with http: whoever sits on the way can put their own keys there. Use https.']
			: [],
		examine: async (fetchJson) => await examineKeySet(url.href, algorithms, fetchJson),
	};
}

function readJwksUrl(data: CredentialData): URL {
	const url = addressField(data, 'jwksUrl', 'JWKS URL');
	if (url === '')
		throw new UnusableCredential('The field "JWKS URL" must be an address that begins with https://.');
	return new URL(url);
}

function isOpenToOthers({ protocol, hostname }: URL): boolean {
	return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
