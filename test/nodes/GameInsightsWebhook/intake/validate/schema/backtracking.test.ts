import { RegExpParser } from '@eslint-community/regexpp';
import { effortOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/backtracking';

const effort = (source: string) =>
	effortOf(new RegExpParser().parsePattern(source, 0, source.length, { unicode: true }));
const either = (count: number) => '(?:a|b)'.repeat(count);

describe("what an expression asks of JavaScript's own engine", () => {
	it.each([
		// Once, from a place that is known.
		['^', 1, 0],
		['^ab[cd]\\d.$', 1, 0],
		['^\\bab', 1, 0],
		['^(?:ab)', 1, 0],
		['^a{1}', 1, 0],
		['^a{64}', 1, 0],
		['^(?:ab){0}', 1, 0],
		// From anywhere.
		['a', 1, 1],
		['a|^b', 2, 1],
		['\\ba', 1, 1],
		['$a', 1, 1],
		// In several ways.
		['^a?', 2, 0],
		['^(?:ab)?', 2, 0],
		['^a|^b', 2, 0],
		['^(?:a|b|c)', 3, 0],
		['^(a|b)(c|d)', 4, 0],
		['^(?:a|b){1}', 2, 0],
		['^(?=a|b)', 2, 0],
		[`^${either(6)}`, 64, 0],
		// As often as the text is long, for each repetition.
		['^a*', 1, 1],
		['^a+b', 1, 1],
		['^a{65}', 1, 1],
		['^a{2,3}', 1, 1],
		['^a*b*c', 1, 2],
		['^(?:a*|b*)', 2, 1],
		['^(?:a*|b)', 2, 1],
		['^(?=a*)b*', 1, 2],
		['a*b*', 1, 3],
	])('%s takes %d times the length to the power of %d', (source, ways, exponent) => {
		expect(effort(source)).toEqual({ ways, exponent });
	});

	it.each([
		'^(?:ab)+',
		'^(ab)*',
		'^(?:a|b){2}',
		'^(?:a*){3}',
		'^(?:(?:a+)+)?',
		'^(?:x|(?:ab)+)',
		'^(a)\\1',
		'^(?<n>a)\\k<n>',
		'^(?=(?:ab)+)',
		`^${either(7)}`,
	])('%s may take any time', (source) => {
		expect(effort(source)).toBeNull();
	});
});
