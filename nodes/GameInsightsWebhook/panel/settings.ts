import { AUTHENTICATION_METHODS, type AuthenticationMethod } from '../../shared/authenticationMethod';
import { DEFAULT_TABLE_NAME } from '../../shared/journal/tableNames';
import { readNumber } from './numberBounds';
import type { DeliverySettings, SilenceAlert } from '../queue/deliverySettings';
import { describe } from '../../shared/json/jsonValue';
import type { IntakeSettings } from '../intake/rules';

/** All settings of the node, with defaults and limits applied. Times are in milliseconds. */
export interface Settings {
	readonly authentication: AuthenticationMethod;
	readonly batches: 'split' | 'keep';
	readonly respond: 'onAccept' | 'onFinish';
	readonly endpointName: string;
	readonly includeDelivery: boolean;
	readonly intake: IntakeSettings;
	readonly delivery: DeliverySettings;
	/** Null when events are kept in memory. */
	readonly journal: JournalOptions | null;
}

/** How events are kept in a Data Table. */
export interface JournalOptions {
	readonly tableName: string;
	/** How long processed events are shown. 0 removes them at once. */
	readonly keepProcessedMs: number;
	/** When the table is larger than this, no more events are taken. */
	readonly maxBytes: number;
	/** How long dead letters are kept. 0 for ever. */
	readonly keepDeadLettersMs: number;
	/** The most dead letters that are kept. The oldest ones are removed. */
	readonly maxDeadLetters: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECOND_MS = 1_000;
const MEGABYTE = 1024 * 1024;
/** The longest name of a Data Table, without the part that is added for the second table. */
const LONGEST_TABLE_NAME = 110;

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T =>
	allowed.find((candidate) => candidate === value) ?? (allowed[0] as T);

const flag = (value: unknown, otherwise: boolean): boolean =>
	typeof value === 'boolean' ? value : otherwise;

/** Texts from a comma-separated field or a list: trimmed, without empty texts and repeats. */
export function texts(value: unknown): string[] {
	if (value === undefined) return [];
	const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,\n]/) : [];
	const trimmed = parts.filter((part): part is string => typeof part === 'string').map((part) => part.trim());
	return [...new Set(trimmed.filter((part) => part !== ''))];
}

/**
 * Like {@link texts}, for addresses and origins. A value that is neither text nor list becomes an invalid
 * entry: it must not open the endpoint.
 */
function addresses(value: unknown): string[] {
	if (value === undefined || value === null) return [];
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return texts(
		list.flatMap((entry) => (typeof entry === 'string' ? entry.split(/[,\n]/) : [describe(entry)])),
	);
}

/** Null when the option was not chosen or its field is empty. Then the time depends on the sender. */
function acceptTimeoutMs(value: unknown): number | null {
	const isEmpty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
	return isEmpty ? null : readNumber('acceptTimeout', value) * SECOND_MS;
}

/** Null when the option was not chosen. Then any number of requests is allowed. */
function rateLimit(
	name: 'rateLimit' | 'rateLimitPerAddress',
	options: Readonly<Record<string, unknown>>,
): number | null {
	return options[name] === undefined ? null : readNumber(name, options[name]);
}

/** Undefined when the option was not chosen, or is 0. */
function silenceAlert(value: unknown, endpoint: string): SilenceAlert | undefined {
	const afterMs = value === undefined ? 0 : readNumber('silenceAlert', value) * HOUR_MS;
	return afterMs > 0 ? { afterMs, endpoint } : undefined;
}

/**
 * The rows of the list of event schemas. A missing value becomes an empty text, which is later reported as a
 * fault.
 */
function eventSchemas(value: unknown): IntakeSettings['eventSchemas'] {
	const rows: unknown[] = isRecord(value) && Array.isArray(value.schemas) ? value.schemas : [];
	return rows.filter(isRecord).map(({ eventType, schema }) => ({
		eventType: typeof eventType === 'string' ? eventType.trim() : '',
		schema: typeof schema === 'string' ? schema : (JSON.stringify(schema) ?? ''),
	}));
}

