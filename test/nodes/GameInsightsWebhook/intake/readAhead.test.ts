import { ReadAhead } from '../../../../nodes/GameInsightsWebhook/intake/readAhead';
import type { Source } from '../../../../nodes/shared/events/source';

const sourceOf = (text: string): Source => ({ format: 'json', text });

describe('values that were read ahead', () => {
	it('are looked at as often as one likes, and given away once: another attempt reads its own', () => {
		const readAhead = new ReadAhead();
		const source = sourceOf('[{"a":1}]');
		const values = [{ a: 1 }];
		readAhead.keep(source, values);
		expect([readAhead.view(source), readAhead.view(source)]).toEqual([values, values]);
		expect(readAhead.view(source)).toBe(values);
		expect(readAhead.take(source)).toBe(values);
		const second = readAhead.take(source);
		expect(second).toEqual(values);
		expect(second[0]).not.toBe(values[0]);
		expect(readAhead.view(source)).toEqual(values);
		expect(readAhead.view(source)).not.toBe(values);
	});

	it('belong to one source, not to another of the same text', () => {
		const readAhead = new ReadAhead();
		const values = [1];
		readAhead.keep(sourceOf('[1]'), values);
		expect(readAhead.take(sourceOf('[1]'))).not.toBe(values);
	});

	it('are pushed out by what comes later, the oldest first', () => {
		const readAhead = new ReadAhead();
		const mebibyte = `["${'x'.repeat(1024 * 1024 - 4)}"]`;
		const kept = Array.from({ length: 6 }, () => ({ source: sourceOf(mebibyte), values: [] }));
		for (const { source, values } of kept) readAhead.keep(source, values);
		expect(kept.map(({ source, values }) => readAhead.take(source) === values)).toEqual([
			...[false, false, true, true, true, true],
		]);
	});

	it('count once when they are kept twice', () => {
		const readAhead = new ReadAhead();
		const [first, second] = [sourceOf(`["${'x'.repeat(3 * 1024 * 1024)}"]`), sourceOf('[]')];
		const values: unknown[] = [];
		readAhead.keep(first, values);
		readAhead.keep(first, values);
		readAhead.keep(second, []);
		expect(readAhead.take(first)).toBe(values);
	});

	it('of a text that is too long alone are not kept, and leave room for others', () => {
		const readAhead = new ReadAhead();
		const long = sourceOf(`["${'x'.repeat(4 * 1024 * 1024)}"]`);
		const short = sourceOf('[]');
		const [ofLong, ofShort]: [unknown[], unknown[]] = [[], []];
		readAhead.keep(long, ofLong);
		readAhead.keep(short, ofShort);
		expect(readAhead.take(long)).not.toBe(ofLong);
		expect(readAhead.take(short)).toBe(ofShort);
	});
});
