import fc from 'fast-check';
import {
	elementTexts,
	eventTexts,
	memberTexts,
	sliceEvents,
	withoutMember,
} from '../../../../nodes/shared/events/slice';
import { readEvents } from '../../../../nodes/shared/events/events';
import type { Source } from '../../../../nodes/shared/events/source';
import { inputs } from '../../../support/quick';

const json = (text: string): string[] => sliceEvents({ format: 'json', text });

/** Any values in any of the shapes a request may have, with and without white space. */
const sources: fc.Arbitrary<Source> = fc
	.tuple(
		fc.array(fc.json(), { maxLength: 6 }).map((texts) => texts.map((text) => JSON.parse(text) as unknown)),
		fc.constantFrom('single', 'array', 'events', 'late events', 'lines'),
		fc.constantFrom('', ' ', '\t', '\n\r '),
		fc.json(),
	)
	.map(([values, shape, blank, other]) => {
		const indent = blank === '\n\r ' ? 3 : blank;
		const text = (value: unknown): string => `${blank}${JSON.stringify(value, null, indent)}${blank}`;
		switch (shape) {
			case 'single':
				return { format: 'json', text: text({ event_type: 'x', events: values }) };
			case 'array':
				return { format: 'json', text: text(values) };
			case 'events':
				return { format: 'json', text: text({ events: values, other }) };
			case 'late events':
				return { format: 'json', text: `{"events" ${blank}:${other}, "a":"\\"}", "events":${text(values)}}` };
			default:
				return { format: 'ndjson', text: values.map((value) => JSON.stringify(value)).join(`${blank}\n`) };
		}
	});

describe('sliceEvents', () => {
	it('gives for each event that is read a text that reads the same', () => {
		fc.assert(
			fc.property(sources, (source) => {
				expect(sliceEvents(source).map((text) => JSON.parse(text) as unknown)).toEqual(readEvents(source));
			}),
			{ numRuns: inputs(2_000) },
		);
	});

	it.each([
		[' {"event_type":"a"}\n', ['{"event_type":"a"}']],
		['[]', []],
		['[ ]', []],
		['[ 1e400 , -0,1.0,\t"\\u0041" ]', ['1e400', '-0', '1.0', '"\\u0041"']],
		['{ "events" : [ { "a" : 1 } , { "a" : 1, "a" : 2 } ] }', ['{ "a" : 1 }', '{ "a" : 1, "a" : 2 }']],
		['["\\"],", "\\\\", "[{"]', ['"\\"],"', '"\\\\"', '"[{"']],
		['{"events":[1],"\\u0065vents":[2,3]}', ['2', '3']],
		['{"events":[1],"\\u0065vent_type":"x"}', ['{"events":[1],"\\u0065vent_type":"x"}']],
		['{}', ['{}']],
		['{"a":{"events":[1]}}', ['{"a":{"events":[1]}}']],
	])('of %s are %j', (text, texts) => {
		expect(json(text)).toEqual(texts);
	});

	it('gives the lines of NDJSON, bad ones too', () => {
		expect(sliceEvents({ format: 'ndjson', text: '{"a":1}\r\n\n{"b":\n 5 ' })).toEqual([
			'{"a":1}',
			'{"b":',
			' 5 ',
		]);
	});

	it('does not mind how deep an event is nested', () => {
		const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
		expect(json(`[${deep},1]`)).toEqual([deep, '1']);
	});

	it.each(['[', '[1', '[1,', '["a', '{', '{"events', '{"a":1', '{"a":1,', '{"events":[1', '{a"b":1}'])(
		'comes to an end on %j, which is not JSON',
		(text) => {
			expect(() => json(text)).toThrow(new SyntaxError('The text is not JSON'));
		},
	);
});

describe('eventTexts', () => {
	const source = { format: 'json', text: '{"events":[ {"a":1} , -0,"c" ]}' } as const;

	it('gives the texts of the events at the places that are asked for, in that order', () => {
		expect(eventTexts(source, [2, 0, 2])).toEqual(['"c"', '{"a":1}', '"c"']);
		expect(eventTexts(source, [])).toEqual([]);
		expect(eventTexts({ format: 'ndjson', text: '1\n\n2\r\n3' }, [2, 1])).toEqual(['3', '2']);
	});

	it.each([3, -1, 0.5, 1.5, Number.NaN])('knows of no event at place %d', (index) => {
		expect(() => eventTexts(source, [0, index])).toThrow(
			new RangeError(`There is no event at place ${index}`),
		);
	});
});

describe('elementTexts', () => {
	it.each([
		['a list', ' [ {"a":1} , 1e400 ] ', [], ['{"a":1}', '1e400']],
		['one value', ' {"a": 1}\n', [], ['{"a": 1}']],
		['a list deep down', '{"x":[1],"data" : {"items": [ -0 ,"]" ]}}', ['data', 'items'], ['-0', '"]"']],
		['one value deep down', '{"data":{"item" : {"a":[1]} , "b":2}}', ['data', 'item'], ['{"a":[1]}']],
		['the last of two equal names', '{"data":[1],"data":[2,3]}', ['data'], ['2', '3']],
		['an empty list', '{"data":[ ]}', ['data'], []],
	])('gives what stands there as it was sent: %s', (_, text, keys, texts) => {
		expect(elementTexts(text, keys)).toEqual(texts);
	});
});

describe('memberTexts', () => {
	it('gives the members of these names as they were sent, in the order of the names', () => {
		const text = ' {"b" : [1, 2] , "a":1.50 ,"c":{"a":2},"b":"}" }';
		expect(memberTexts(text, ['a', 'x', 'b'])).toEqual([
			['a', '1.50'],
			['b', '"}"'],
		]);
		expect(memberTexts(text, ['c'])).toEqual([['c', '{"a":2}']]);
		expect(memberTexts('{}', ['a', 'toString'])).toEqual([]);
	});
});

describe('withoutMember', () => {
	it.each([
		['{"a":1}', ['a'], '{}'],
		[' { "a" : 1 } ', ['a'], ' {} '],
		['{"a":1,"b":2,"a":3}', ['a'], '{"b":2}'],
		['{"b":2 , "a":1}', ['a'], '{"b":2 }'],
		['{"\\u0061":1,"b":"}"}', ['a'], '{"b":"}"}'],
		['{"p":{"t":1,"u":[{}]},"t":2}', ['p', 't'], '{"p":{"u":[{}]},"t":2}'],
		['{"p":[{"t":1}],"t":2}', ['p', 't'], '{"p":[{"t":1}],"t":2}'],
		['{"p":"t"}', ['p', 't'], '{"p":"t"}'],
		['{"__proto__":1,"a":2}', ['__proto__'], '{"a":2}'],
		['[{"a":1}]', ['a'], '[{"a":1}]'],
	])('%s without %j', (text, path, expected) => {
		expect(withoutMember(text, path)).toBe(expected);
	});

	it('takes one member out of any object, and leaves the others', () => {
		const key = fc.constantFrom('a', 'b', '__proto__', '"', '\u2028');
		const entries = fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 6 });
		fc.assert(
			fc.property(entries, key, fc.constantFrom('', ' ', '\n\t'), (members, name, blank) => {
				const write = (list: typeof members): string =>
					`{${list.map(([k, v]) => blank + JSON.stringify(k) + blank + ':' + JSON.stringify(v) + blank).join(',')}}`;
				expect(withoutMember(write(members), [name])).toBe(write(members.filter(([k]) => k !== name)));
			}),
		);
	});
});
