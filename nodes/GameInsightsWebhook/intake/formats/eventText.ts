import { readTimestamp as readDateTime } from '../validate/timestamp';
import { rfc3339 } from '../../../shared/rfc3339';

/** The fields of an event except its properties, as they are written. Undefined for a missing field. */
export interface EventFields {
	readonly eventType?: string | undefined;
	readonly timestamp?: string | undefined;
	readonly userId?: string | undefined;
	readonly eventId?: string | undefined;
}

/**
 * The text of a Game Insights event.
 *
 * @param properties JSON text of an object; it is part of the event character for character
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
 * An id as text. Ids are often numbers; `readJson` returns one beyond 2^53 as text, with all its digits.
 * Undefined for a value that is no id.
 */
export function asText(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim() === '' ? undefined : value;
	return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The end of the year 9999: RFC 3339 has no years with more digits. */
const LATEST_MS = 253_402_300_799_999;
/** RFC 3339, section 5.6, allows a space instead of the T. Some senders write one before the offset, too. */
const WITH_SPACES = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(Z|[+-]\d\d:\d\d)$/i;
/** A number in decimal notation, with a length that fits a time. */
const NUMBER = /^\d{1,19}(?:\.\d{1,9})?$/;

/**
 * The units of a time as a number, the largest first. `from`: from this number on it must be that unit (it is
 * the year 2001). `perMs`: how many of the unit make a millisecond.
 */
const UNITS = [
	{ from: 1e18, perMs: 1e6 }, // nanoseconds
	{ from: 1e15, perMs: 1e3 }, // microseconds
	{ from: 1e11, perMs: 1 }, // milliseconds: as seconds it would be the year 5138
	{ from: 0, perMs: 1e-3 }, // seconds
] as const;

/**
 * A time as RFC 3339. Accepts a time in that form, or a number of seconds, milliseconds, microseconds or
 * nanoseconds since the epoch. The size of the number shows its unit. Undefined for anything else, also for a
 * time without an offset.
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

/** Like {@link asTimestamp}, but a date and time without an offset is read as UTC. */
export const asTimestampInUtc = (value: unknown): string | undefined =>
	asTimestamp(value) ?? (typeof value === 'string' ? asTimestamp(`${value}Z`) : undefined);
