import {
	createLocalJWKSet,
	errors,
	type CryptoKey,
	type FlattenedJWSInput,
	type JWSHeaderParameters,
} from 'jose';
import { Refusal } from '../refusal';
import type { FetchJson } from './authentication';
import { LEAST_RSA_BITS } from './tokenAlgorithms';

type FindKey = ReturnType<typeof createLocalJWKSet>;

/** After this long the keys are fetched again, beside the request that finds them old: withdrawn keys go. */
const OLD_AFTER_MS = 600_000;
/** Tokens with made-up key names must not make this place call the address again and again. */
const LEAST_BETWEEN_FETCHES_MS = 60_000;
/** As long as no keys are known at all, nobody is verified: then it is worth trying sooner. */
const LEAST_BETWEEN_FIRST_FETCHES_MS = 5_000;

/** The keys behind a JWKS address (RFC 7517, section 5), fetched when needed and kept. */
export interface RemoteKeySet {
	/**
	 * The key that a token names. Keys once fetched go on being used while the address can't be reached.
	 * @param nowMs Milliseconds since the epoch.
	 * @throws Refusal 500 `not_configured` while no keys could be fetched at all.
	 * @throws errors.JOSEError when no key fits, or several do.
	 */
	readonly findKey: (
		header: JWSHeaderParameters,
		token: FlattenedJWSInput,
		nowMs: number,
		fetchJson: FetchJson,
	) => Promise<CryptoKey>;
}

/** Makes the key set of one address; fetches nothing yet. */
export function createRemoteKeySet(url: string): RemoteKeySet {
	let findFetched: FindKey | null = null;
	let fetchedAtMs = 0;
	let triedAtMs = Number.NEGATIVE_INFINITY;
	let failure = '';
	let fetching: Promise<void> | null = null;

	const load = async (nowMs: number, fetchJson: FetchJson): Promise<void> => {
		try {
			findFetched = await fetchKeys(url, fetchJson);
			fetchedAtMs = nowMs;
		} catch (error) {
			failure = describeFailure(error);
		}
	};

	/** However many requests want it, there is one fetch at a time. Never rejects. */
	const refresh = async (nowMs: number, leastBetweenMs: number, fetchJson: FetchJson): Promise<void> => {
		if (fetching === null) {
			if (nowMs - triedAtMs < leastBetweenMs) return;
			triedAtMs = nowMs;
			fetching = load(nowMs, fetchJson).finally(() => {
				fetching = null;
			});
		}
		await fetching;
	};

	const fetched = async (nowMs: number, fetchJson: FetchJson): Promise<FindKey> => {
		if (findFetched === null) await refresh(nowMs, LEAST_BETWEEN_FIRST_FETCHES_MS, fetchJson);
		else if (nowMs - fetchedAtMs > OLD_AFTER_MS) void refresh(nowMs, LEAST_BETWEEN_FETCHES_MS, fetchJson);
		if (findFetched === null) throw withoutKeys(failure);
		return findFetched;
	};

	return {
		findKey: async (header, token, nowMs, fetchJson) => {
			const key = await findIfNamed(await fetched(nowMs, fetchJson), header, token);
			if (key !== null) return key;
			await refresh(nowMs, LEAST_BETWEEN_FETCHES_MS, fetchJson);
			return await (
				await fetched(nowMs, fetchJson)
			)(header, token);
		},
	};
}

/** Null when no key fits. */
async function findIfNamed(
	findKey: FindKey,
	header: JWSHeaderParameters,
	token: FlattenedJWSInput,
): Promise<CryptoKey | null> {
	return await findKey(header, token).catch((error: unknown) => {
		if (error instanceof errors.JWKSNoMatchingKey) return null;
		throw error;
	});
}

/** What is wrong with the keys behind an address, in plain words; empty when a token could be checked with them. */
export async function examineKeySet(
	url: string,
	algorithms: readonly string[],
	fetchJson: FetchJson,
): Promise<readonly string[]> {
	let findKey: FindKey;
	try {
		findKey = await fetchKeys(url, fetchJson);
	} catch (error) {
		return [`No keys could be fetched from the JWKS URL: ${describeFailure(error)}.`];
	}
	const keys = (await Promise.all(algorithms.map(async (alg) => await keysFor(findKey, alg)))).flat();
	if (keys.some((key) => !isWeak(key))) return [];
	return keys.length === 0
		? [`The JWKS holds no key that goes with ${algorithms.join(', ')}.`]
		: [`The RSA keys in the JWKS have fewer than ${LEAST_RSA_BITS} bits, which is too weak.`];
}

/** Every readable key that a token signed by this algorithm could be checked with. */
async function keysFor(findKey: FindKey, alg: string): Promise<CryptoKey[]> {
	try {
		return [await findKey({ alg })];
	} catch (error) {
		const keys: CryptoKey[] = [];
		if (error instanceof errors.JWKSMultipleMatchingKeys) for await (const key of error) keys.push(key);
		return keys;
	}
}

function isWeak({ algorithm }: CryptoKey): boolean {
	return 'modulusLength' in algorithm && Number(algorithm.modulusLength) < LEAST_RSA_BITS;
}

async function fetchKeys(url: string, fetchJson: FetchJson): Promise<FindKey> {
	// Whatever came: jose refuses what is no key set.
	return createLocalJWKSet((await fetchJson(url)) as Parameters<typeof createLocalJWKSet>[0]);
}

function describeFailure(error: unknown): string {
	if (error instanceof errors.JWKSInvalid) return 'what is there is not a JSON Web Key Set';
	return error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
}

function withoutKeys(failure: string): Refusal {
	return new Refusal(
		500,
		'not_configured',
		'This endpoint is not set up. Nothing was taken; it is safe to send again.',
		{
			operatorMessage: `Nobody can be verified: no keys could be fetched from the JWKS URL: ${failure}.`,
		},
	);
}
