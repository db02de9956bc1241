import { compactVerify, importJWK, type JWK, type CompactVerifyGetKey, type CryptoKey } from 'jose';
import { buildAuthenticator } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import { readBearerToken } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/bearerToken';
import { proveByEd25519, readEd25519PublicKey } from '../../../../../nodes/shared/credential/ed25519';
import { proveByHmac } from '../../../../../nodes/shared/credential/proof';
import type { Hash } from '../../../../../nodes/shared/senders/scheme';
import { readTokenKeys } from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/tokenKeys';
import { SECRET_ALGORITHMS } from '../../../../../nodes/shared/credential/tokenAlgorithms';
import { ARRIVAL_MS, incomingRequest } from '../../../../support/incomingRequest';
import { refusedBy } from '../../../../support/refused';
import ed25519 from '../../../../support/vectors/wycheproofEd25519.json';
import hmac from '../../../../support/vectors/wycheproofHmac.json';
import jws from '../../../../support/vectors/wycheproofJws.json';

type Row = readonly [tcId: number, result: string, ...rest: readonly unknown[]];
const bytes = (hex: unknown): Buffer => Buffer.from(hex as string, 'hex');

/** The rows that are judged otherwise than Wycheproof does. */
function differences(
	rows: ReadonlyArray<readonly [tcId: number, result: string, isLetIn: boolean]>,
): number[] {
	return rows.filter(([, result, isLetIn]) => (result === 'valid') !== isLetIn).map(([tcId]) => tcId);
}

describe("Wycheproof's vectors", () => {
	it.each(Object.entries(hmac))('of HMAC with %s are judged as they should be', (hash, rows) => {
		// A signature is never shorter than its hash: cut ones are tried below.
		const whole = rows.filter(
			([, , tagSize]) => tagSize === Number(/\d+/.exec(hash)?.[0].replace(/^1$/, '160')),
		);
		expect(whole.length).toBeGreaterThan(80);
		const judged = whole.map(([tcId, result, , key, message, tag]) => {
			const isLetIn = proveByHmac(hash as Hash, bytes(key))([bytes(message)])(bytes(tag));
			return [tcId, result, isLetIn] as [number, string, boolean];
		});
		expect(differences(judged)).toEqual([]);
	});

	it.each(Object.entries(hmac))(
		'of HMAC with %s that are cut off are all refused, valid or not',
		(hash, rows) => {
			const cut = rows.filter(([, , , , , tag]) => bytes(tag).length < proofLength(hash as Hash));
			expect(cut.length).toBeGreaterThan(80);
			const letIn = cut.filter(([, , , key, message, tag]) =>
				proveByHmac(hash as Hash, bytes(key))([bytes(message)])(bytes(tag)),
			);
			expect(letIn).toEqual([]);
		},
	);

	it('of Ed25519 are judged as they should be', () => {
		expect(ed25519).toHaveLength(151);
		const judged = (ed25519 as unknown as Row[]).map(([tcId, result, key, message, signature]) => {
			const publicKey = readEd25519PublicKey(key as string, 'hex');
			return [tcId, result, proveByEd25519(publicKey)([bytes(message)])(bytes(signature))] as const;
		});
		expect(differences(judged)).toEqual([]);
	});

	it('of signed tokens are judged as they should be', async () => {
		const judged: Array<readonly [number, string, boolean]> = [];
		for (const { key, tests } of jws) {
			for (const [tcId, result, token] of tests as unknown as Array<[number, string, string]>) {
				judged.push([tcId, result, await isSignedBy(key, token)]);
			}
		}
		expect(judged).toHaveLength(401);
		expect(differences(judged)).toEqual(DEFECTIVE);
	});

	it('of tokens signed wrongly let nobody in', async () => {
		const letIn: number[] = [];
		for (const [index, { key, tests }] of jws.entries()) {
			if (key.kty === 'oct') continue;
			const data = { keyType: 'jwksUrl', jwksUrl: `https://issuer-${index}.example/` };
			const authenticate = buildAuthenticator(
				'jwt',
				data,
				async () => await Promise.resolve({ keys: [key] }),
			);
			for (const [tcId, result, token] of tests as unknown as Array<[number, string, string]>) {
				if (result === 'valid' || DEFECTIVE.includes(tcId)) continue;
				const refusal = await refusedBy(async () => await authenticate(carrying(token)));
				if (refusal.status !== 401 || refusal.code !== 'unauthorized') letIn.push(tcId);
			}
		}
		expect(letIn).toEqual([]);
	});
});

/**
 * Judged otherwise for good reasons: 346, 347, 350, 351 are called valid although the token's algorithm is
 * not the one the key names; 367 and 370 are called invalid and are the same bytes as 357, which is called
 * valid; 372 and 373 are called valid with a `?` inside their base64url.
 */
const DEFECTIVE = [346, 347, 350, 351, 367, 370, 372, 373];

const proofLength = (hash: Hash): number => ({ sha1: 20, sha256: 32, sha384: 48, sha512: 64 })[hash];

const carrying = (token: string) => incomingRequest({ headers: [['Authorization', `Bearer ${token}`]] });

/**
 * Whether a token is signed by a key, by every part of the real check but the one for claims: most of these
 * tokens carry no claims at all.
 */
async function isSignedBy(jwk: JWK, token: string): Promise<boolean> {
	try {
		const text = readBearerToken(carrying(token), 'authorization');
		if (jwk.kty === 'oct') {
			// Bytes that nobody could type as a secret: taken as they are.
			const options = { algorithms: Object.keys(SECRET_ALGORITHMS) };
			await compactVerify(text, await importJWK(jwk, jwk.alg ?? 'HS256'), options);
			return true;
		}
		const { algorithms, findKeys } = readTokenKeys({
			keyType: 'jwksUrl',
			jwksUrl: 'https://issuer.example/',
		});
		const fetchJson = async () => await Promise.resolve({ keys: [jwk] });
		const findKey: CompactVerifyGetKey = async (header, jws) =>
			(await findKeys(header, jws, ARRIVAL_MS, fetchJson))[0] as CryptoKey;
		await compactVerify(text, findKey, { algorithms: [...algorithms] });
		return true;
	} catch {
		return false;
	}
}
