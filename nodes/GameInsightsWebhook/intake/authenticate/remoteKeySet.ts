import {
	createLocalJWKSet,
	errors,
	type CryptoKey,
	type FlattenedJWSInput,
	type JWSHeaderParameters,
} from 'jose';
import { type Refusal, notConfigured } from '../../../shared/refusal';
import type { FetchJson } from './authentication';
import { isOfSmallOrder } from '../../../shared/credential/ed25519';
import { isJsonObject, ownMember } from '../../../shared/json/jsonValue';
import { LEAST_RSA_BITS } from '../../../shared/credential/tokenAlgorithms';

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Keys older than this are fetched again first. So a key that its issuer has withdrawn is accepted for at
 * most this time.
 */
const OLD_AFTER_MS = 600_000;
/**
 * While the address can't be reached, known keys are used for at most this time, because an issuer may have
 * to withdraw one.
 */
const OLDEST_MS = 86_400_000;
/**
 * The shortest time between two requests to the address. Tokens with invented key names, or an address that
 * is down, must not cause more.
 */
const LEAST_BETWEEN_FETCHES_MS = 60_000;
/** The same while no keys are known at all. Then no request can be verified, so the next try comes sooner. */
const LEAST_BETWEEN_FIRST_FETCHES_MS = 5_000;
/** How many keys are tried for a token that names no key: issuers publish two or three. */
const MOST_TRIED = 16;

/** The keys at a JWKS address (RFC 7517, section 5), fetched when needed and then kept. */
export interface RemoteKeySet {
	/**
	 * The keys that a token may have been signed with: the key that it names, else all keys that fit its
	 * algorithm, at most 16.
	 * @param nowMs Milliseconds since the epoch.
	 * @throws Refusal 500 `not_configured` while there are no keys, or only keys that are older than a day.
	 * @throws errors.JWKSNoMatchingKey when no key fits.
	 */
	readonly findKeys: (
		header: JWSHeaderParameters,
		token: FlattenedJWSInput,
		nowMs: number,
		fetchJson: FetchJson,
	) => Promise<readonly CryptoKey[]>;
}

/** Makes the key set of one address, without fetching it. */
export function createRemoteKeySet(url: string): RemoteKeySet {
	let known: { readonly keySet: KeySet; readonly fetchedAtMs: number } | null = null;
	let triedAtMs = Number.NEGATIVE_INFINITY;
	let failure = '';
	let fetching: Promise<void> | null = null;

	const load = async (nowMs: number, fetchJson: FetchJson): Promise<void> => {
		try {
			known = { keySet: await fetchKeys(url, fetchJson), fetchedAtMs: nowMs };
		} catch (error) {
			failure = describeFailure(error);
		}
	};

	/** Only one fetch runs at a time, even if many requests need it. Never rejects. */
	const refresh = async (nowMs: number, leastBetweenMs: number, fetchJson: FetchJson): Promise<void> => {
		if (fetching === null) {
			if (between(triedAtMs, nowMs) < leastBetweenMs) return;
			triedAtMs = nowMs;
			fetching = load(nowMs, fetchJson).finally(() => {
				fetching = null;
			});
		}
		await fetching;
	};

	/** How old the known keys are. Infinity when there are none. */
	const ageMs = (nowMs: number): number =>
		known === null ? Number.POSITIVE_INFINITY : between(known.fetchedAtMs, nowMs);

	const current = async (nowMs: number, fetchJson: FetchJson): Promise<KeySet> => {
		if (ageMs(nowMs) > OLDEST_MS) await refresh(nowMs, LEAST_BETWEEN_FIRST_FETCHES_MS, fetchJson);
		else if (ageMs(nowMs) > OLD_AFTER_MS) await refresh(nowMs, LEAST_BETWEEN_FETCHES_MS, fetchJson);
		if (known === null) throw withoutKeys(failure);
		if (ageMs(nowMs) > OLDEST_MS) throw withOldKeys(failure);
		return known.keySet;
	};

	return {
		findKeys: async (header, token, nowMs, fetchJson) => {
			const keys = await findIfNamed(await current(nowMs, fetchJson), header, token);
			if (keys !== null) return keys;
			await refresh(nowMs, LEAST_BETWEEN_FETCHES_MS, fetchJson);
			return await fittingKeys(await current(nowMs, fetchJson), header, token);
		},
	};
}

