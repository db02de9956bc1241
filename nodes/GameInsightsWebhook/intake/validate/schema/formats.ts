import { Entries, Set as setFormat } from 'typebox/format';
import { readTimestamp } from '../timestamp';
import { spend } from './budget';
import { isExpression } from './pattern';

/** No real address, date or URI is longer. A longer text matches no format, so that no check takes long. */
const LONGEST_FORMATTED = 2_048;

/** The library's own expressions backtrack a little: about 0.5 ms for the longest text. */
const CHARACTERS_PER_STEP = 4;

let isReady = false;

/**
 * Makes the formats of JSON Schema safe for texts of any length. A date and time means the same in a schema
 * as in an event's `timestamp`.
 */
export function prepareFormats(): void {
	if (isReady) return;
	isReady = true;
	setFormat('date-time', (text) => readTimestamp(text) !== null);
	setFormat('regex', isExpression);
	for (const [name, check] of Entries()) {
		setFormat(name, (text) => {
			spend(1 + Math.min(text.length, LONGEST_FORMATTED) / CHARACTERS_PER_STEP);
			return text.length <= LONGEST_FORMATTED && check(text);
		});
	}
}

/** A text in a format, in words for messages: completes "must be …". */
export const FORMAT_WORDS: ReadonlyMap<unknown, string> = new Map([
	['date-time', 'a date and time like 2026-01-31T12:00:00Z'],
	['date', 'a date like 2026-01-31'],
	['time', 'a time like 12:00:00Z'],
	['duration', 'a duration like P1DT12H'],
	['email', 'an e-mail address'],
	['idn-email', 'an e-mail address'],
	['hostname', 'a host name'],
	['idn-hostname', 'a host name'],
	['ipv4', 'an IPv4 address'],
	['ipv6', 'an IPv6 address'],
	['uri', 'an address like https://example.com'],
	['uuid', 'a UUID'],
	['regex', 'a regular expression'],
]);
