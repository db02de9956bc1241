import { readTimestamp as readDateTime } from '../validate/timestamp';
import type { TimestampUnit } from '../../../shared/senders/scheme';
import { unauthorized } from './unauthorized';

/** A number with more digits is no longer exact, and no clock has reached it. */
const DIGITS = /^\d{1,15}$/;
/** From 12 digits on, a number of seconds would be after the year 5000, so it is a number of milliseconds. */
const LEAST_MILLISECONDS = 100_000_000_000;

/** Milliseconds since the epoch; undefined when the text is not a timestamp of this kind. */
export function readTimestamp(text: string, unit: TimestampUnit): number | undefined {
	if (unit === 'rfc3339' || (unit === 'any' && text.includes('-'))) return readDateTime(text) ?? undefined;
	if (!DIGITS.test(text)) return undefined;
	const number = Number(text);
	if (unit === 'any') return number >= LEAST_MILLISECONDS ? number : number * 1000;
	return unit === 'seconds' ? number * 1000 : number;
}

/**
 * Refuses a timestamp that is too old, which may be a replay, or too far in the future, which could be
 * replayed later.
 * @param receivedAtMs Milliseconds since the epoch.
 * @throws Refusal 401
 */
export function requireFresh(
	text: string,
	unit: TimestampUnit,
	toleranceSeconds: number,
	receivedAtMs: number,
): void {
	const sentAtMs = readTimestamp(text, unit);
	if (sentAtMs === undefined) throw unauthorized(`The timestamp can't be read; expected: ${NAMES[unit]}.`);
	const offSeconds = (receivedAtMs - sentAtMs) / 1000;
	if (Math.abs(offSeconds) <= toleranceSeconds) return;
	const direction = offSeconds > 0 ? 'old' : 'ahead of the clock';
	throw unauthorized(
		`The timestamp is ${Math.round(Math.abs(offSeconds))} s ${direction}; ${toleranceSeconds} s are tolerated (expected: ${NAMES[unit]}).`,
	);
}

const NAMES: Readonly<Record<TimestampUnit, string>> = {
	seconds: 'seconds since 1970',
	milliseconds: 'milliseconds since 1970',
	rfc3339: 'a date and time as in RFC 3339',
	any: 'seconds or milliseconds since 1970, or a date and time as in RFC 3339',
};
