import type { KeyObject } from 'crypto';
import { UnusableCredential } from './unusableCredential';

/** Signature algorithms for a shared secret (RFC 7518, section 3.2) and how many bits each hash has. */
export const SECRET_ALGORITHMS: Readonly<Record<string, number>> = { HS256: 256, HS384: 384, HS512: 512 };

/** Signature algorithms for a key pair (RFC 7518, section 3.1; RFC 8037; RFC 9864 for the name Ed25519). */
export const KEY_PAIR_ALGORITHMS: readonly string[] = [
	'RS256',
	'RS384',
	'RS512',
	'PS256',
	'PS384',
	'PS512',
	'ES256',
	'ES384',
	'ES512',
	'EdDSA',
	'Ed25519',
];

const CURVE_ALGORITHMS: Readonly<Record<string, string>> = {
	prime256v1: 'ES256',
	secp384r1: 'ES384',
	secp521r1: 'ES512',
};

/** RFC 7518, section 3.3, and therefore jose refuse fewer bits. */
export const LEAST_RSA_BITS = 2048;

/**
 * The algorithms that a token may use: those of its key type that the credential allows. `none` is in no
 * list. A public key is never used as a shared secret, because the two lists have no algorithm in common.
 * @param chosen The content of the credential's field: a list, or names separated by commas. Empty for all
 * known ones.
 * @throws UnusableCredential when a chosen algorithm does not fit this type of key.
 */
export function allowAlgorithms(chosen: unknown, known: readonly string[]): readonly string[] {
	const list = readList(chosen);
	if (list.length === 0) return known;
	const allowed = known.filter((name) => list.includes(name));
	if (allowed.length === 0 || allowed.length < new Set(list).size) {
		throw new UnusableCredential(
			`The field "Algorithms" must hold one or more of ${known.join(', ')}: others do not go with this type of key.`,
		);
	}
	return allowed;
}

/** Whether the credential names algorithms. Otherwise the key decides. */
export function areAlgorithmsChosen(chosen: unknown): boolean {
	return readList(chosen).length > 0;
}

/**
 * `EdDSA` with an Ed25519 key and `Ed25519` are two names of one algorithm (RFC 9864, section 2.2): if one of
 * them is allowed, both are.
 */
export function withBothNames(algorithms: readonly string[]): readonly string[] {
	const names = ['EdDSA', 'Ed25519'];
	return algorithms.some((name) => names.includes(name))
		? [...new Set([...algorithms, ...names])]
		: algorithms;
}

function readList(chosen: unknown): readonly unknown[] {
	if (chosen === undefined || chosen === null || chosen === '') return [];
	if (typeof chosen === 'string') return chosen.split(',').map((name) => name.trim());
	return Array.isArray(chosen) ? chosen : [chosen];
}

/**
 * The allowed algorithms that fit this public key.
 * @throws UnusableCredential when none fits, or the key is too weak.
 */
export function fitAlgorithmsToKey(allowed: readonly string[], key: KeyObject): readonly string[] {
	const { fitting, name } = describeKey(key);
	const both = allowed.filter((algorithm) => fitting.includes(algorithm));
	if (both.length === 0) {
		throw new UnusableCredential(
			fitting.length === 0
				? `The public key is ${name}, which no token algorithm uses.`
				: `The public key is ${name} and goes with ${fitting.join(', ')}; the field "Algorithms" allows only ${allowed.join(', ')}.`,
		);
	}
	return both;
}

function describeKey(key: KeyObject): { name: string; fitting: readonly string[] } {
	const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
	switch (key.asymmetricKeyType) {
		case 'rsa':
			if (modulusLength < LEAST_RSA_BITS) {
				throw new UnusableCredential(
					`The RSA key has ${modulusLength} bits, which is too weak; it needs at least ${LEAST_RSA_BITS}.`,
				);
			}
			return { name: 'an RSA key', fitting: KEY_PAIR_ALGORITHMS.filter((name) => /^[RP]S/.test(name)) };
		case 'ec': {
			const algorithm = CURVE_ALGORITHMS[namedCurve];
			return {
				name: `an elliptic-curve key (${namedCurve})`,
				fitting: algorithm === undefined ? [] : [algorithm],
			};
		}
		case 'ed25519':
			return { name: 'an Ed25519 key', fitting: ['EdDSA', 'Ed25519'] };
		default:
			return { name: `of the kind "${key.asymmetricKeyType}"`, fitting: [] };
	}
}
