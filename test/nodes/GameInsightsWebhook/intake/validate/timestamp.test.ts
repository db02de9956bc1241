import fc from 'fast-check';
import { readTimestamp } from '../../../../../nodes/GameInsightsWebhook/intake/validate/timestamp';

describe('readTimestamp', () => {
	it.each([
		// The examples of RFC 3339, section 5.8.
		['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50Z'],
		['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57Z'],
		['1990-12-31T23:59:60Z', '1991-01-01T00:00:00Z'],
		['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00Z'],
		['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27Z'],
		// Letters in lower case, section 5.6.
		['2026-01-31t12:00:00z', '2026-01-31T12:00:00Z'],
		// Any number of digits in a fraction.
		['2026-01-31T12:00:00.0Z', '2026-01-31T12:00:00Z'],
		['2026-01-31T12:00:00.123456789012345Z', '2026-01-31T12:00:00Z'],
		[`2026-01-31T12:00:00.${'9'.repeat(43)}Z`, '2026-01-31T12:00:00Z'],
		// Offsets.
		['2026-01-31T12:00:00+00:00', '2026-01-31T12:00:00Z'],
		['2026-01-31T12:00:00-00:00', '2026-01-31T12:00:00Z'],
		['2026-01-31T12:00:00+05:45', '2026-01-31T06:15:00Z'],
		['2026-01-31T12:00:00+23:59', '2026-01-30T12:01:00Z'],
		['2026-01-31T12:00:00-23:59', '2026-02-01T11:59:00Z'],
		// Days of months.
		['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
		['2000-02-29T00:00:00Z', '2000-02-29T00:00:00Z'],
		['2026-04-30T23:59:59Z', '2026-04-30T23:59:59Z'],
		['2026-12-31T23:59:59Z', '2026-12-31T23:59:59Z'],
		['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
		// Leap seconds at the end of June and December in UTC.
		['2015-06-30T23:59:60Z', '2015-07-01T00:00:00Z'],
		['2016-12-31T23:59:60.5Z', '2017-01-01T00:00:00Z'],
		['2017-01-01T05:44:60+05:45', '2017-01-01T00:00:00Z'],
	])('reads %s as %s', (text, same) => {
		expect(readTimestamp(text)).toBe(Date.parse(same));
	});

	it.each([
		'',
		'yesterday',
		'1738324800',
		'2026-01-31',
		'12:00:00Z',
		'2026-01-31 12:00:00Z',
		'2026-01-31T12:00:00',
		'2026-01-31T12:00Z',
		'2026-01-31T12:00:00.Z',
		'2026-01-31T12:00:00,5Z',
		'2026-01-31T12:00:00+0100',
		'2026-01-31T12:00:00+01',
		'2026-01-31T12:00:00 Z',
		'2026-01-31T12:00:00ZZ',
		' 2026-01-31T12:00:00Z',
		'2026-01-31T12:00:00Z\n',
		'2026-1-31T12:00:00Z',
		'26-01-31T12:00:00Z',
		'+2026-01-31T12:00:00Z',
		'20260131T120000Z',
		'2026-W05-6T12:00:00Z',
		'2026-07-14T23:59:60Z',
		'2026-07-01T04:59:60Z',
		'2026-00-31T12:00:00Z',
		'2026-13-31T12:00:00Z',
		'2026-01-00T12:00:00Z',
		'2026-01-32T12:00:00Z',
		'2026-02-29T12:00:00Z',
		'1900-02-29T12:00:00Z',
		'2024-02-30T12:00:00Z',
		'2026-04-31T12:00:00Z',
		'2026-06-31T12:00:00Z',
		'2026-09-31T12:00:00Z',
		'2026-11-31T12:00:00Z',
		'2026-01-31T24:00:00Z',
		'2026-01-31T12:60:00Z',
		'2026-01-31T12:00:61Z',
		'2026-12-31T23:59:61Z',
		'2026-01-31T12:00:00+24:00',
		'2026-01-31T12:00:00+01:60',
		'٢٠٢٦-01-31T12:00:00Z',
		// A second :60 where no leap second can be.
		'2026-01-31T23:59:60Z',
		'2026-12-31T23:58:60Z',
		'2026-12-31T22:59:60Z',
		'2026-12-30T23:59:60Z',
		'2026-03-31T23:59:60Z',
		'2026-12-31T23:59:60+01:00',
		'2017-01-01T00:00:60Z',
		// Longer than any clock is exact.
		`2026-01-31T12:00:00.${'9'.repeat(44)}Z`,
		`2026-01-31T12:00:00.${'9'.repeat(16_000_000)}Z`,
	])('does not read %.60j', (text) => {
		expect(readTimestamp(text)).toBeNull();
	});

	it('reads each text that JavaScript writes', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
				(date) => {
					expect(readTimestamp(date.toISOString())).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
				},
			),
		);
	});

	it('reads only what JavaScript too takes for a date, leap seconds aside', () => {
		const digits = fc.tuple(
			fc.integer({ min: 100, max: 9_999 }),
			fc.array(fc.integer({ min: 0, max: 62 }), { minLength: 5, maxLength: 5 }),
		);
		fc.assert(
			fc.property(digits, ([year, rest]) => {
				const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, '0'));
				const text = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`;
				const at = readTimestamp(text);
				fc.pre(at !== null && second !== '60');
				expect(new Date(at ?? Number.NaN).toISOString()).toBe(text.replace('Z', '.000Z'));
			}),
		);
	});
});
