import { errors } from 'jose';

/**
 * Why a token was refused, for the operator. Contains no text from the token: an attacker may have written
 * it, and a genuine token is a secret.
 */
export function explainTokenFailure(error: unknown): string {
	if (error instanceof errors.JWTExpired) {
		return error.claim === 'iat' ? 'The token is older than allowed.' : 'The token has expired.';
	}
	if (error instanceof errors.JWTClaimValidationFailed) return explainClaim(error.claim, error.reason);
	if (error instanceof errors.JOSEAlgNotAllowed)
		return "The token's algorithm is not among those the credential allows.";
	if (error instanceof errors.JWSSignatureVerificationFailed) {
		return "The token's signature is wrong: another key was used, or the token was changed.";
	}
	if (error instanceof errors.JWKSNoMatchingKey) return 'The token names a key that is not in the JWKS.';
	if (error instanceof errors.JOSEError) return 'The token is not a well-formed, signed JWT.';
	// Thrown while a key is imported or used, such as for an RSA key with too few bits.
	return "The key for this token can't be used: it is damaged, too weak, or of another kind than the token's algorithm needs.";
}

function explainClaim(claim: string, reason: string): string {
	if (reason === 'missing') return `The token has no "${claim}".`;
	switch (claim) {
		case 'nbf':
			return 'The token is not valid yet.';
		case 'iat':
			return 'The token was issued in the future.';
		default:
			return `The token's "${claim}" is not the expected one.`;
	}
}
