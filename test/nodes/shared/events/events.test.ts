import fc from 'fast-check';
import { BadLine } from '../../../../nodes/shared/events/valuesIn';
import { pick, readEvents } from '../../../../nodes/shared/events/events';
import { processorMs } from '../../../support/processorMs';
import { inputs } from '../../../support/quick';

const THREE = '{"events": [{"a": 1}, {"b": 2}, {"c": 3}]}';

describe('readEvents', () => {
	it.each([
		['json', '{"event_type":"a"}', [{ event_type: 'a' }]],
		['json', '[{"a":1},5]', [{ a: 1 }, 5]],
		['json', THREE, [{ a: 1 }, { b: 2 }, { c: 3 }]],
		['ndjson', '{"a":1}\n\n{"b":2}', [{ a: 1 }, { b: 2 }]],
	] as const)('reads %s %s', (format, text, events) => {
		expect(readEvents({ format, text })).toEqual(events);
	});

	it('reads afresh each time, so that nobody changes the events of another', () => {
		const source = { format: 'json', text: THREE } as const;
		const [first] = readEvents(source) as [{ a: number }];
		first.a = 99;
		expect(readEvents(source)[0]).toEqual({ a: 1 });
	});

	it('keeps the places of an NDJSON text with a bad line', () => {
		expect(readEvents({ format: 'ndjson', text: '{"a":1}\n{\n{"b":2}' })).toEqual([
			{ a: 1 },
			expect.any(BadLine),
			{ b: 2 },
		]);
	});

	it('reads as many events as there are', () => {
		expect(readEvents({ format: 'json', text: JSON.stringify(Array(200_000).fill(0)) })).toHaveLength(
			200_000,
		);
	});

	it.each(['', '{', 'null', '{"events":{}}'])(
		'throws for %j, which is no body of a request that was let in',
		(text) => {
			expect(() => readEvents({ format: 'json', text })).toThrow(SyntaxError);
		},
	);
});

describe('pick', () => {
	it('gives the chosen events, in the chosen order, character for character', () => {
		expect(pick({ format: 'json', text: THREE }, [2, 0])).toEqual({
			format: 'json',
			text: '[{"c": 3},{"a": 1}]',
		});
	});

	it('makes one event of a batch a list of one, and nothing an empty list', () => {
		expect(pick({ format: 'json', text: '{"event_type": "a"}' }, [0]).text).toBe('[{"event_type": "a"}]');
		expect(pick({ format: 'json', text: THREE }, []).text).toBe('[]');
	});

	it('picks lines by their place, blank ones not counted', () => {
		expect(pick({ format: 'ndjson', text: '\n{"a":1}\r\n\n{"b":2}\n' }, [1]).text).toBe('[{"b":2}]');
	});

	it('is read back as the events that were picked, whatever they hold', () => {
		const bodies = fc.array(fc.json(), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(bodies, fc.infiniteStream(fc.nat()), fc.boolean(), (texts, choices, isNdjson) => {
				const lines = texts.map((text) => JSON.stringify(JSON.parse(text)));
				const source = isNdjson
					? ({ format: 'ndjson', text: lines.join('\n') } as const)
					: ({ format: 'json', text: `[${texts.join(',\n')}]` } as const);
				const indexes = [...choices.take(texts.length)].map((choice) => choice % texts.length);
				const events = readEvents(source);
				expect(readEvents(pick(source, indexes))).toEqual(indexes.map((index) => events[index]));
			}),
			{ numRuns: inputs(1_000) },
		);
	});

	it.each([
		['json', (events: string[]) => `{"events":[${events.join(', ')}]}`],
		['json', (events: string[]) => ` [ ${events.join('\n,')} ] `],
		['ndjson', (events: string[]) => events.join('\n\n')],
	] as const)('goes through a %s text once, however often events are picked out of it', (format, textOf) => {
		const events = Array.from(
			{ length: 1_000 },
			(_, index) => `{"event_type":"e","n":${index},"padding":"${'\\"x],'.repeat(800)}"}`,
		);
		const source = { format, text: textOf(events) };
		let picked: string[] = [];
		const pickAll = (): void => {
			picked = events.map((_, index) => pick(source, [index]).text);
		};
		// Each time anew it would be a thousand times 4 MB: half a minute.
		expect(processorMs(pickAll)).toBeLessThan(2_000);
		expect(picked).toEqual(events.map((event) => `[${event}]`));
	});

	it.each([[3], [-1], [0.5]])('refuses the place %d, where there is no event', (index) => {
		expect(() => pick({ format: 'json', text: THREE }, [0, index])).toThrow(RangeError);
	});
});
