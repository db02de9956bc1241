/**
 * The methods by which a sender proves its identity, each with the credential for its secret. There is no
 * "none".
 */
export const CREDENTIAL_BY_AUTHENTICATION = {
	apiKey: 'gameInsightsApiKeyApi',
	hmac: 'gameInsightsHmacApi',
	jwt: 'gameInsightsJwtApi',
} as const;

/** One of the ways to authenticate. */
export type AuthenticationMethod = keyof typeof CREDENTIAL_BY_AUTHENTICATION;

/** All methods, in the order in which the panel shows them. */
export const AUTHENTICATION_METHODS = Object.keys(CREDENTIAL_BY_AUTHENTICATION) as AuthenticationMethod[];
