import { numberFields } from '../../shared/numberBounds';

/** Limits of the number fields, in the units that users type. */
export const NUMBER_BOUNDS = {
	maxRetries: { default: 3, min: 0, max: 100, decimals: 0 },
	initialDelay: { default: 1_000, min: 0, max: 86_400_000 },
	backoffMultiplier: { default: 2, min: 1, max: 100, decimals: 2 },
	maxDelay: { default: 60_000, min: 0, max: 86_400_000 },
	maxAge: { default: 24, min: 0.01, max: 8_760 },
	pauseAfterFailedEvents: { default: 25, min: 0, max: 1_000_000, decimals: 0 },
	maxEventsPerExecution: { default: 100, min: 1, max: 10_000, decimals: 0 },
	maxConcurrentExecutions: { default: 5, min: 1, max: 100, decimals: 0 },
	maxPendingEvents: { default: 1_000, min: 1, max: 1_000_000, decimals: 0 },
	acceptTimeout: { default: 20, min: 0.1, max: 60 },
	deduplicationWindow: { default: 600, min: 0, max: 86_400 },
	keepProcessed: { default: 0, min: 0, max: 720 },
	maxJournalSize: { default: 100, min: 1, max: 1_000_000 },
	maxEventsPerRequest: { default: 1_000, min: 1, max: 100_000, decimals: 0 },
	rateLimit: { default: 600, min: 1, max: 1_000_000, decimals: 0 },
	rateLimitPerAddress: { default: 60, min: 1, max: 1_000_000, decimals: 0 },
	silenceAlert: { default: 24, min: 0, max: 8_760 },
} as const;

/** See `NumberFields`. */
export const { numberField, readNumber } = numberFields(NUMBER_BOUNDS);