/** An unknown name is kept, so that the error can name it. Paths are only used for `custom`. */
function eventFormat(parameters: Readonly<Record<string, unknown>>): IntakeSettings['eventFormat'] {
	const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
	const name = text(parameters.eventFormat) || 'gameInsights';
	if (name !== 'custom') return { name, paths: null };
	return {
		name,
		paths: {
			events: text(parameters.eventsPath),
			eventType: text(parameters.eventTypePath),
			eventId: text(parameters.eventIdPath),
			userId: text(parameters.userIdPath),
			timestamp: text(parameters.timestampPath),
		},
	};
}

/**
 * Reads the node's parameters; no other code does. Never throws: a parameter of the wrong kind is replaced by
 * its default. This is safe for the authentication method, too: every method authenticates.
 */
export function readSettings(parameters: Readonly<Record<string, unknown>>): Settings {
	const options = isRecord(parameters.options) ? parameters.options : {};
	const respond = oneOf(parameters.respond, ['onAccept', 'onFinish']);
	const endpointName = typeof options.endpointName === 'string' ? options.endpointName.trim() : '';
	return {
		authentication: oneOf(parameters.authentication, AUTHENTICATION_METHODS),
		batches: oneOf(parameters.batches, ['split', 'keep']),
		respond,
		endpointName,
		includeDelivery: flag(options.includeDelivery, true),
		intake: {
			maxEventsPerRequest: readNumber('maxEventsPerRequest', options.maxEventsPerRequest),
			invalidEvents: oneOf(options.invalidEvents, ['deadLetter', 'rejectRequest']),
			requiredFields: texts(options.requiredFields),
			orderBy: typeof options.orderBy === 'string' ? options.orderBy.trim() : '',
			eventTypes: texts(options.eventTypes),
			eventSchemas: eventSchemas(options.eventSchemas),
			rateLimit: rateLimit('rateLimit', options),
			rateLimitPerAddress: rateLimit('rateLimitPerAddress', options),
			ipAllowlist: addresses(options.ipAllowlist),
			allowedOrigins: addresses(options.allowedOrigins),
			eventFormat: eventFormat(parameters),
			responseBody: typeof options.responseBody === 'string' ? options.responseBody.trim() : '',
		},
		delivery: {
			respond,
			retry: flag(parameters.retry, true),
			maxRetries: readNumber('maxRetries', parameters.maxRetries),
			initialDelayMs: readNumber('initialDelay', parameters.initialDelay),
			backoffMultiplier: readNumber('backoffMultiplier', parameters.backoffMultiplier),
			maxDelayMs: readNumber('maxDelay', options.maxDelay),
			jitter: flag(options.jitter, true),
			maxAgeMs: readNumber('maxAge', options.maxAge) * HOUR_MS,
			nonRetryableErrors: texts(options.nonRetryableErrors),
			isolateFailures: flag(options.isolateFailures, true),
			pauseAfterFailedEvents: readNumber('pauseAfterFailedEvents', options.pauseAfterFailedEvents),
			executionPer: oneOf(options.executionPer, ['request', 'event', 'group']),
			maxEventsPerExecution: readNumber('maxEventsPerExecution', options.maxEventsPerExecution),
			maxConcurrentExecutions: readNumber('maxConcurrentExecutions', options.maxConcurrentExecutions),
			maxPendingEvents: readNumber('maxPendingEvents', options.maxPendingEvents),
			acceptTimeoutMs: acceptTimeoutMs(options.acceptTimeout),
			deduplicationWindowMs: readNumber('deduplicationWindow', options.deduplicationWindow) * SECOND_MS,
			silenceAlert: silenceAlert(options.silenceAlert, endpointName),
		},
		journal: flag(parameters.durable, false)
			? {
					tableName: tableName(options.journalTable),
					keepProcessedMs: readNumber('keepProcessed', options.keepProcessed) * HOUR_MS,
					keepDeadLettersMs: readNumber('keepDeadLetters', options.keepDeadLetters) * DAY_MS,
					maxDeadLetters: readNumber('maxDeadLetters', options.maxDeadLetters),
					maxBytes: readNumber('maxJournalSize', options.maxJournalSize) * MEGABYTE,
				}
			: null,
	};
}

function tableName(value: unknown): string {
	const typed = typeof value === 'string' ? value.trim().slice(0, LONGEST_TABLE_NAME) : '';
	return typed === '' ? DEFAULT_TABLE_NAME : typed;
}
