import fc from 'fast-check';
import {
	compare,
	exactNumber,
	exactText,
	holds,
	isMultiple,
	writtenNumber,
} from '../../../../nodes/shared/json/decimal';
import { processorMs } from '../../../support/processorMs';
import { inputs } from '../../../support/quick';

/** JSON numbers of all forms. */
const literals = fc
	.tuple(
		fc.boolean(),
		fc.bigInt({ min: 0n, max: 10n ** 30n }),
		fc.option(fc.stringMatching(/^\d{1,25}$/), { nil: undefined }),
		fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
	)
	.map(
		([isNegative, whole, decimals, exponent]) =>
			(isNegative ? '-' : '') +
			String(whole) +
			(decimals === undefined ? '' : `.${decimals}`) +
			(exponent === undefined ? '' : `e${exponent}`),
	);

/** The value of a literal times 10^100, by the way of school: nothing in common with what is tested. */
function scaled(literal: string): bigint {
	const [, sign, whole, decimals = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(
		literal,
	) as unknown as [string, string, string, string?, string?];
	return BigInt(`${sign}${whole}${decimals}${'0'.repeat(100 - decimals.length + Number(exponent))}`);
}

describe('a number as it is written', () => {
	it.each([
		['0', false, '0', 0],
		['-0.000', false, '0', 0],
		['-1', true, '1', 0],
		['12300', false, '123', 2],
		['0.0120', false, '12', -3],
		['1.50E+3', false, '15', 2],
		['1e-7', false, '1', -7],
		['12345678901234567890.0', false, '1234567890123456789', 1],
	])('%s', (literal, isNegative, digits, exponent) => {
		expect(writtenNumber(literal)).toEqual({ isNegative, digits, exponent });
	});

	it.each([`1${'0'.repeat(1_000_000)}1`, `0.${'0'.repeat(1_000_000)}1`])(
		'is read in time that grows with its length, however many zeros it has',
		(literal) => {
			let digits = '';
			expect(processorMs(() => (digits = writtenNumber(literal).digits))).toBeLessThan(1_000);
			expect(digits).toMatch(/1$/);
		},
	);
});

describe('what a double holds to the last digit', () => {
	it.each([
		'0',
		'-0',
		'9007199254740992',
		'1e21',
		'1000000000000000000000',
		'0.1',
		'1.0',
		'1.7976931348623157e308',
	])('%s', (literal) => {
		expect(holds(Number(literal), literal)).toBe(true);
		expect(exactNumber(literal)).toBe(Number(literal));
	});

	it.each(['9007199254740993', '-9007199254740993', '1050118621198921728', '18446744073709551615', '1e400'])(
		'not %s',
		(literal) => {
			expect(holds(Number(literal), literal)).toBe(false);
		},
	);
});

describe('an exact number', () => {
	it.each([
		['76561198012345679', 76561198012345679n],
		['-9007199254740993', -9007199254740993n],
		['12345678901234567890.0', 12345678901234567890n],
		['1.2345678901234567891e19', 12345678901234567891n],
		[`1${'0'.repeat(400)}`, 10n ** 400n],
	])('of %s is whole', (literal, value) => {
		expect(exactNumber(literal)).toBe(value);
	});

	it('of a decimal with more digits than a double has is known by them', () => {
		const exact = exactNumber('2.00000000000000000005');
		expect(typeof exact).toBe('symbol');
		expect(exactText(exact)).toBe('2.00000000000000000005');
	});

	it.each(['9'.repeat(1_001), `1e-1001`, `1e1000`, '1e99999999999999999999', `0.${'1'.repeat(1_001)}`])(
		'is not made of one that takes more than 1,000 digits to write out',
		(literal) => {
			expect(exactNumber(literal)).toBeNaN();
		},
	);

	it('compares and divides by its digits', () => {
		fc.assert(
			fc.property(literals, literals, (one, other) => {
				const [a, b] = [exactNumber(one), exactNumber(other)];
				const [x, y] = [scaled(one), scaled(other)];
				expect(Math.sign(compare(a, b))).toBe(x < y ? -1 : Number(x > y));
				if (y !== 0n) expect(isMultiple(a, b)).toBe(x % y === 0n);
			}),
			{ numRuns: inputs(3_000) },
		);
	});
});

describe('a multiple', () => {
	it.each([
		['1234567.13', '0.01'],
		['5000000.01', '0.01'],
		['4017248.8', '0.01'],
		['123456789.01', '0.01'],
		['0.0075', '0.0001'],
		['19.99', '0.01'],
		['-19.99', '0.01'],
		['1e308', '1e-300'],
		['0', '7'],
		['-0', '0.1'],
		['76561198012345679', '1'],
		['18446744073709551616', '4294967296'],
	])('%s is one of %s', (value, of) => {
		expect(isMultiple(exactNumber(value), exactNumber(of))).toBe(true);
	});

	it.each([
		['2.00000000005', '1'],
		['2.00000000000000000005', '1'],
		['1234567.135', '0.01'],
		['0.30000000000000004', '0.1'],
		['76561198012345679', '2'],
		['1e-7', '0.01'],
		['18446744073709551615', '4294967296'],
	])('%s is none of %s', (value, of) => {
		expect(isMultiple(exactNumber(value), exactNumber(of))).toBe(false);
	});

	it('of a cent is every amount of whole cents, whatever the number of millions', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 90_000_000_000 }), (cents) => {
				const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
				expect(isMultiple(exactNumber(amount), 0.01)).toBe(true);
				expect(isMultiple(exactNumber(`${amount}5`), 0.01)).toBe(false);
			}),
		);
	});
});
