import { RegExpParser } from '@eslint-community/regexpp';
import { conditionsOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/patternConditions';
import {
	sayAlternatives,
	Unsayable,
} from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/patternSource';

const parsed = (source: string) =>
	new RegExpParser().parsePattern(source, 0, source.length, { unicode: true });
const said = (source: string) => sayAlternatives(parsed(source).alternatives);

describe('an expression of JavaScript, said for RE2', () => {
	it.each([
		['a', '\\x{61}'],
		['\\.', '\\x{2e}'],
		['😀', '\\x{1f600}'],
		['\\u{D7FF}\\u{E000}', '\\x{d7ff}\\x{e000}'],
		['a|b', '\\x{61}|\\x{62}'],
		['(a|b)', '(?:\\x{61}|\\x{62})'],
		['(?:a)', '(?:\\x{61})'],
		['^$', '\\A\\z'],
		['\\b\\B', '\\b\\B'],
		['\\d\\W', '\\d\\W'],
		['.', '[^\\n\\r\\x{2028}\\x{2029}]'],
		['\\p{L}', '\\p{L}'],
		['\\P{Script=Greek}', '\\P{Greek}'],
		['[ab]', '[\\x{61}\\x{62}]'],
		['[^a-z\\d]', '[^\\x{61}-\\x{7a}\\d]'],
		['[]', '[^\\x{0}-\\x{10FFFF}]'],
		['[^]', '[\\x{0}-\\x{10FFFF}]'],
		['a*', '(?:\\x{61}){0,}'],
		['a+', '(?:\\x{61}){1,}'],
		['a?', '(?:\\x{61}){0,1}'],
		['a{2,5}', '(?:\\x{61}){2,5}'],
		['a{1000}', '(?:\\x{61}){1000,1000}'],
		['(?<=a)b', '(?<=\\x{61})\\x{62}'],
		['(?<!a)b', '(?<!\\x{61})\\x{62}'],
	])('%s is %s', (source, re2) => {
		expect(said(source)).toBe(re2);
	});

	it.each(['(?=a)b', '(a)\\1', '\\uD800', '[\\uDFFF]', 'a{1001}', 'a{1,1001}', 'a{1001,}'])(
		'%s can not be said',
		(source) => {
			expect(() => said(source)).toThrow(Unsayable);
		},
	);
});

describe('the conditions that a text must meet', () => {
	const conditions = (source: string) =>
		conditionsOf(parsed(source)).map((list) =>
			list.map(
				({ re2, mustMatch }) =>
					`${mustMatch ? '' : 'not '}${re2.replace(/\\x\{(6\d)\}/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))}`,
			),
		);

	it.each<[string, string[][]]>([
		['a', [['a']]],
		['a|b', [['a'], ['b']]],
		['(a|b)', [['a'], ['b']]],
		['(?:(a|b))', [['a'], ['b']]],
		['(a|b)c', [['(?:a|b)c']]],
		['(?:a)|b', [['(?:a)'], ['b']]],
		['^(?=a)(?!b)c', [['\\A(?:a)', 'not \\A(?:b)', '\\Ac']]],
		['^ab(?=c)d', [['\\Aab(?:c)', '\\Aabd']]],
		['^a{2}(?:b|c)(?!d)e', [['not \\A(?:a){2,2}(?:b|c)(?:d)', '\\A(?:a){2,2}(?:b|c)e']]],
		[
			'^[ab].(?!d)e',
			[['not \\A[ab][^\\n\\r\\x{2028}\\x{2029}](?:d)', '\\A[ab][^\\n\\r\\x{2028}\\x{2029}]e']],
		],
		['a(?=b)', [['a(?:b)']]],
		['a(?<=b)c$', [['(?:b)c\\z', 'ac\\z']]],
		['a(?<!b)$', [['not (?:b)\\z', 'a\\z']]],
		['(?<!a)b', [['(?<!a)b']]],
	])('by %s are %j', (source, lists) => {
		expect(conditions(source)).toEqual(lists);
	});

	it.each(['a(?=b)c', '^a*(?=b)c', '^(?:a|bc)(?=d)e', '^a{1,2}(?!b)c', 'a(?!b)', '^\\b(?:(?=a)b)(?=c)d'])(
		'can not be told where it is not known from which place %s looks ahead',
		(source) => {
			expect(() => conditions(source)).toThrow(Unsayable);
		},
	);
});
