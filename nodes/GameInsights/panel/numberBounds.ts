import { numberFields } from '../../shared/numberBounds';

/** Limits of the number fields, in the units that users type. */
export const NUMBER_BOUNDS = {
	eventsPerRequest: { default: 100, min: 1, max: 1_000, decimals: 0 },
	maxRedrives: { default: 3, min: 1, max: 100, decimals: 0 },
	maxRetries: { default: 3, min: 0, max: 10, decimals: 0 },
	initialDelay: { default: 1_000, min: 0, max: 60_000 },
	maxDelay: { default: 60_000, min: 0, max: 300_000 },
	limit: { default: 50, min: 1, max: 10_000, decimals: 0 },
	redrivesPerSecond: { default: 10, min: 0.01, max: 50 },
	lookBack: { default: 24, min: 0.1, max: 8_760 },
	maxExecutions: { default: 200, min: 0, max: 5_000, decimals: 0 },
	timeout: { default: 30, min: 1, max: 300 },
} as const;

/** See `NumberFields`. */
export const { numberField, readNumber } = numberFields(NUMBER_BOUNDS);
