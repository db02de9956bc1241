import { readTimestamp as readDateTime } from '../validate/timestamp';
import { rfc3339 } from '../../../shared/rfc3339';

/** The fields of an event beside its properties, as they are written; undefined where there is none. */
export interface EventFields {
	readonly eventType?: string | undefined;
	readonly timestamp?: string | undefined;
	readonly userId?: string | undefined;
	readonly eventId?: string | undefined;
}

/**
 * The text of a Game Insights event.
 *
 * @param properties JSON text of an object: it stands in the event character for character
 * @param more further members, each as JSON text with its name, such as `"a":1`
 */
export function eventText(fields: EventFields, properties: string, more: readonly string[] = []): string {
	const members = [
		['event_type', fields.eventType],
		['timestamp', fields.timestamp],
		['user_id', fields.userId],
		['event_id', fields.eventId],
	].flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`]));
	return `{${[...members, ...more, `"properties":${properties}`].join(',')}}`;
}

/**
 * Ids are often numbers; `readJson` gives one beyond 2^53 as text, with all its digits. Undefined for what is
 * none.
 */
export function asText(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim() === '' ? undefined : value;
	return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The end of the year 9999: RFC 3339 has no room for more digits. */
const LATEST_MS = 253_402_300_799_999;
/**
 * RFC 3339, section 5.6, lets applications put a space where the T stands; some write one before the offset,
 * too.
 */
const WITH_SPACES = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:\d\d)$/i;
/** A number as people write it, of a length that is a time. */
const NUMBER = /^\d{1,19}(?:\.\d{1,9})?$/;

/**
 * How many of a unit make a millisecond, from which number on it must be that unit (the year 2001), largest
 * first.
 */
const UNITS = [
	{ from: 1e18, perMs: 1e6 }, // nanoseconds
	{ from: 1e15, perMs: 1e3 }, // microseconds
	{ from: 1e11, perMs: 1 }, // milliseconds: as seconds it would be the year 5138
	{ from: 0, perMs: 1e-3 }, // seconds
] as const;

/**
 * A time as RFC 3339: such a time as it stands, or a number of seconds, milliseconds, microseconds or
 * nanoseconds since the epoch, told apart by how large it is. Undefined for anything else: a time without an
 * offset is none.
 */
export function asTimestamp(value: unknown): string | undefined {
	if (typeof value === 'string' && readDateTime(value) !== null) return value;
	const text = typeof value === 'number' ? String(value) : value;
	if (typeof text !== 'string') return undefined;
	const spaced = WITH_SPACES.exec(text);
	if (spaced !== null) {
		const [, date, time, offset] = spaced;
		const dateTime = `${date}T${time}${offset}`;
		return readDateTime(dateTime) === null ? undefined : dateTime;
	}
	if (!NUMBER.test(text)) return undefined;
	const number = Number(text);
	const { perMs } = UNITS.find(({ from }) => number >= from) ?? UNITS[3];
	const milliseconds = Math.round(number / perMs);
	return milliseconds > LATEST_MS ? undefined : rfc3339(milliseconds);
}

/** As {@link asTimestamp}, where a date and time without an offset is one in UTC. */
export const asTimestampInUtc = (value: unknown): string | undefined =>
	asTimestamp(value) ?? (typeof value === 'string' ? asTimestamp(`${value}Z`) : undefined);
