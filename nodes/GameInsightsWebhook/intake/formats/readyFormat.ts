import type { AnswerRules, FixedAnswer } from '../../../shared/answers';
import type { UnreadableBody } from '../../../shared/events/unreadableBody';
import type { IncomingRequest, TakenIn } from '../receipt';
import type { Source } from '../../../shared/events/source';
import { type FieldRule, requiredText } from '../validate/eventRules';
import { amplitudeRefusal } from './amplitude';
import { readBinaryMode } from './cloudEvents';
import { keysOf, type EventFormat, type FieldPlaces } from '../../../shared/formats/format';
import { type Lookup, readPath, readPaths } from './fieldPath';
import { mixpanelAcceptance, mixpanelRefusal } from './mixpanel';
import { FORMATS } from '../../../shared/formats/formats';

/** The event format of an endpoint, as its owner set it. */
export interface EventFormatSettings {
	/** `gameInsights`, `custom`, or the name of a record in `FORMATS`. */
	readonly name: string;
	/** For `custom`: the paths, as in {@link EventFormat}; empty for a missing field. */
	readonly paths: {
		readonly events: string;
		readonly eventType: string;
		readonly eventId: string;
		readonly userId: string;
		readonly timestamp: string;
	} | null;
}

/** A format, prepared for requests. */
export interface ReadyFormat extends Pick<
	EventFormat,
	'envelope' | 'formField' | 'isUtcUnlessSaid' | 'acceptance' | 'waitsSeconds'
> {
	/**
	 * Reads a request whose event is not only in its body. Null for any other request. Left out where there are
	 * none.
	 */
	readonly readRequest?: (request: IncomingRequest) => Source | UnreadableBody | null;
	/** The answer to this request, when its sender asked for a special one. Null for the usual one. */
	readonly acceptanceOf?: (taken: TakenIn) => FixedAnswer | null;
	/** The names that lead to the events, for each of the paths. */
	readonly events: ReadonlyArray<readonly string[]>;
	readonly fields: Readonly<Record<keyof FieldPlaces, readonly Lookup[]>>;
	readonly idWithin: ReadonlyArray<readonly string[]>;
	/** The names that lead to each key in an event. */
	readonly keys: ReadonlyArray<readonly string[]>;
	/** The fields that each event of this format must have, as paths in the converted event. */
	readonly required: readonly FieldRule[];
	/**
	 * Whether an invalid value is kept, so that it is reported as a fault. The author of a custom path needs to
	 * know.
	 */
	readonly keepsFaults: boolean;
	readonly answers: AnswerRules;
}

/** Thrown for a format that can't work as its owner meant it. The message is for the owner. */
export class FaultyFormat extends Error {
	override readonly name = 'FaultyFormat';
}

const OWN = 'gameInsights';
const CUSTOM = 'custom';

/**
 * What can't be expressed as data. It is not in the records, so that n8n does not load this code with the
 * panel's texts.
 */
const READ_REQUEST: Readonly<Record<string, ReadyFormat['readRequest']>> = { cloudEvents: readBinaryMode };
const ACCEPTANCE_OF: Readonly<Record<string, ReadyFormat['acceptanceOf']>> = { mixpanel: mixpanelAcceptance };
const REFUSAL_BODY: Readonly<Record<string, AnswerRules['refusalBody']>> = {
	amplitude: amplitudeRefusal,
	mixpanel: mixpanelRefusal,
};

/**
 * Prepares a format. Null for the format of Game Insights itself.
 *
 * @throws {FaultyFormat} when there is no such format, or a path of `custom` is missing or not valid
 */
export function buildFormat({ name, paths }: EventFormatSettings): ReadyFormat | null {
	if (name === OWN) return null;
	if (name === CUSTOM) return customFormat(paths);
	const format = FORMATS.get(name);
	if (format === undefined)
		throw new FaultyFormat(`The event format "${name}" is not known: choose one from the list.`);
	return ready(name, format);
}

/**
 * The form of refusals for the senders of a format, which is known before the request is read. Undefined for
 * the usual form.
 */
export function answersOfFormat({ name }: EventFormatSettings): AnswerRules | undefined {
	return FORMATS.has(name) ? answersOf(name) : undefined;
}

const answersOf = (name: string): AnswerRules => ({ repeatsOn: 'unsaid', refusalBody: REFUSAL_BODY[name] });

function ready(name: string, format: EventFormat): ReadyFormat {
	const { fields } = format;
	return {
		...format,
		events: format.events.map((path) => keysOf(path) ?? []),
		fields: {
			eventType: readPaths(fields.eventType),
			eventId: readPaths(fields.eventId),
			userId: readPaths(fields.userId),
			timestamp: readPaths(fields.timestamp),
		},
		idWithin: (format.idWithin ?? []).map((path) => keysOf(path) ?? []),
		keys: (format.keys ?? []).map((path) => keysOf(path) ?? []),
		required: (format.required ?? []).map(({ path, only }) =>
			requiredText(['properties', ...(keysOf(path) ?? [])], only),
		),
		keepsFaults: false,
		readRequest: READ_REQUEST[name],
		acceptanceOf: ACCEPTANCE_OF[name],
		answers: answersOf(name),
	};
}

/** A format with paths that its owner has set. */
function customFormat(paths: EventFormatSettings['paths']): ReadyFormat {
	if (paths === null || paths.eventType === '')
		throw new FaultyFormat('Fill in "Event Type Path": without it no event has a type.');
	const events = keysOf(paths.events);
	if (events === undefined) throw faultyPath('Events Path', paths.events);
	return {
		events: [events],
		fields: {
			eventType: lookups('Event Type Path', paths.eventType),
			eventId: lookups('Event ID Path', paths.eventId),
			userId: lookups('User ID Path', paths.userId),
			timestamp: lookups('Timestamp Path', paths.timestamp),
		},
		idWithin: [],
		keys: [],
		required: [],
		keepsFaults: true,
		answers: { repeatsOn: 'unsaid' },
	};
}

function lookups(label: string, path: string): Lookup[] {
	if (path === '') return [];
	const lookup = readPath(path);
	if (lookup === undefined) throw faultyPath(label, path);
	if (HEADERS_WITH_PROOFS.test(path)) throw secretHeader(label, path);
	return [lookup];
}

/** Headers with a key, a token or a session. A path to one of them would copy it into items. */
const HEADERS_WITH_PROOFS = /^\$header\.(?:(?:proxy-)?authorization|cookie|x-api-key)$/i;

const secretHeader = (label: string, path: string): FaultyFormat =>
	new FaultyFormat(
		`"${label}" holds "${path}": a header with a key, token or cookie never becomes a part of an event. Choose another field.`,
	);

const faultyPath = (label: string, path: string): FaultyFormat =>
	new FaultyFormat(
		`"${label}" holds "${path}", which is no path: write the names from the event down, with dots between them, like data.user.id.`,
	);

/**
 * The answer that an owner typed: as JSON when it is JSON, else as plain text. Null when the field is empty.
 */
export function typedAnswer(text: string): FixedAnswer | null {
	if (text === '') return null;
	return {
		status: 200,
		headers: { 'content-type': isJson(text) ? 'application/json' : 'text/plain; charset=utf-8' },
		body: text,
	};
}

function isJson(text: string): boolean {
	if (!/^\s*[[{"]/.test(text)) return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
