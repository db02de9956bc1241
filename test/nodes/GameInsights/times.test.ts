import { epochMsOf } from '../../../nodes/GameInsights/times';

describe('a date and time in a field', () => {
	it.each([
		['2026-01-31T12:00:00Z', 'Europe/Berlin', '2026-01-31T12:00:00.000Z'],
		['2026-01-31T12:00:00+05:00', 'Europe/Berlin', '2026-01-31T07:00:00.000Z'],
		['2026-01-31T12:00:00', 'Europe/Berlin', '2026-01-31T11:00:00.000Z'],
		['2026-07-31 12:00', 'Europe/Berlin', '2026-07-31T10:00:00.000Z'],
		['2026-07-31', 'America/New_York', '2026-07-31T04:00:00.000Z'],
		['2026-03-29T03:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
		['2026-03-29T01:30:00', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
		[new Date('2026-01-31T12:00:00Z'), 'UTC', '2026-01-31T12:00:00.000Z'],
		[1_769_860_800_000, 'UTC', '2026-01-31T12:00:00.000Z'],
	])('%p in %s is %s', (value, zone, expected) => {
		expect(new Date(epochMsOf(value, zone) ?? NaN).toISOString()).toBe(expected);
	});

	it.each([['yesterday'], ['2026-13-45'], [true], [null], [{}], [NaN]])('%p is none', (value) => {
		expect(epochMsOf(value, 'UTC')).toBeNull();
	});
});
