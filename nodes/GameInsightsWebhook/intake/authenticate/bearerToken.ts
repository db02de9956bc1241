import type { IncomingRequest } from '../receipt';
import { findHeader } from './requestHeader';
import { unauthorized } from './unauthorized';

/** RFC 6750, section 3: a request without a token is only told that one is wanted. */
const TOKEN_WANTED = { 'WWW-Authenticate': 'Bearer' };
const TOKEN_INVALID = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };

/** The scheme's name in either case, RFC 9110, section 11.1. */
const BEARER = /^bearer +/i;
/** Compact serialisation of a signed token, RFC 7515, section 7.1. */
const SIGNED_TOKEN = /^[\w-]+\.[\w-]*\.[\w-]+$/;

/**
 * Takes the token out of its header. `Authorization` wants `Bearer ` before it; other headers may have it or
 * not.
 * @param headerName In lower case.
 * @throws Refusal 401
 */
export function readBearerToken(request: IncomingRequest, headerName: string): string {
	const value = findHeader(request, headerName);
	if (value === undefined)
		throw unauthorized(`The header "${headerName}" is missing or empty.`, TOKEN_WANTED);
	if (headerName === 'authorization' && !BEARER.test(value)) {
		throw unauthorized('The header "authorization" holds no bearer token.', TOKEN_WANTED);
	}
	const token = value.replace(BEARER, '');
	if (!isCanonical(token)) throw refuseToken('The token is not a well-formed, signed JWT.');
	return token;
}

/** Refuses a token; the sender is told no more than that. */
export function refuseToken(operatorMessage: string): Error {
	return unauthorized(operatorMessage, TOKEN_INVALID);
}

/**
 * A part's last character may have bits to spare; with other values in them the same token would look new.
 */
function isCanonical(token: string): boolean {
	return (
		SIGNED_TOKEN.test(token) &&
		token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
	);
}
