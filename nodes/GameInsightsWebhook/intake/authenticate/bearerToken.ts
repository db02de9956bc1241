import type { IncomingRequest } from '../receipt';
import { findHeader } from './requestHeader';
import { unauthorized } from './unauthorized';

/** RFC 6750, section 3: the answer to a request without a token only says that one is needed. */
const TOKEN_WANTED = { 'WWW-Authenticate': 'Bearer' };
const TOKEN_INVALID = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };

/** The name of the scheme is case-insensitive, RFC 9110, section 11.1. */
const BEARER = /^bearer +/i;
/** Compact serialisation of a signed token, RFC 7515, section 7.1. */
const SIGNED_TOKEN = /^[\w-]+\.[\w-]*\.[\w-]+$/;

/**
 * Reads the token from its header. In `Authorization` it must follow `Bearer `; in other headers `Bearer ` is
 * optional.
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

/** Refuses a token. The sender learns no more than that. */
export function refuseToken(operatorMessage: string): Error {
	return unauthorized(operatorMessage, TOKEN_INVALID);
}

/**
 * The last character of a part may have unused bits. With other values in them, the same token would look
 * like a new one.
 */
function isCanonical(token: string): boolean {
	return (
		SIGNED_TOKEN.test(token) &&
		token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
	);
}
