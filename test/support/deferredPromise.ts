import type { Deferred } from '../../nodes/GameInsightsWebhook/n8n/execution';

/** Like the helper of n8n-core, which is not installed for unit tests. */
export function createDeferredPromise<T>(): Deferred<T> {
	const deferred = {} as Deferred<T>;
	deferred.promise = new Promise<T>((resolve, reject) => Object.assign(deferred, { resolve, reject }));
	return deferred;
}
