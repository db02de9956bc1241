import { numberFields } from '../../../nodes/shared/numberBounds';

const { numberField, readNumber } = numberFields({
	delay: { default: 5, min: 0.5, max: 10 },
	retries: { default: 3, min: 0, max: 9, decimals: 0 },
	multiplier: { default: 2, min: 1, max: 9, decimals: 2 },
});

describe('a number field', () => {
	it('shows its limits and its default, and how many decimals it takes', () => {
		expect(numberField('delay')).toEqual({
			type: 'number',
			typeOptions: { minValue: 0.5, maxValue: 10 },
			default: 5,
		});
		expect(numberField('retries').typeOptions.numberPrecision).toBe(0);
		expect(numberField('multiplier').typeOptions.numberPrecision).toBe(2);
	});

	it.each([
		['delay', 2.7, 2.7],
		['delay', 0, 0.5],
		['retries', 2.7, 2],
		['retries', '2.7', 2],
		['retries', 9.5, 9],
		['retries', Number.NaN, 3],
		['multiplier', 1.237, 1.237],
	] as const)('%s: %p is read as %p', (name, typed, read) => {
		expect(readNumber(name, typed)).toBe(read);
	});
});
