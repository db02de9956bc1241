import fc from 'fast-check';
import {
	BoundedPattern,
	checkNamePattern,
	FaultyPattern,
} from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/pattern';

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
const anchored = fc
	.tuple(fc.constantFrom('', '^'), source, fc.constantFrom('', '$'))
	.map((parts) => parts.join(''));
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
			{ numRuns: process.env.CI ? 5_000 : 1_000 },
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

	it.each(['^(?!test_)', '^(?=.*[a-z]).{8}$', '(?<=a)b', '^(?!.*secret)'])(
		'%s looks around, and works',
		(pattern) => {
			const native = new RegExp(pattern, 'u');
			for (const candidate of ['test_1', 'abcdefgh', 'ab', 'b', 'my secret']) {
				expect(new BoundedPattern(pattern).test(candidate)).toBe(native.test(candidate));
			}
		},
	);

	it('does not test a text of more than 10,000 characters by backtracking', () => {
		const pattern = new BoundedPattern('^(?!test_)');
		expect([pattern.test('a'.repeat(10_000)), pattern.test('a'.repeat(10_001))]).toEqual([true, false]);
	});

	it.each(['^(?=(a+)+$)', '(a+)\\1', '^(?=.*a)(?=.*b)', '(?<x>a*)\\k<x>'])(
		'%s is refused: it could take for ever',
		(pattern) => {
			expect(() => new BoundedPattern(pattern)).toThrow(FaultyPattern);
			expect(() => new BoundedPattern(pattern)).toThrow(/could take very long on some texts/);
		},
	);

	it.each(['[', '(', 'a{2', '\\', '(?<n>a)(?<n>b)', '\\q'])(
		'%s is refused: it is no expression',
		(pattern) => {
			expect(() => new BoundedPattern(pattern)).toThrow(/is not a regular expression/);
		},
	);

	it('for names of fields must be simple, since it is tested by backtracking', () => {
		expect(() => checkNamePattern('^[a-z]+_[0-9]+$')).not.toThrow();
		expect(() => checkNamePattern('^(a|a)*$')).toThrow(FaultyPattern);
		expect(() => checkNamePattern('a*a*a*b')).toThrow(FaultyPattern);
	});
});
