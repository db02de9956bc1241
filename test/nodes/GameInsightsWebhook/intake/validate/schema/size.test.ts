import { sizeOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/size';

describe('how large an event is', () => {
	it.each([
		[5, 1],
		[null, 1],
		['text', 1],
		[[], 1],
		[[1, [2, 3]], 5],
		[{ a: 1, b: { c: [true] } }, 5],
	])('%j holds values, itself among them: %d', (event, values) => {
		expect(sizeOf(event).values).toBe(values);
	});

	it('tells the longest name, wherever that stands', () => {
		expect(sizeOf([{ ab: 1 }, { c: { abcd: 1 } }, { abc: 1 }]).longestName).toBe(4);
		expect(sizeOf(['no name at all']).longestName).toBe(0);
	});

	it('tells the most names of an object, and the sums of their lengths, of their squares and of their cubes', () => {
		// Each length and one more: 2 and 3 in the first object, 5 in the second.
		expect(sizeOf({ a: 1, bc: { abcd: 1 } }).names).toEqual([2, 5, 25, 125]);
		expect(sizeOf({ a: 1, bc: [{ abc: 1 }] }).names).toEqual([2, 5, 16, 64]);
		expect(sizeOf([1, {}]).names).toEqual([0, 0, 0, 0]);
	});

	it('tells a number that has more digits than are calculated with', () => {
		expect(sizeOf({ a: [Number.NaN] }).hasEndlessNumber).toBe(true);
		expect(sizeOf({ a: [Number.NaN], b: 1 }).hasEndlessNumber).toBe(true);
		expect(sizeOf({ a: [1, 'NaN', null] }).hasEndlessNumber).toBe(false);
	});
});
