/**
 * How the sender of a request proves who it is, and the credential that holds its secret; there is no "none".
 */
export const CREDENTIAL_BY_AUTHENTICATION = {
	apiKey: 'gameInsightsApiKeyApi',
	hmac: 'gameInsightsHmacApi',
	jwt: 'gameInsightsJwtApi',
} as const;

/** One of the ways to authenticate. */
export type AuthenticationMethod = keyof typeof CREDENTIAL_BY_AUTHENTICATION;

/** All of them, in the order in which they are offered. */
export const AUTHENTICATION_METHODS = Object.keys(CREDENTIAL_BY_AUTHENTICATION) as AuthenticationMethod[];
