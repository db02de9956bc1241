/** How to make a secret that nobody guesses, for every text that asks for one. */
export const HOW_TO_MAKE_A_SECRET = 'Make a good one with "openssl rand -hex 32".';

/** The 128 bits that NIST SP 800-131A asks of a key. */
export const LEAST_SECRET_BYTES = 16;

/**
 * What there is to say about a secret that its owner chose; empty when it is fine.
 * @param leastBytes Fewer are called short.
 */
export function adviseOnSecret(label: string, secret: string, leastBytes = LEAST_SECRET_BYTES): string[] {
	const advice: string[] = [];
	const bytes = Buffer.byteLength(secret);
	if (bytes < leastBytes) {
		advice.push(
			`The field "${label}" is too short: it has ${bytes} characters and should have at least ${leastBytes}. ${HOW_TO_MAKE_A_SECRET}`,
		);
	}
	if (secret.trim() !== secret) {
		advice.push(
			`The field "${label}" begins or ends with a space or line break, which is often a slip of copying.`,
		);
	}
	return advice;
}
