import { ReadAhead } from '../../../../nodes/GameInsightsWebhook/intake/readAhead';
import { alreadyRead, readEvents, viewEvents } from '../../../../nodes/GameInsightsWebhook/intake/events';
import type { Source } from '../../../../nodes/GameInsightsWebhook/intake/source';

const sourceOf = (text: string): Source => ({ format: 'json', text });

describe('values that were read ahead', () => {
	it('are given away once', () => {
		const readAhead = new ReadAhead();
		const source = sourceOf('[1]');
		const values = [1];
		readAhead.keep(source, values);
		expect(readAhead.take(source)).toBe(values);
		expect(readAhead.take(source)).toBeUndefined();
	});

	it('belong to one source, not to another of the same text', () => {
		const readAhead = new ReadAhead();
		readAhead.keep(sourceOf('[1]'), [1]);
		expect(readAhead.take(sourceOf('[1]'))).toBeUndefined();
	});

	it('are pushed out by what comes later, the oldest first', () => {
		const readAhead = new ReadAhead();
		const mebibyte = 'x'.repeat(1024 * 1024);
		const sources = Array.from({ length: 6 }, () => sourceOf(mebibyte));
		for (const source of sources) readAhead.keep(source, []);
		expect(sources.map((source) => readAhead.take(source) !== undefined)).toEqual([
			...[false, false, true, true, true, true],
		]);
	});

	it('of a text that is too long alone are not kept, and leave room for others', () => {
		const readAhead = new ReadAhead();
		const long = sourceOf('x'.repeat(4 * 1024 * 1024 + 1));
		const short = sourceOf('[]');
		readAhead.keep(long, []);
		readAhead.keep(short, []);
		expect([readAhead.take(long), readAhead.take(short)]).toEqual([undefined, []]);
	});
});

it('what was read for the check is what the first attempt gets; the second one reads its own', () => {
	const source = sourceOf('[{"event_type":"a"}]');
	const values = [{ event_type: 'a' }];
	alreadyRead(source, values);
	expect(viewEvents(source)).toBe(values);
	const first = readEvents(source);
	const second = readEvents(source);
	expect(first).toBe(values);
	expect(second).toEqual(values);
	expect(second[0]).not.toBe(first[0]);
	expect(viewEvents(source)).toEqual(values);
});
