import { jwtVerify, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import { isJsonObject } from '../jsonValue';
import { readJson } from '../parse/readJson';
import type { IncomingRequest } from '../receipt';
import { Refusal } from '../refusal';
import type { Authentication, FetchJson, Verifier } from './authentication';
import { readBearerToken, refuseToken } from './bearerToken';
import { headerNameField, numberField, textField, type CredentialData } from './credentialField';
import { explainTokenFailure } from './tokenFailure';
import { readTokenKeys } from './tokenKeys';

/** A `kid` is the signer's own text; a longer one is no name that people compare. */
const LONGEST_KEY_ID = 200;

/**
 * Checks a signed token (JWT, RFC 7519) in a header.
 * @throws UnusableCredential
 */
export function buildTokenVerifier(data: CredentialData): Verifier {
	const headerName = headerNameField(data, 'headerName', 'Header Name', 'Authorization');
	const { algorithms, keyAt, advice, examine } = readTokenKeys(data);
	const maxTokenAge = numberField(data, 'maxTokenAge', { label: 'Max Token Age', fallback: 0, least: 0 });
	const rules = {
		algorithms: [...algorithms],
		issuer: textField(data, 'issuer').trim() || undefined,
		audience: textField(data, 'audience').trim() || undefined,
		clockTolerance: numberField(data, 'clockTolerance', { label: 'Clock Tolerance', fallback: 30, least: 0 }),
		maxTokenAge: maxTokenAge === 0 ? undefined : maxTokenAge,
	};

	const verify = async (request: IncomingRequest, fetchJson: FetchJson): Promise<Authentication> => {
		const token = readBearerToken(request, headerName);
		const currentDate = new Date(request.receivedAtMs);
		let verified: JWTVerifyResult;
		try {
			// The cast joins jose's overloads for a key and for a function that finds one.
			const key = keyAt(request.receivedAtMs, fetchJson) as JWTVerifyGetKey;
			verified = await jwtVerify(token, key, { ...rules, currentDate });
		} catch (error) {
			throw error instanceof Refusal ? error : refuseToken(explainTokenFailure(error));
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

/** The claims as they reach workflows: `jose` has rounded the long ones of their numbers. */
function claimsIn(token: string): Readonly<Record<string, unknown>> | undefined {
	const claims = readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	return isJsonObject(claims) ? claims : undefined;
}

function keyIdOf(kid: unknown): string {
	return typeof kid === 'string' && kid !== '' ? kid.slice(0, LONGEST_KEY_ID) : 'current';
}
