/**
 * Thrown for a credential that can't verify any request. The message is for its owner: what is wrong and what
 * to do, in plain words and without any part of a secret.
 */
export class UnusableCredential extends Error {
	override readonly name = 'UnusableCredential';
}
