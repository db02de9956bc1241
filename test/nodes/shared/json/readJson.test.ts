import { MOST_LEVELS, readJson } from '../../../../nodes/shared/json/readJson';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('readJson', () => {
	it('reads JSON of any kind', () => {
		expect(readJson('{"a":[1,"[[[",null]}')).toEqual({ a: [1, '[[[', null] });
		expect(readJson('null')).toBeNull();
	});

	it.each(['', '{', '{"a":}', 'undefined', "{'a':1}", '[1] 2'])('reads no value from %j', (text) => {
		expect(readJson(text)).toBeUndefined();
	});

	it('reads what is nested as deep as may be, and nothing deeper', () => {
		expect(readJson(nested(MOST_LEVELS))).toEqual(expect.any(Array));
		expect(readJson(nested(MOST_LEVELS + 1))).toBeUndefined();
		expect(readJson(`${'{"a":'.repeat(MOST_LEVELS + 1)}1${'}'.repeat(MOST_LEVELS + 1)}`)).toBeUndefined();
	});

	it('counts what is open, not all there is', () => {
		expect(readJson(`[${'[],{},'.repeat(MOST_LEVELS)}0]`)).toHaveLength(2 * MOST_LEVELS + 1);
	});

	it('counts from the outside in, whatever stands beside it', () => {
		const beside = (levels: number): string => `[[],${nested(levels - 1)}]`;
		expect(readJson(beside(MOST_LEVELS))).toHaveLength(2);
		expect(readJson(beside(MOST_LEVELS + 1))).toBeUndefined();
	});

	it('knows brackets in a text from others, also after an escaped quote', () => {
		const brackets = '['.repeat(MOST_LEVELS + 1);
		expect(readJson(`["${brackets}","\\"${brackets}\\\\",1]`)).toEqual([brackets, `"${brackets}\\`, 1]);
	});

	it('gives up on 10 MiB of opening brackets, and on a text without an end', () => {
		expect(readJson('['.repeat(10 * 1024 * 1024))).toBeUndefined();
		expect(readJson(`"${'a\\'.repeat(100_000)}`)).toBeUndefined();
	});
});
