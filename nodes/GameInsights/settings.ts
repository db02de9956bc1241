import { readNumber } from './panel/numberBounds';
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

/** Reads the settings for sending. Never throws: a value of the wrong kind is replaced by its default. */
export function readSendSettings(
	eventsPerRequest: unknown,
	options: Readonly<Record<string, unknown>>,
): SendSettings {
	return {
		eventsPerRequest: readNumber('eventsPerRequest', eventsPerRequest),
		compress: options.compress === true,
		addEventIds: options.addEventIds !== false,
		timeoutMs: readNumber('timeout', options.timeout) * 1_000,
		retry: {
			maxRetries: readNumber('maxRetries', options.maxRetries),
			initialDelayMs: readNumber('initialDelay', options.initialDelay),
			maxDelayMs: readNumber('maxDelay', options.maxDelay),
		},
	};
}

/** The highest allowed number of redrives. */
export const readMaxRedrives = (value: unknown): number => readNumber('maxRedrives', value);

/** The most dead letters that an operation takes. */
export const readLimit = (value: unknown): number => readNumber('limit', value);

/** How dead letters of a table are sent again. A dry run by default. */
export function readRedriveSettings(dryRun: unknown, perSecond: unknown): RedriveSettings {
	return { isDryRun: dryRun !== false, perSecond: readNumber('redrivesPerSecond', perSecond) };
}

/** How far back executions are searched, and the most that are read. */
export function readLookBack(
	hours: unknown,
	executions: unknown,
): { readonly lookBackMs: number; readonly maxExecutions: number } {
	return {
		lookBackMs: readNumber('lookBack', hours) * 3_600_000,
		maxExecutions: readNumber('maxExecutions', executions),
	};
}
