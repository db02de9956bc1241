import { exactNumber, holds, writtenNumber } from './decimal';
import { stringEnd } from './jsonString';

/**
 * Fifteen digits survive in a double (IEEE 754 binary64); with a point or a sign they make sixteen
 * characters. What stands inside a text of JSON is as a rule not found: a quote stands before it.
 */
const LONG_NUMBER = /[:,[\s][-\d][\d.]{15}/;
/** The same, to its end, in JSON's own form (RFC 8259, section 6). */
const LONG_NUMBERS = /(?:^|[:,[\s])(?=[-\d][\d.]{15})(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/**
 * Whether a JSON text may hold a number that a double does not hold to its last digit. Cheap, since every
 * event comes by here.
 */
export const mayHoldLongNumbers = (text: string): boolean => /^[-\d]/.test(text) || LONG_NUMBER.test(text);

/**
 * Whether a number reaches the workflow as text: a whole number that a double does not hold to its last
 * digit, as RFC 7493 (I-JSON, section 2.2) asks senders to write it. One that is larger than any double and
 * written with an exponent stays what it is: the event is refused for it.
 */
function arrivesAsText(literal: string): boolean {
	const number = Number(literal);
	if (writtenNumber(literal).exponent < 0 || holds(number, literal)) return false;
	return Number.isFinite(number) || !/[eE]/.test(literal);
}

/**
 * A JSON text with the numbers in quotes that have to reach the workflow as text, digit for digit.
 * @param text Is JSON; that is not checked again.
 */
export const withLongNumbersAsText = (text: string): string => quoted(text, arrivesAsText);

/**
 * What a JSON text says, with each number to its last digit: see `Exact`. Recursive where there are such
 * numbers.
 * @param text Is JSON; that is not checked again.
 */
export function readExactly(text: string): unknown {
	const value: unknown = JSON.parse(text);
	if (!mayHoldLongNumbers(text)) return value;
	const inQuotes = quoted(text, (literal) => !holds(Number(literal), literal));
	return inQuotes === text ? value : withExactNumbers(value, JSON.parse(inQuotes));
}

/** Wherever one reading has a number and the other one its text, the exact number. Changes the first one. */
function withExactNumbers(value: unknown, inQuotes: unknown): unknown {
	if (typeof value === 'number') return typeof inQuotes === 'string' ? exactNumber(inQuotes) : value;
	if (typeof value !== 'object' || value === null) return value;
	for (const key of Object.keys(value)) {
		const member = (value as Record<string, unknown>)[key];
		const exact = withExactNumbers(member, (inQuotes as Record<string, unknown>)[key]);
		// Defined rather than assigned: the key may be "__proto__".
		if (exact !== member)
			Object.defineProperty(value, key, {
				value: exact,
				enumerable: true,
				configurable: true,
				writable: true,
			});
	}
	return value;
}

/** A JSON text with some of its long numbers in quotes. */
function quoted(text: string, isWanted: (literal: string) => boolean): string {
	let result = '';
	let copied = 0;
	/** Where the next string begins that was not looked at. */
	let quote = text.indexOf('"');
	LONG_NUMBERS.lastIndex = 0;
	for (let found = LONG_NUMBERS.exec(text); found !== null; found = LONG_NUMBERS.exec(text)) {
		const literal = found[1] as string;
		const start = found.index + found[0].length - literal.length;
		let end = 0;
		while (quote !== -1 && quote < start) {
			end = stringEnd(text, quote);
			// Of a text that is no JSON after all: the rest is one string.
			if (end === -1) end = text.length;
			quote = text.indexOf('"', end);
		}
		if (end > start) {
			// It stands inside a string.
			LONG_NUMBERS.lastIndex = end;
		} else if (isWanted(literal)) {
			result += `${text.slice(copied, start)}"${literal}"`;
			copied = start + literal.length;
		}
	}
	return copied === 0 ? text : result + text.slice(copied);
}