/** The time between two times in any order: when a clock is set back, keys must not stay valid for longer. */
function between(earlierMs: number, laterMs: number): number {
	return Math.abs(laterMs - earlierMs);
}

/** Null when no key fits. */
async function findIfNamed(
	keySet: KeySet,
	header: JWSHeaderParameters,
	token: FlattenedJWSInput,
): Promise<readonly CryptoKey[] | null> {
	return await fittingKeys(keySet, header, token).catch((error: unknown) => {
		if (error instanceof errors.JWKSNoMatchingKey) return null;
		throw error;
	});
}

/**
 * The keys that fit the header of a token. If there are several, those that can't be read are left out.
 * @throws errors.JWKSNoMatchingKey when none fits.
 */
async function fittingKeys(
	keySet: KeySet,
	header: JWSHeaderParameters,
	token?: FlattenedJWSInput,
): Promise<readonly CryptoKey[]> {
	return await keySet(header, token).then((key) => [key], severalOf);
}

async function severalOf(error: unknown): Promise<CryptoKey[]> {
	if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
	const keys: CryptoKey[] = [];
	for await (const key of error) if (keys.push(key) === MOST_TRIED) break;
	return keys;
}

/** What is wrong with the keys at an address, in plain words. Empty when they can verify a token. */
export async function examineKeySet(
	url: string,
	algorithms: readonly string[],
	fetchJson: FetchJson,
): Promise<readonly string[]> {
	let keySet: KeySet;
	try {
		keySet = await fetchKeys(url, fetchJson);
	} catch (error) {
		return [`No keys could be fetched from the JWKS URL: ${describeFailure(error)}.`];
	}
	const fitting = async (alg: string) => await fittingKeys(keySet, { alg }).catch(() => []);
	const keys = (await Promise.all(algorithms.map(fitting))).flat();
	if (keys.some((key) => !isWeak(key))) return [];
	return keys.length === 0
		? [`The JWKS holds no key that goes with ${algorithms.join(', ')}.`]
		: [`The RSA keys in the JWKS have fewer than ${LEAST_RSA_BITS} bits, which is too weak.`];
}

function isWeak({ algorithm }: CryptoKey): boolean {
	return 'modulusLength' in algorithm && Number(algorithm.modulusLength) < LEAST_RSA_BITS;
}

async function fetchKeys(url: string, fetchJson: FetchJson): Promise<KeySet> {
	// The answer may be anything: jose rejects what is no key set.
	return createLocalJWKSet(prepared(await fetchJson(url)) as Parameters<typeof createLocalJWKSet>[0]);
}

/**
 * `EdDSA` with Ed25519 and `Ed25519` are two names of one algorithm (RFC 9864, section 2.2): a key with one
 * of these names also verifies tokens with the other. Keys of small order are left out, because signatures
 * that fit them can be made without the private key.
 */
function prepared(body: unknown): unknown {
	const keys = ownMember(body, 'keys');
	if (!isJsonObject(body) || !Array.isArray(keys)) return body;
	return { ...body, keys: keys.filter(isNoSmallOrder).map(withoutName) };
}

function withoutName(jwk: unknown): unknown {
	if (!isEd25519(jwk) || !['EdDSA', 'Ed25519'].includes(String(ownMember(jwk, 'alg')))) return jwk;
	return Object.fromEntries(Object.entries(jwk as object).filter(([name]) => name !== 'alg'));
}

function isNoSmallOrder(jwk: unknown): boolean {
	const x = ownMember(jwk, 'x');
	return !isEd25519(jwk) || typeof x !== 'string' || !isOfSmallOrder(Buffer.from(x, 'base64url'));
}

/** Only the curve is checked: jose accepts a key for it only if its `kty` is `OKP`. */
function isEd25519(jwk: unknown): boolean {
	return ownMember(jwk, 'crv') === 'Ed25519';
}

function describeFailure(error: unknown): string {
	if (error instanceof errors.JWKSInvalid) return 'what is there is not a JSON Web Key Set';
	return error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
}

function withoutKeys(failure: string): Refusal {
	return nobody(`no keys could be fetched from the JWKS URL: ${failure}.`);
}

function withOldKeys(failure: string): Refusal {
	return nobody(
		`the keys from the JWKS URL are older than a day, and no newer ones could be fetched: ${failure}.`,
	);
}

const nobody = (reason: string): Refusal => notConfigured(`Nobody can be verified: ${reason}`);
