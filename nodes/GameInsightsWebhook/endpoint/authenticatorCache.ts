import type { Authenticator } from '../intake/authenticate/authentication';
import { BoundedMap } from '../intake/boundedMap';

/**
 * For how long a credential need not be read again, in milliseconds. A changed credential applies to requests
 * that come after this time.
 */
export const FRESH_FOR_MS = 1_000;
/** More endpoints than most n8n instances have. */
const MOST_KEPT = 1_000;

/**
 * The authenticators of the endpoints of a process. To read a credential, n8n needs two queries and a
 * decryption. That is about a third of its work for a refused request. So in a flood of requests the
 * credential is read once a second, and not for each request.
 */
export class AuthenticatorCache {
	private readonly kept = new BoundedMap<{ authenticator: Promise<Authenticator>; readAtMs: number }>(
		MOST_KEPT,
	);

	/** @param elapsedMs milliseconds of a monotonic clock */
	constructor(private readonly elapsedMs: () => number) {}

	/**
	 * @param key identifies the endpoint, the credential and its type
	 * @param read a rejection is not remembered
	 */
	async of(key: string, read: () => Promise<Authenticator>): Promise<Authenticator> {
		const nowMs = this.elapsedMs();
		const known = this.kept.get(key);
		if (known !== undefined && nowMs - known.readAtMs < FRESH_FOR_MS) return await known.authenticator;
		const entry = { authenticator: read(), readAtMs: nowMs };
		this.kept.set(key, entry);
		entry.authenticator.catch(() => {
			if (this.kept.get(key) === entry) this.kept.delete(key);
		});
		return await entry.authenticator;
	}
}
