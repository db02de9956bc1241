import fc from 'fast-check';
import { mayHoldLongNumbers, readExactly } from '../../../../nodes/shared/json/longNumbers';
import { readJson } from '../../../../nodes/shared/json/readJson';
import { processorMs } from '../../../support/processorMs';
import { inputs } from '../../../support/quick';

/** JSON text of any value, with whole numbers of any size as bigints. */
function textOf(value: unknown, blank: string): string {
	if (typeof value === 'bigint') return String(value);
	if (Array.isArray(value))
		return `[${blank}${value.map((element) => textOf(element, blank)).join(`${blank},${blank}`)}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const members = Object.entries(value).map(
		([name, member]) => `${JSON.stringify(name)}${blank}:${blank}${textOf(member, blank)}`,
	);
	return `{${members.join(`${blank},${blank}`)}${blank}}`;
}

/** The same value as it has to arrive. */
function arrived(value: unknown): unknown {
	// All of them are below 1e21, so JavaScript writes a double's digits out.
	if (typeof value === 'bigint')
		return String(Number(value)) === String(value) ? Number(value) : String(value);
	if (Array.isArray(value)) return value.map(arrived);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, arrived(member)]));
}

const digits = fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n });
const tricky = fc.oneof(
	fc.constantFrom('"', '\\', '\\"', ': 12345678901234567890,', '[12345678901234567890', ',\\\\"', ' 1'),
	digits.map(String),
	fc.string(),
);
const { value: values } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 5 },
		digits,
		tricky,
		fc.constantFrom(null, true, 1.5, 'text'),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(
			tricky.filter((name) => name !== '__proto__'),
			tie('value'),
			{ maxKeys: 4 },
		),
	),
}));

describe('whole numbers beyond what a double holds', () => {
	it('arrive as text with all their digits, wherever they stand and whatever stands beside them', () => {
		fc.assert(
			fc.property(values, fc.constantFrom('', ' ', '\n', '\t\r\n '), (value, blank) => {
				expect(readJson(textOf(value, blank))).toEqual(arrived(value));
			}),
			{ numRuns: inputs(3_000) },
		);
	});

	it.each([
		['{"steam_id":76561198012345679}', { steam_id: '76561198012345679' }],
		['{"id": 820982911946154508}', { id: '820982911946154508' }],
		['[18446744073709551615,-9223372036854775809]', ['18446744073709551615', '-9223372036854775809']],
		['{"a":{"b":[[{"c":9007199254740993}]]}}', { a: { b: [[{ c: '9007199254740993' }]] } }],
		['{"12345678901234567890":12345678901234567891}', { '12345678901234567890': '12345678901234567891' }],
		['{"a":"12345678901234567890"}', { a: '12345678901234567890' }],
		['{"a":"x\\",12345678901234567891"}', { a: 'x",12345678901234567891' }],
		[
			'[12345678901234567891.0,1.2345678901234567891e19]',
			['12345678901234567891.0', '1.2345678901234567891e19'],
		],
		[`[1${'0'.repeat(400)}]`, [`1${'0'.repeat(400)}`]],
	])('in %s', (text, value) => {
		expect(readJson(text)).toEqual(value);
	});

	it.each([
		['[9007199254740991,9007199254740992]', [9_007_199_254_740_991, 9_007_199_254_740_992]],
		['[1e21,1000000000000000000000,1E+300]', [1e21, 1e21, 1e300]],
		['[0.1,1.0,-0,12345678901.50]', [0.1, 1, -0, 12_345_678_901.5]],
		['[0.12345678901234567891,3.141592653589793238462643]', [0.123_456_789_012_345_68, Math.PI]],
		['[1e400,-1e400]', [Infinity, -Infinity]],
		['[1e-400,5e-324]', [0, 5e-324]],
	])('are not in %s', (text, value) => {
		expect(readJson(text)).toEqual(value);
	});

	it.each([
		'{12345678901234567890:1}',
		'{"a":012345678901234567890}',
		'[12345678901234567890.]',
		'[12345678901234567890e]',
		'[+12345678901234567890]',
		'["a"12345678901234567890]',
		'[12345678901234567890 12345678901234567890]',
		'{"a" 12345678901234567890}',
		'"a, 12345678901234567890',
	])('make no JSON of %s', (text) => {
		expect(readJson(text)).toBeUndefined();
	});

	it('keep the last of two equal names, and __proto__ as a name like any other', () => {
		expect(readJson('{"a":12345678901234567890,"a":98765432109876543210}')).toEqual({
			a: '98765432109876543210',
		});
		const value = readJson('{"__proto__":{"id":12345678901234567891}}') as object;
		expect(Object.getOwnPropertyDescriptor(value, '__proto__')?.value).toEqual({
			id: '12345678901234567891',
		});
	});

	it('are found in 10 MB of them in time that grows with the length', () => {
		const text = `[${Array(500_000).fill('76561198012345679').join()}]`;
		let value: unknown;
		expect(processorMs(() => (value = readJson(text)))).toBeLessThan(15_000);
		expect((value as unknown[])[499_999]).toBe('76561198012345679');
	}, 120_000);
});

describe('reading exactly', () => {
	it('gives a whole number as a bigint, and no other value another form', () => {
		expect(
			readExactly('{"a":[76561198012345679,"76561198012345679",1,0.5],"__proto__":12345678901234567891}'),
		).toEqual(
			JSON.parse('{"a":[0,"76561198012345679",1,0.5],"__proto__":0}', (_, value: unknown) => value) &&
				Object.defineProperty({ a: [76561198012345679n, '76561198012345679', 1, 0.5] }, '__proto__', {
					value: 12345678901234567891n,
					enumerable: true,
				}),
		);
	});

	it('gives a text its own name, though it looks like a number that was sent', () => {
		expect(readExactly('["12345678901234567891",12345678901234567891]')).toEqual([
			'12345678901234567891',
			12345678901234567891n,
		]);
	});
});

it.each([
	'{"event_type":"a","at":"2026-01-31T12:00:00.123456789Z","user_id":"76561198012345679","n":123456789012345}',
])('nothing is looked for in a usual event: %s', (text) => {
	expect(mayHoldLongNumbers(text)).toBe(false);
});
