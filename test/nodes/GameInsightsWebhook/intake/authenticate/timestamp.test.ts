import {
	readTimestamp,
	requireFresh,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/timestamp';
import { ARRIVAL_MS } from '../../../../support/incomingRequest';
import { expectUnauthorized } from '../../../../support/refused';

describe('a signed timestamp', () => {
	it.each([
		['seconds', '1768478400', 1_768_478_400_000],
		['seconds', '0', 0],
		['milliseconds', '1768478400123', 1_768_478_400_123],
		['rfc3339', '2026-01-15T12:00:00.634226000Z', 1_768_478_400_000],
		['any', '1768478400', 1_768_478_400_000],
		['any', '1768478400123', 1_768_478_400_123],
		['any', '99999999999', 99_999_999_999_000],
		['any', '100000000000', 100_000_000_000],
		['any', '2026-01-15T12:00:00Z', 1_768_478_400_000],
	] as const)('in %s is read: %s', (unit, text, expected) => {
		expect(readTimestamp(text, unit)).toBe(expected);
	});

	it.each([
		['seconds', ''],
		['seconds', ' 1768478400'],
		['seconds', '1768478400 '],
		['seconds', '-1'],
		['seconds', '1e9'],
		['seconds', '1768478400.5'],
		['seconds', '０'],
		['seconds', '1234567890123456'],
		['milliseconds', '2026-01-15T12:00:00Z'],
		['rfc3339', '1768478400'],
		['rfc3339', '2026-13-15T12:00:00Z'],
		['rfc3339', '2026-01-15T12:00:00'],
		['any', 'Thu, 15 Jan 2026 12:00:00 GMT'],
		['any', '2026-01-15'],
		['any', ''],
	] as const)('in %s is nothing else: %j', (unit, text) => {
		expect(readTimestamp(text, unit)).toBeUndefined();
	});
});

describe('the reason why a timestamp is refused', () => {
	it.each([
		['seconds', 'soon', "The timestamp can't be read; expected: seconds since 1970."],
		['milliseconds', '', "The timestamp can't be read; expected: milliseconds since 1970."],
		['rfc3339', '2026', "The timestamp can't be read; expected: a date and time as in RFC 3339."],
		[
			'any',
			'now',
			"The timestamp can't be read; expected: seconds or milliseconds since 1970, or a date and time as in RFC 3339.",
		],
		[
			'seconds',
			'1768478389',
			'The timestamp is 11 s old; 10 s are tolerated (expected: seconds since 1970).',
		],
		[
			'milliseconds',
			'1768478410600',
			'The timestamp is 11 s ahead of the clock; 10 s are tolerated (expected: milliseconds since 1970).',
		],
	] as const)('says what the sender should have sent, in %s: %j', async (unit, text, reason) => {
		const { operatorMessage } = await expectUnauthorized(() => {
			requireFresh(text, unit, 10, ARRIVAL_MS);
		});
		expect(operatorMessage).toBe(reason);
	});
});
