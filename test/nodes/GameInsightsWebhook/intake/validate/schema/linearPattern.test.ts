import { LinearPattern } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/linearPattern';

describe('a pattern on automata', () => {
	it('tests a text', () => {
		const pattern = new LinearPattern('\\A(?:a|b)+\\z');
		expect([pattern.test('abba'), pattern.test('abc')]).toEqual([true, false]);
	});

	it.each([
		['all that can come is known beforehand', '\\A[ab]*\\z'],
		['there is one way through', '\\Aa[0-9]+b\\z'],
		['it looks for a word anywhere', 'secret'],
	])('costs a step for four characters where %s: %s', (_, re2) => {
		const pattern = new LinearPattern(re2);
		expect(['', 'a'.repeat(400)].map((text) => pattern.stepsFor(text))).toEqual([8, 108]);
	});

	it.each([
		['its states are more than can be kept', '[ab]*a[ab]{50}'],
		['it looks behind', '(?<=a)b'],
	])('costs as much more as it is large where %s: %s', (_, re2) => {
		const pattern = new LinearPattern(re2);
		expect(pattern.stepsFor('')).toBe(8);
		const perCharacter = pattern.stepsFor('a') - 8;
		expect(perCharacter).toBeGreaterThan(1);
		expect(pattern.stepsFor('a'.repeat(400))).toBeCloseTo(8 + 400 * perCharacter);
	});
});
