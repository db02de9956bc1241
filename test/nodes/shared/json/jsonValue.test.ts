import {
	describe as describeValue,
	isJsonObject,
	ownMember,
	quote,
} from '../../../../nodes/shared/json/jsonValue';

describe('isJsonObject', () => {
	it.each([
		[{}, true],
		[JSON.parse('{"__proto__": null}'), true],
		[[], false],
		[null, false],
		[undefined, false],
		['{}', false],
		[1, false],
		[true, false],
	])('of %j is %s', (value, verdict) => {
		expect(isJsonObject(value)).toBe(verdict);
	});
});

describe('ownMember', () => {
	it('gives what an object itself holds', () => {
		expect(ownMember({ a: 1 }, 'a')).toBe(1);
		expect(ownMember({ a: null }, 'a')).toBeNull();
		expect(ownMember(['x'], '0')).toBe('x');
		expect(ownMember(JSON.parse('{"__proto__": 5}'), '__proto__')).toBe(5);
	});

	it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
		'gives nothing inherited: %s',
		(key) => {
			expect(ownMember({}, key)).toBeUndefined();
		},
	);

	it.each([null, undefined, 'text', 5, true])('finds nothing in %j', (value) => {
		expect(ownMember(value, '0')).toBeUndefined();
		expect(ownMember(value, 'length')).toBeUndefined();
	});

	it('works for an object that has a hasOwnProperty of its own', () => {
		expect(ownMember({ hasOwnProperty: 1, a: 2 }, 'a')).toBe(2);
	});
});

describe('quote', () => {
	it.each([
		['', '""'],
		['9,99', '"9,99"'],
		['say "hi"\n', '"say \\"hi\\"\\n"'],
		['a'.repeat(40), `"${'a'.repeat(40)}"`],
		['a'.repeat(41), `"${'a'.repeat(40)}…"`],
		[`${'a'.repeat(39)}😀b`, `"${'a'.repeat(39)}…"`],
		[`${'a'.repeat(38)}😀b`, `"${'a'.repeat(38)}😀…"`],
	])('of %j is %s', (text, quoted) => {
		expect(quote(text)).toBe(quoted);
	});
});

describe('describe', () => {
	it.each([
		[undefined, 'missing'],
		[null, 'null'],
		[true, 'true'],
		[false, 'false'],
		[5, 'the number 5'],
		[-0.5, 'the number -0.5'],
		['9,99', 'the text "9,99"'],
		['', 'the text ""'],
		[[], 'an empty array'],
		[[1], 'an array'],
		[{}, 'an object'],
		[JSON.parse('{"toString": 1, "__proto__": 2}'), 'an object'],
	])('of %j is "%s"', (value, words) => {
		expect(describeValue(value)).toBe(words);
	});
});
