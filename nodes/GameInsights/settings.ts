import { numberReaders } from '../shared/numberBounds';
import type { RedriveSettings } from './redriveRows';
import type { RetrySettings } from './send/deliver';

/** How events are sent; the same for all items of an execution. Times are in milliseconds. */
export interface SendSettings {
	readonly eventsPerRequest: number;
	readonly compress: boolean;
	readonly addEventIds: boolean;
	readonly timeoutMs: number;
	readonly retry: RetrySettings;
}

/** Limits of the number fields: a number outside is moved to the nearest limit. */
export const NUMBER_BOUNDS = {
	eventsPerRequest: { default: 100, min: 1, max: 1_000 },
	maxRedrives: { default: 3, min: 1, max: 100 },
	maxRetries: { default: 3, min: 0, max: 10 },
	initialDelay: { default: 1_000, min: 0, max: 60_000 },
	maxDelay: { default: 60_000, min: 0, max: 300_000 },
	limit: { default: 50, min: 1, max: 10_000 },
	redrivesPerSecond: { default: 10, min: 0.01, max: 50 },
	lookBack: { default: 24, min: 0.1, max: 8_760 },
	maxExecutions: { default: 200, min: 0, max: 5_000 },
	timeout: { default: 30, min: 1, max: 300 },
} as const;

/** See `numberReaders`. */
export const { boundedNumber, wholeNumber } = numberReaders(NUMBER_BOUNDS);

/** Reads the settings for sending. Never throws: a value of the wrong kind is replaced by its default. */
export function readSendSettings(
	eventsPerRequest: unknown,
	options: Readonly<Record<string, unknown>>,
): SendSettings {
	return {
		eventsPerRequest: wholeNumber('eventsPerRequest', eventsPerRequest),
		compress: options.compress === true,
		addEventIds: options.addEventIds !== false,
		timeoutMs: boundedNumber('timeout', options.timeout) * 1_000,
		retry: {
			maxRetries: wholeNumber('maxRetries', options.maxRetries),
			initialDelayMs: boundedNumber('initialDelay', options.initialDelay),
			maxDelayMs: boundedNumber('maxDelay', options.maxDelay),
		},
	};
}

/** The highest allowed number of redrives. */
export const readMaxRedrives = (value: unknown): number => wholeNumber('maxRedrives', value);

/** The most dead letters that an operation takes. */
export const readLimit = (value: unknown): number => wholeNumber('limit', value);

/** How dead letters of a table are sent again. A dry run by default. */
export function readRedriveSettings(dryRun: unknown, perSecond: unknown): RedriveSettings {
	return { isDryRun: dryRun !== false, perSecond: boundedNumber('redrivesPerSecond', perSecond) };
}

/** How far back executions are searched, and the most that are read. */
export function readLookBack(
	hours: unknown,
	executions: unknown,
): { readonly lookBackMs: number; readonly maxExecutions: number } {
	return {
		lookBackMs: boundedNumber('lookBack', hours) * 3_600_000,
		maxExecutions: wholeNumber('maxExecutions', executions),
	};
}
