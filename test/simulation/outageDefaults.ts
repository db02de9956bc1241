import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import type { OutagePlan, Traffic } from './outageWorld';

/** The settings of a new node; nothing bounds what may wait. */
export const DEFAULTS: DeliverySettings = {
	...{ respond: 'onAccept', retry: true, maxRetries: 3, initialDelayMs: 1_000, backoffMultiplier: 2 },
	...{
		maxDelayMs: 60_000,
		jitter: true,
		maxAgeMs: 86_400_000,
		nonRetryableErrors: [],
		isolateFailures: true,
	},
	...{ pauseAfterFailedEvents: 25, executionPer: 'request', maxEventsPerExecution: 100 },
	...{
		maxConcurrentExecutions: 5,
		maxPendingEvents: 1_000_000,
		acceptTimeoutMs: 20_000,
		deduplicationWindowMs: 0,
	},
};

/** One event in one request, at once, unless told. */
export const traffic = (more: Partial<Traffic>): Traffic => ({
	...{ fromMs: 0, everyMs: 2_000, requests: 1, eventsEach: 1, type: 'a', poison: [], ...more },
});
/** A world in which nothing happens, unless told. */
export const plan = (more: Partial<OutagePlan>): OutagePlan => ({
	...{ settings: DEFAULTS, traffic: [], outages: [], takesMs: 20, publishedAtMs: [], ...more },
});
