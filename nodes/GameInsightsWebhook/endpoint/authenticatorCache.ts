import type { Authenticator } from '../intake/authenticate/authentication';
import { BoundedMap } from '../intake/boundedMap';

/**
 * For how long a credential counts as read, in milliseconds: a change of it holds for requests that come
 * later than this.
 */
export const FRESH_FOR_MS = 1_000;
/** Of more endpoints than most n8n have. */
const MOST_KEPT = 1_000;

/**
 * The authenticators of the endpoints of a process. To read a credential costs n8n two queries and a
 * decryption, about a third of all it does for a request that is refused; so a flood of requests reads it
 * once a second, and not each time.
 */
export class AuthenticatorCache {
	private readonly kept = new BoundedMap<{ authenticator: Promise<Authenticator>; readAtMs: number }>(
		MOST_KEPT,
	);

	/** @param elapsedMs milliseconds of a clock that is never set */
	constructor(private readonly elapsedMs: () => number) {}

	/**
	 * @param key names endpoint, credential and its type
	 * @param read what rejects is not remembered
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
