import {
	asText,
	asTimestamp,
	eventText,
} from '../../../../../nodes/GameInsightsWebhook/intake/formats/eventText';

describe('the text of an event', () => {
	it('holds the fields that are there, what else belongs to it, and the properties to the letter', () => {
		expect(eventText({ eventType: 'a "b"' }, '{ "n":1.50 }')).toBe(
			'{"event_type":"a \\"b\\"","properties":{ "n":1.50 }}',
		);
		const all = { eventId: '4', userId: '3', timestamp: '2', eventType: '1' };
		expect(eventText(all, '{}', ['"envelope":{}'])).toBe(
			'{"event_type":"1","timestamp":"2","user_id":"3","event_id":"4","envelope":{},"properties":{}}',
		);
	});
});

describe('a name or an id', () => {
	it.each([
		['a', 'a'],
		[' a ', ' a '],
		[7, '7'],
		[-7, '-7'],
		[' \n', undefined],
		['', undefined],
		[1.5, undefined],
		[2 ** 53, undefined],
		[true, undefined],
		[null, undefined],
		[['a'], undefined],
	])('of %j is %j', (value, text) => {
		expect(asText(value)).toBe(text);
	});
});

describe('a time', () => {
	it.each([
		['2026-01-15T12:00:00+01:00', '2026-01-15T12:00:00+01:00'],
		['2026-01-15 12:00:00 +01:00', '2026-01-15T12:00:00+01:00'],
		['2026-01-15 12:00:00.25z', '2026-01-15T12:00:00.25z'],
		[1_768_478_400, '2026-01-15T12:00:00.000Z'],
		['1768478400.5', '2026-01-15T12:00:00.500Z'],
		[0, '1970-01-01T00:00:00.000Z'],
		['253402300799999', '9999-12-31T23:59:59.999Z'],
		['9999999999999999999', '2286-11-20T17:46:40.000Z'],
	])('is read from %j', (value, time) => {
		expect(asTimestamp(value)).toBe(time);
	});

	it.each([
		'253402300800000',
		'99999999999999999999',
		'2026-02-30 12:00:00Z',
		'2026-01-15 12:00:00',
		'2026-01-15  12:00:00Z',
		'soon',
		'',
		'-1',
		'1e9',
		'5.',
		-1,
		1e300,
		Number.NaN,
		true,
		null,
		undefined,
		[1_768_478_400],
		{},
	])('is not read from %j', (value) => {
		expect(asTimestamp(value)).toBeUndefined();
	});
});
