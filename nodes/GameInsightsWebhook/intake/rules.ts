import { AddressList, FaultyAddress } from './admission/addressList';
import { FaultyOrigin, readOrigins } from './admission/originList';
import type { RateLimits } from './admission/rateLimiter';
import type { FixedAnswer } from '../../shared/answers';
import {
	buildFormat,
	type EventFormatSettings,
	FaultyFormat,
	type ReadyFormat,
	typedAnswer,
} from './formats/readyFormat';
import { type FieldRule, withRequiredFields } from './validate/eventRules';
import type { Path } from './validate/path';
import { type EventSchema, compileEventSchema } from './validate/schema/eventSchema';
import { FaultySchema } from './validate/schema/faultySchema';

/** What an endpoint accepts, in the form of its owner's settings. */
export interface IntakeSettings {
	readonly maxEventsPerRequest: number;
	/**
	 * `deadLetter`: valid events are taken, invalid ones become dead letters. `rejectRequest`: all or nothing.
	 */
	readonly invalidEvents: 'deadLetter' | 'rejectRequest';
	/** Dot paths, e.g. `properties.amount`. A key that itself contains a dot can't be used. */
	readonly requiredFields: readonly string[];
	/** Dot path of a value. Events with the same value run one after the other. Empty for no order. */
	readonly orderBy: string;
	/** The event types that are accepted, exactly as sent. Empty accepts all. */
	readonly eventTypes: readonly string[];
	/** JSON Schemas as JSON, each for one event type. Events of other types are not checked with them. */
	readonly eventSchemas: ReadonlyArray<{ readonly eventType: string; readonly schema: string }>;
	/** Allowed requests a minute, counted after authentication. Null accepts any number. */
	readonly rateLimit: number | null;
	/** The same for each address. */
	readonly rateLimitPerAddress: number | null;
	/** The addresses and networks (CIDR) that requests may come from. Empty accepts all. */
	readonly ipAllowlist: readonly string[];
	/** The origins of web pages that may send and read the answer. Empty for no list. */
	readonly allowedOrigins: readonly string[];
	/** The event format of senders that do not have their own format. */
	readonly eventFormat: EventFormatSettings;
	/** The answer to accepted requests. Empty for the usual one, or for the one that the sender expects. */
	readonly responseBody: string;
}

/** What an endpoint accepts, prepared for use. Made once, by {@link buildIntakeRules}. */
export interface IntakeRules {
	readonly maxEventsPerRequest: number;
	readonly invalidEvents: IntakeSettings['invalidEvents'];
	/** The rules for the fields of each event. */
	readonly fields: readonly FieldRule[];
	/** The path to the value in an event that decides the order. Null for no order. */
	readonly orderBy: Path | null;
	/** Null accepts all types. */
	readonly eventTypes: ReadonlySet<string> | null;
	readonly schemas: ReadonlyMap<string, EventSchema>;
	readonly rateLimits: RateLimits;
	/** Null accepts all addresses. */
	readonly addresses: AddressList | null;
	/** As browsers write them; null when there is no list. */
	readonly allowedOrigins: ReadonlySet<string> | null;
	/** Null for the format of Game Insights. */
	readonly format: ReadyFormat | null;
	/** Null for the usual answer, or the one that the sender expects. */
	readonly acceptance: FixedAnswer | null;
}

/**
 * Thrown for settings with which an endpoint would not do what its owner meant. The message is for the owner.
 */
export class FaultyIntakeSettings extends Error {
	override readonly name = 'FaultyIntakeSettings';
}

/**
 * Makes the rules of an endpoint.
 *
 * @throws {FaultyIntakeSettings} when a required field, Order By or a path of the event format is not a dot
 * path, or when a schema, an address or an origin can't be used.
 */
export function buildIntakeRules(settings: IntakeSettings): IntakeRules {
	const { maxEventsPerRequest, invalidEvents, requiredFields, eventTypes, eventSchemas } = settings;
	return {
		maxEventsPerRequest,
		invalidEvents,
		fields: withRequiredFields(requiredFields.map((field) => keysOf(field, `The required field "${field}"`))),
		orderBy: orderPathOf(settings),
		eventTypes: eventTypes.length === 0 ? null : new Set(eventTypes),
		schemas: schemasByType(eventSchemas),
		rateLimits: { rateLimit: settings.rateLimit, rateLimitPerAddress: settings.rateLimitPerAddress },
		addresses: addressesOf(settings.ipAllowlist),
		allowedOrigins: originsOf(settings.allowedOrigins),
		format: formatOf(settings.eventFormat),
		acceptance: typedAnswer(settings.responseBody),
	};
}

/**
 * The path to the value in an event that decides the order. Null for no order.
 *
 * @throws {FaultyIntakeSettings} when it is not a dot path.
 */
export function orderPathOf({ orderBy }: Pick<IntakeSettings, 'orderBy'>): Path | null {
	return orderBy === '' ? null : keysOf(orderBy, `"${orderBy}" in Order By`);
}

function keysOf(dotPath: string, what: string): string[] {
	const keys = dotPath.split('.');
	if (!keys.includes('')) return keys;
	throw new FaultyIntakeSettings(
		`${what} is not a path: write the names from the event down, with dots between them, like properties.amount.`,
	);
}

function schemasByType(list: IntakeSettings['eventSchemas']): ReadonlyMap<string, EventSchema> {
	const schemas = new Map<string, EventSchema>();
	for (const { eventType, schema } of list) {
		if (eventType === '')
			throw new FaultyIntakeSettings('An event schema has no event type: write down which it is for.');
		if (schemas.has(eventType)) {
			throw new FaultyIntakeSettings(
				`There are two event schemas for "${eventType}": put them together into one, with "allOf" if both must be met.`,
			);
		}
		schemas.set(eventType, compiled(eventType, schema));
	}
	return schemas;
}

function compiled(eventType: string, schema: string): EventSchema {
	try {
		return compileEventSchema(schema);
	} catch (error) {
		throw error instanceof FaultySchema ? unusableSchema(eventType, error) : error;
	}
}

const unusableSchema = (eventType: string, { message }: FaultySchema): FaultyIntakeSettings =>
	new FaultyIntakeSettings(`The event schema for "${eventType}" can't be used: ${message}`);

function formatOf(settings: EventFormatSettings): ReadyFormat | null {
	try {
		return buildFormat(settings);
	} catch (error) {
		throw error instanceof FaultyFormat ? new FaultyIntakeSettings(error.message) : error;
	}
}

function originsOf(list: readonly string[]): ReadonlySet<string> | null {
	try {
		return readOrigins(list);
	} catch (error) {
		throw error instanceof FaultyOrigin ? new FaultyIntakeSettings(error.message) : error;
	}
}

function addressesOf(list: readonly string[]): AddressList | null {
	try {
		return list.length === 0 ? null : new AddressList(list);
	} catch (error) {
		throw error instanceof FaultyAddress ? new FaultyIntakeSettings(error.message) : error;
	}
}
