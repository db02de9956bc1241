import fc from 'fast-check';
import {
	BoundedPattern,
	FaultyPattern,
	isExpression,
	namePatternCost,
} from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/pattern';
import { inputs } from '../../../../../support/quick';

const UNITS = [
	'a',
	'b',
	'0',
	'_',
	'-',
	'.',
	'\\.',
	'\\d',
	'\\w',
	'\\s',
	'\\S',
	'\\W',
	'\\/',
	'[ab]',
	'[^a]',
	'[a-z0-9_-]',
	'[\\s,]',
	'[[:x]',
	'\\u0041',
	'\\u{1F600}',
	'\\p{L}',
	'\\p{Lu}',
	'😀',
	'\\t',
	'\\n',
	'\\x41',
	'\\cJ',
	'\\b',
	'\\0',
	'[]',
	'[^]',
	'[\\S]',
	'[^\\S\\n]',
	'[\\b]',
	'[\\W_]',
	'\\P{L}',
	'$',
	'^',
];
const unit = fc.constantFrom(...UNITS);
const source = fc.letrec<{ regex: string; part: string }>((tie) => ({
	part: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		unit,
		fc
			.tuple(fc.constantFrom('(', '(?:', '(?<name>'), tie('regex'))
			.map(([open, inner]) => `${open}${inner})`),
		fc
			.tuple(
				fc.oneof(
					unit,
					tie('regex').map((inner) => `(?:${inner})`),
				),
				fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'),
			)
			.map(([what, often]) => (what === '\\b' ? what : `${what}${often}`)),
		fc.tuple(tie('regex'), tie('regex')).map(([left, right]) => `(?:${left}|${right})`),
	),
	regex: fc.array(tie('part'), { minLength: 0, maxLength: 4 }).map((parts) => parts.join('')),
})).regex;
const look = (marks: string[]) =>
	fc.oneof(
		{ weight: 3, arbitrary: fc.constant('') },
		{
			weight: 1,
			arbitrary: fc.tuple(fc.constantFrom(...marks), source).map(([mark, inner]) => `(${mark}${inner})`),
		},
	);
const ahead = look(['?=', '?!', '?=.*', '?!.*']);
const behind = look(['?<=', '?<!']);
const row = fc
	.tuple(
		fc.constantFrom('', '^'),
		ahead,
		fc.constantFrom('', 'a', '\\d{2}'),
		ahead,
		source,
		behind,
		ahead,
		fc.constantFrom('', '$', 'b$'),
	)
	.map((parts) => parts.join(''));
const anchored = fc.oneof(
	row,
	fc.tuple(row, row).map((rows) => rows.join('|')),
	row.map((one) => `(?:${one})`),
);
const text = fc.oneof(
	fc.string({
		unit: fc.constantFrom(
			'a',
			'b',
			'A',
			'0',
			'_',
			'-',
			'.',
			' ',
			'\n',
			'\u2028',
			'\u00a0',
			'\ufeff',
			'\u0085',
			'\v',
			'/',
			',',
			'[',
			':',
			'x',
			'😀',
			'é',
			'\0',
		),
	}),
	fc.string({ unit: 'binary' }),
);

const isValid = (pattern: string): boolean => {
	try {
		return new RegExp(pattern, 'u') !== null;
	} catch {
		return false;
	}
};

