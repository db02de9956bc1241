import {
	errors,
	jwtVerify,
	type CryptoKey,
	type JWTVerifyOptions,
	type JWTVerifyResult,
	type KeyObject,
} from 'jose';
import { isJsonObject, ownMember } from '../../../shared/json/jsonValue';
import { readJson } from '../../../shared/json/readJson';
import type { IncomingRequest } from '../receipt';
import { Refusal } from '../../../shared/refusal';
import type { Authentication, FetchJson, Verifier } from './authentication';
import { readBearerToken, refuseToken } from './bearerToken';
import {
	headerNameField,
	listField,
	numberField,
	plainField,
	switchField,
	type CredentialData,
} from '../../../shared/credential/credentialField';
import { withBothNames } from '../../../shared/credential/tokenAlgorithms';
import { explainTokenFailure } from './tokenFailure';
import { readTokenKeys, type TokenKeys } from './tokenKeys';

/** The signer may write any text as `kid`. A longer one is no name that people compare. */
const LONGEST_KEY_ID = 200;

/**
 * Checks a signed token (JWT, RFC 7519) in a header.
 * @throws UnusableCredential
 */
export function buildTokenVerifier(data: CredentialData): Verifier {
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'Authorization');
	const { algorithms, findKeys, advice, examine } = readTokenKeys(data);
	const maxTokenAge = numberField(data, 'maxTokenAge', { label: 'Max Token Age', fallback: 0, least: 0 });
	const issuers = listField(data, 'issuer', 'Issuer');
	const requiredClaims = new Set(listField(data, 'requiredClaims', 'Required Claims'));
	if (switchField(data, 'requireExpiry')) requiredClaims.add('exp');
	const rules = {
		algorithms: [...withBothNames(algorithms)],
		issuer: issuers.length === 0 ? undefined : [...issuers],
		audience: plainField(data, 'audience', 'Audience') || undefined,
		clockTolerance: numberField(data, 'clockTolerance', { label: 'Clock Tolerance', fallback: 30, least: 0 }),
		maxTokenAge: maxTokenAge === 0 ? undefined : maxTokenAge,
	};

	const verify = async (request: IncomingRequest, fetchJson: FetchJson): Promise<Authentication> => {
		const token = readBearerToken(request, headerName);
		const { receivedAtMs } = request;
		const options = { ...rules, currentDate: new Date(receivedAtMs) };
		let verified: JWTVerifyResult;
		try {
			verified = await verifyToken(token, options, async (header, jws) => {
				return await findKeys(header, jws, receivedAtMs, fetchJson);
			});
		} catch (error) {
			throw error instanceof Refusal ? error : refuseToken(explainTokenFailure(error));
		}
		for (const claim of requiredClaims) {
			if (saysNothing(verified.payload, claim)) throw refuseToken(`The token has no "${claim}".`);
		}
		return {
			sender: {
				method: 'jwt',
				keyId: keyIdOf(verified.protectedHeader.kid),
				claims: claimsIn(token) ?? verified.payload,
			},
			deduplicationKey: null,
			handshake: null,
			acceptance: null,
			translate: null,
		};
	};
	return { verify, advice, examine };
}

/** A claim that is null or empty identifies nothing. */
function saysNothing(claims: object, claim: string): boolean {
	return [undefined, null, ''].includes(ownMember(claims, claim) as undefined);
}

type FindKeys = (
	...token: [Parameters<TokenKeys['findKeys']>[0], Parameters<TokenKeys['findKeys']>[1]]
) => ReturnType<TokenKeys['findKeys']>;

/**
 * Verifies a token with the first of its keys, and with the next ones when another key made the signature.
 * The claims are only checked after a valid signature, and then no other key is tried.
 * @throws errors.JOSEError, or what is thrown while a key is used
 */
async function verifyToken(
	token: string,
	options: JWTVerifyOptions,
	findKeys: FindKeys,
): Promise<JWTVerifyResult> {
	let others: ReadonlyArray<KeyObject | CryptoKey> = [];
	let failure: unknown;
	try {
		return await jwtVerify(
			token,
			async (header, jws) => {
				const [first, ...more] = await findKeys(header, jws);
				if (first === undefined) throw new errors.JWKSNoMatchingKey();
				others = more;
				return first;
			},
			options,
		);
	} catch (error) {
		failure = error;
	}
	for (const key of others) {
		if (isAboutClaims(failure)) break;
		try {
			return await jwtVerify(token, key, options);
		} catch (error) {
			failure = error;
		}
	}
	throw failure;
}

function isAboutClaims(error: unknown): boolean {
	return (
		error instanceof errors.JWTExpired ||
		error instanceof errors.JWTClaimValidationFailed ||
		error instanceof errors.JWTInvalid
	);
}

/** The claims for workflows: `jose` has rounded long numbers in them. */
function claimsIn(token: string): Readonly<Record<string, unknown>> | undefined {
	const claims = readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	return isJsonObject(claims) ? claims : undefined;
}

function keyIdOf(kid: unknown): string {
	return typeof kid === 'string' && kid !== '' ? kid.slice(0, LONGEST_KEY_ID) : 'current';
}
