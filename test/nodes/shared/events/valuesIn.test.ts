import { UnreadableBody } from '../../../../nodes/shared/events/unreadableBody';
import { BadLine, valuesIn } from '../../../../nodes/shared/events/valuesIn';
import { refusedBy } from '../../../support/refused';

const json = (text: string, maxEvents = 10) => valuesIn({ format: 'json', text }, maxEvents);
const ndjson = (text: string, maxEvents = 10) => valuesIn({ format: 'ndjson', text }, maxEvents);

describe('valuesIn, for JSON', () => {
	it.each([
		['{"event_type":"a"}', [{ event_type: 'a' }]],
		['{}', [{}]],
		['{"foo":1}', [{ foo: 1 }]],
		['[]', []],
		['[1,{"a":[]},null]', [1, { a: [] }, null]],
		['{"events":[]}', []],
		['{"events":[{"event_type":"a"},5]}', [{ event_type: 'a' }, 5]],
		['{"events":[1],"sent_by":"x"}', [1]],
		['{"events":[1],"events":[2]}', [2]],
		['{"event_type":"a","events":[1]}', [{ event_type: 'a', events: [1] }]],
		['{"event_type":null,"events":[1]}', [{ event_type: null, events: [1] }]],
		['{"\\u0065vents":[1]}', [1]],
	])('finds in %s the events %j', (text, events) => {
		expect(json(text)).toEqual(events);
	});

	it('takes __proto__ for a key like any other', () => {
		const [event] = json('{"__proto__":{"events":[1],"event_type":"x"}}') as object[];
		expect(Object.keys(event ?? {})).toEqual(['__proto__']);
		expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
	});

	it.each([
		['null', 'type', 'The body must be an event or a list of events, it is null'],
		['5', 'type', 'The body must be an event or a list of events, it is the number 5'],
		['"a"', 'type', 'The body must be an event or a list of events, it is the text "a"'],
		['true', 'type', 'The body must be an event or a list of events, it is true'],
		['{"events":{}}', 'type', '`events` must be an array, it is an object'],
		['{"events":null}', 'type', '`events` must be an array, it is null'],
		['{"events":"a"}', 'type', '`events` must be an array, it is the text "a"'],
		['[{"a":1},', 'json', 'The body is not valid JSON: it breaks off at line 1, column 10'],
		['a=b', 'json', 'The body is not valid JSON: unexpected "a" at line 1, column 1'],
	] as const)('finds no place for events in %s', (text, rule, message) => {
		expect(json(text)).toEqual(new UnreadableBody(400, rule, message));
	});
});

describe('valuesIn, for NDJSON', () => {
	it.each([
		['{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
		['\n', []],
		['5\nnull\n[1]', [5, null, [1]]],
		['{"events":[1]}', [{ events: [1] }]],
	])('finds in %j the events %j', (text, events) => {
		expect(ndjson(text)).toEqual(events);
	});

	it('puts a bad line at its place, with the number that an editor shows', () => {
		expect(ndjson('{"a":1}\n\n{"b":\n{"c":3}')).toEqual([
			{ a: 1 },
			new BadLine('{"b":', 'The line is not valid JSON: it breaks off at line 3, column 6'),
			{ c: 3 },
		]);
	});
});

describe('valuesIn', () => {
	it.each([
		['json', '[1,2,3]'],
		['json', '{"events":[1,2,3]}'],
		['ndjson', '1\n2\n3'],
		['ndjson', '1\n2\n{'],
	] as const)('takes three events and no fourth: %s %j', async (format, text) => {
		expect(valuesIn({ format, text }, 3)).toHaveLength(3);
		const refusal = await refusedBy(() => valuesIn({ format, text }, 2));
		expect({ ...refusal, message: refusal.message }).toMatchObject({
			status: 413,
			code: 'too_many_events',
			message: 'A request may hold at most 2 events.',
		});
	});
});
