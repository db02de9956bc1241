import { at } from '../../../shared/senders/at';
import { isJsonObject, ownMember } from '../../../shared/json/jsonValue';
import { linesOf } from '../../../shared/events/lines';
import { readJson } from '../../../shared/json/readJson';
import { elementTexts, memberTexts, withoutMember } from '../../../shared/events/slice';
import { looksLikeLines, sourceOf } from '../parse/sourceOf';
import { UnreadableBody } from '../../../shared/events/unreadableBody';
import { tooManyEvents } from '../../../shared/events/valuesIn';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../../../shared/events/source';
import { asText, asTimestamp, asTimestampInUtc, eventText } from './eventText';
import type { Around, Lookup } from './fieldPath';
import type { ReadyFormat } from './readyFormat';

/**
 * The largest total size of the fields next to the events, in all events of a request together. In
 * characters.
 */
const LONGEST_ENVELOPES = 1024 * 1024;

/**
 * Converts a request in another format into Game Insights events. Each event is in `properties` as it was
 * sent, character for character; only a sender's key is removed. Null for a body that is not JSON, and for
 * what the Game Insights node sends: both are read like any other body.
 *
 * @throws {Refusal} 400 `invalid_body` when nothing was sent; 413 `too_many_events`
 */
export function translateEvents(
	request: IncomingRequest,
	format: ReadyFormat,
	maxEvents: number,
): Source | UnreadableBody | null {
	const source = format.readRequest?.(request) ?? sourceOf(request, format.formField);
	if (source instanceof UnreadableBody) return source;
	if (source.format === 'ndjson') return translateLines(source.text, request, format, maxEvents);
	const body = readJson(source.text);
	if (body === undefined)
		return looksLikeLines(source.text) ? translateLines(source.text, request, format, maxEvents) : null;
	if (isOurOwn(body)) return null;
	const found = findEvents(body, format.events);
	if (found === null) return new UnreadableBody(400, 'type', noEvents(format.events));
	if (found.values.length > maxEvents) throw tooManyEvents(maxEvents);
	const texts = elementTexts(source.text, found.keys);
	const around = { body, request };
	// The fields next to a list. An event that is the whole body contains them anyway.
	const more = found.keys.length === 0 ? [] : envelopeOf(source.text, format.envelope, texts.length);
	const events = found.values.map((value, index) =>
		translated(value, texts[index] ?? '', around, format, more),
	);
	return { format: 'json', text: `[${events.join(',')}]` };
}

/** Whether the Game Insights node sent it: a redrive of dead letters, or a test of the connection. */
function isOurOwn(body: unknown): boolean {
	const events = ownMember(body, 'events');
	const redrive = ownMember(body, 'redrive');
	if (!Array.isArray(events)) return false;
	if (events.length === 0) return Object.keys(body as object).length === 1;
	return Array.isArray(redrive) && redrive.length === events.length;
}

interface Found {
	readonly keys: readonly string[];
	readonly values: readonly unknown[];
}

function findEvents(body: unknown, places: ReadyFormat['events']): Found | null {
	for (const keys of places) {
		const value = at(body, ...keys);
		if (Array.isArray(value)) return { keys, values: value };
		if (isJsonObject(value)) return { keys, values: [value] };
	}
	return null;
}

const noEvents = (places: ReadyFormat['events']): string => {
	const names = places.map((keys) => (keys.length === 0 ? 'in the body itself' : `at \`${keys.join('.')}\``));
	return `No events were found ${names.join(' or ')}`;
};

/** Each event stays on its line, so that faults show the right line. Text that is not JSON is unchanged. */
function translateLines(
	text: string,
	request: IncomingRequest,
	format: ReadyFormat,
	maxEvents: number,
): Source {
	const around = { body: undefined, request };
	let lines = '';
	let last = 1;
	let count = 0;
	for (const line of linesOf(text)) {
		if (++count > maxEvents) throw tooManyEvents(maxEvents);
		const event = translated(readJson(line.text), line.text, around, format, []);
		lines += `${'\n'.repeat(line.number - last)}${event}`;
		last = line.number;
	}
	return { format: 'ndjson', text: lines };
}

/** A value that is no object can't be an event. It is kept, so that it is reported as a fault. */
function translated(
	value: unknown,
	text: string,
	around: Around,
	format: ReadyFormat,
	more: readonly string[],
): string {
	if (!isJsonObject(value)) return text;
	const { fields, keepsFaults } = format;
	const read = (lookups: readonly Lookup[], convert: (found: unknown) => string | undefined) =>
		firstUsable(lookups, value, around, convert);
	const event = {
		eventType: read(fields.eventType, asText),
		timestamp: read(fields.timestamp, format.isUtcUnlessSaid === true ? asTimestampInUtc : asTimestamp),
		userId: read(fields.userId, asText),
		eventId: read(fields.eventId, asText),
	};
	const faults = keepsFaults ? faultyFields(format, event, value, around) : [];
	return eventText(event, withoutKeys(value, text, format.keys), [...faults, ...more]);
}

/** The event as it was sent, without the keys that only its vendor should see. */
const withoutKeys = (value: unknown, text: string, keys: ReadyFormat['keys']): string =>
	keys.reduce((rest, path) => (at(value, ...path) === undefined ? rest : withoutMember(rest, path)), text);

function firstUsable(
	lookups: readonly Lookup[],
	event: unknown,
	around: Around,
	convert: (found: unknown) => string | undefined,
): string | undefined {
	for (const lookup of lookups) {
		const usable = convert(lookup(event, around));
		if (usable !== undefined) return usable;
	}
	return undefined;
}

const NAMES = {
	eventType: 'event_type',
	timestamp: 'timestamp',
	userId: 'user_id',
	eventId: 'event_id',
} as const;

/**
 * Values that were found at a path but can't be the field, in a form that is reported as a fault. Null is no
 * fault: it means that there is no user.
 */
function faultyFields(
	{ fields }: ReadyFormat,
	event: Readonly<Record<keyof typeof NAMES, string | undefined>>,
	value: unknown,
	around: Around,
): string[] {
	return (Object.keys(NAMES) as Array<keyof typeof NAMES>).flatMap((field) => {
		const found = event[field] === undefined ? fields[field][0]?.(value, around) : undefined;
		if (found === undefined || found === null) return [];
		const shown = typeof found === 'object' ? (Array.isArray(found) ? [] : {}) : found;
		return [`"${NAMES[field]}":${JSON.stringify(shown)}`];
	});
}

/**
 * The fields next to the events that apply to each of them, as one member. Left out when they would be too
 * large.
 */
function envelopeOf(text: string, names: readonly string[] | undefined, events: number): string[] {
	if (names === undefined) return [];
	const members = memberTexts(text, names).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
	const envelope = `"envelope":{${members.join(',')}}`;
	return members.length === 0 || envelope.length * events > LONGEST_ENVELOPES ? [] : [envelope];
}