describe('a bounded pattern', () => {
	it('matches what the same expression of JavaScript matches', () => {
		fc.assert(
			fc.property(
				anchored.filter(isValid),
				fc.array(text, { minLength: 1, maxLength: 10 }),
				(pattern, texts) => {
					let bounded: BoundedPattern;
					try {
						bounded = new BoundedPattern(pattern);
					} catch (error) {
						// Too slow for JavaScript, and unknown to RE2: refused.
						expect(error).toBeInstanceOf(FaultyPattern);
						return;
					}
					const native = new RegExp(pattern, 'u');
					expect(texts.filter((one) => bounded.test(one) !== native.test(one))).toEqual([]);
				},
			),
			{ numRuns: inputs(5_000) },
		);
	});

	it.each([
		'^[a-z]+(\\.[a-z]+)*$',
		'^(a+)+$',
		'^(a|a)*$',
		'(x+x+)+y',
		'^([a-zA-Z0-9]+\\s?)+$',
		'\\s+$',
		'^(([a-z])+.)+[A-Z]([a-z])+$',
	])('%s takes no longer for a text that was made to make it slow', (pattern) => {
		const bounded = new BoundedPattern(pattern);
		const startedAtMs = performance.now();
		for (const character of ['a', ' ', 'x']) bounded.test(`${character.repeat(20_000)}!`);
		expect(performance.now() - startedAtMs).toBeLessThan(5_000);
	});

	it.each([
		[
			'a password with a capital and a digit',
			'^(?=.*[A-Z])(?=.*\\d).{8,}$',
			['Passw0rd'],
			['password', 'Passw0r', '12345678'],
		],
		[
			'one without spaces',
			'^(?=.*[a-z])(?=.*[\\W_])(?!.*\\s).{8,64}$',
			['abcdefg!'],
			['abcdefg ', 'abc def!'],
		],
		['what must not begin so', '^(?!test_)', ['a', ''], ['test_1']],
		['what must not hold it', '^(?!.*secret)', ['a'], ['my secret']],
		['what must not end so', '^[a-z.]+(?<!\\.)$', ['a.b'], ['a.', '.']],
		['amounts in euros', '\\d+(?= EUR)', ['12 EUR', 'costs 1 EUR'], ['12 USD', 'EUR']],
		['what stands behind something', '(?<=#)\\d+', ['#1'], ['1', '#']],
		['what does not', '(?<!a)b', ['b', 'cb'], ['ab']],
		['behind a place that is known', '^\\d{2}-(?!00)\\d\\d$', ['01-02'], ['01-00']],
		['a needless backslash', '^[\\w\\-\\.]+\\@[\\w\\-]+\\.\\w{2,}$', ['a-b@c.de'], ['a-b.c.de']],
		['needless ones outside of a class', '^\\d{3}\\-\\d{4}\\:\\"\\_$', ['123-4567:"_'], ['1234567']],
		['forms that each look ahead', '^(?=.*a)\\w+$|^(?!.*a)\\d+$', ['ba', '12'], ['b', '1a!']],
		['more than RE2 counts', '^.{1,2000}$', ['a', 'a'.repeat(2_000)], ['', 'a'.repeat(2_001)]],
		['a script', '^\\p{Script=Greek}+$', ['αβγ'], ['abc']],
		['a property that RE2 does not name', '^\\p{Letter}+$', ['αb'], ['a1']],
	])('%s: %s', (_, pattern, matching, others) => {
		const bounded = new BoundedPattern(pattern);
		expect(matching.filter((one) => !bounded.test(one))).toEqual([]);
		expect(others.filter((one) => bounded.test(one))).toEqual([]);
		expect(bounded.source).toBe(pattern);
		expect(isExpression(pattern)).toBe(true);
	});

	it.each([
		'\\d+(?= EUR)',
		'^(?=.*[A-Z])(?=.*\\d).{8,}$',
		'^(?=(a+)+$)',
		'(?<=1)\\d+a',
		'[\\d]+(?<!1)$',
		'^(?!.*1.*1.*a).*$',
		'^.{1,2000}$',
	])('%s looks around, and takes no longer for a long text', (pattern) => {
		const bounded = new BoundedPattern(pattern);
		const startedAtMs = performance.now();
		for (const character of ['1', 'a', 'aA1']) bounded.test(character.repeat(100_000));
		expect(performance.now() - startedAtMs).toBeLessThan(5_000);
	});

	it.each([
		'(a+)\\1',
		'(?<x>a*)\\k<x>',
		'a+(?=b)c',
		'\\d+(?!\\d| EUR)',
		'^(?:(?!foo).)*$',
		'^a+(?=b+)c',
		'\\p{Letter}+a',
		'^(?:\\p{Letter}+)+$',
	])('%s is refused: only backtracking can run it', (pattern) => {
		expect(() => new BoundedPattern(pattern)).toThrow(FaultyPattern);
		expect(() => new BoundedPattern(pattern)).toThrow(
			/could take very long on some texts\. Begin it with \^, put what looks ahead, \(\?=…\) or \(\?!…\), right behind that, /,
		);
	});

	it.each(['[', '(', 'a{2', '\\', '(?<n>a)(?<n>b)', '\\q'])(
		'%s is refused: it is no expression',
		(pattern) => {
			expect(() => new BoundedPattern(pattern)).toThrow(/is not a regular expression/);
		},
	);

	it('for names of fields is tested by backtracking, and is told what that costs', () => {
		const names = [10, 100, 2_000, 50_000] as const;
		const cost = (pattern: string) =>
			namePatternCost(pattern)({ values: 0, longestName: 0, hasEndlessNumber: false, names });
		const costs = ['^x-', '_id$', '^[a-z]+_[0-9]+$', '[a-z]+[a-z0-9]+_id$'].map(cost);
		expect(costs).toEqual([...costs].sort((a, b) => a - b));
		expect(new Set(costs).size).toBe(4);
		expect(cost('^(?:a|b)(?:c|d)_')).toBeGreaterThan(cost('^a_'));
	});

	it.each([
		'^(a|a)*$',
		'a*a*a*b',
		'^(?:[a-z]+\\.)+$',
		'(a)\\1',
		'(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)',
	])('%s is refused for names: it could take very long', (pattern) => {
		expect(() => namePatternCost(pattern)).toThrow(FaultyPattern);
		expect(() => namePatternCost(pattern)).toThrow(
			/could take very long on some names\. Write it with at most two/,
		);
	});
});
