/** A number in digits: `coefficient × 10^exponent`, without zeros at both ends of the coefficient. */
export interface Written {
	readonly isNegative: boolean;
	/** Decimal digits, `0` for zero. */
	readonly digits: string;
	readonly exponent: number;
}

/** Numbers with more digits than this are not calculated with, because that could take very long. */
export const MOST_DIGITS = 1_000;

/**
 * Parses a JSON number (RFC 8259, section 6), or the result of `String` for a finite number. The time is
 * proportional to the length.
 */
export function writtenNumber(literal: string): Written {
	const isNegative = literal.startsWith('-');
	const exponentAt = literal.search(/[eE]/);
	const mantissa = literal.slice(isNegative ? 1 : 0, exponentAt === -1 ? literal.length : exponentAt);
	const point = mantissa.indexOf('.');
	const decimals = point === -1 ? 0 : mantissa.length - point - 1;
	const all = point === -1 ? mantissa : mantissa.slice(0, point) + mantissa.slice(point + 1);
	let first = 0;
	while (all[first] === '0') first++;
	let end = all.length;
	while (end > first && all[end - 1] === '0') end--;
	if (first === end) return { isNegative: false, digits: '0', exponent: 0 };
	const exponent = exponentAt === -1 ? 0 : Number(literal.slice(exponentAt + 1));
	return { isNegative, digits: all.slice(first, end), exponent: exponent - decimals + all.length - end };
}

/** Whether a number has exactly the value of a literal. */
export function holds(number: number, literal: string): boolean {
	if (!Number.isFinite(number)) return false;
	if (String(number) === literal) return true;
	const sent = writtenNumber(literal);
	const held = writtenNumber(String(number));
	return (
		sent.digits === held.digits && sent.exponent === held.exponent && sent.isNegative === held.isNegative
	);
}

/**
 * A number with its exact value. A `number` has the value of its shortest notation (`0.1` is exactly a
 * tenth). A whole number that does not fit into a `number` is a `bigint`. Any other number is a symbol whose
 * description is the literal. NaN stands for a number with more than {@link MOST_DIGITS} digits.
 */
export type Exact = number | bigint | symbol;

/** Whether a value of `readExactly` is a number. */
export const isExact = (value: unknown): value is Exact =>
	typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol';

/** The exact number of a JSON literal. */
export function exactNumber(literal: string): Exact {
	const number = Number(literal);
	if (holds(number, literal)) return number;
	const { isNegative, digits, exponent } = writtenNumber(literal);
	if (digits.length + Math.abs(exponent) > MOST_DIGITS) return Number.NaN;
	if (exponent < 0) return Symbol(literal);
	return BigInt((isNegative ? '-' : '') + digits) * 10n ** BigInt(exponent);
}

/** In digits, for messages. */
export const exactText = (value: Exact): string =>
	typeof value === 'symbol' ? (value.description as string) : String(value);

/** Two numbers as integers, both multiplied by the same power of ten. */
function aligned(one: Exact, other: Exact): [bigint, bigint] {
	const [a, b] = [writtenNumber(exactText(one)), writtenNumber(exactText(other))];
	const least = Math.min(a.exponent, b.exponent);
	const whole = ({ isNegative, digits, exponent }: Written): bigint =>
		BigInt((isNegative ? '-' : '') + digits) * 10n ** BigInt(exponent - least);
	return [whole(a), whole(b)];
}

/** Negative when `one` is less than `other`, zero when they are equal, positive when it is more. */
export function compare(one: Exact, other: Exact): number {
	if (typeof one === 'number' && typeof other === 'number') return one - other;
	const [a, b] = aligned(one, other);
	return a < b ? -1 : Number(a > b);
}

/** Whether a number is an integer multiple of another one, which is not zero. */
export function isMultiple(value: Exact, of: Exact): boolean {
	if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return Number(value) % Number(of) === 0;
	const [a, b] = aligned(value, of);
	return a % b === 0n;
}
