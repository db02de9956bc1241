/**
 * A credential that can verify nobody. The message is for its owner: what is wrong and what to do about it,
 * in plain words and without any part of a secret.
 */
export class UnusableCredential extends Error {
	override readonly name = 'UnusableCredential';
}
