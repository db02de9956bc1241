import { exactNumber, holds, writtenNumber } from './decimal';
import { stringEnd } from './jsonString';

/**
 * Fifteen digits fit into a double (IEEE 754 binary64); with a point or a sign they have sixteen characters.
 * Usually numbers inside of a JSON string are not found, because a quote precedes them.
 */
const LONG_NUMBER = /[:,[\s][-\d][\d.]{15}/;
/** The same numbers up to their end, in JSON's own form (RFC 8259, section 6). */
const LONG_NUMBERS = /(?:^|[:,[\s])(?=[-\d][\d.]{15})(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/**
 * Whether a JSON text may contain a number that does not fit exactly into a double. Fast, because it runs for
 * every event.
 */
export const mayHoldLongNumbers = (text: string): boolean => /^[-\d]/.test(text) || LONG_NUMBER.test(text);

/**
 * Whether the workflow gets a number as text: a whole number that does not fit exactly into a double. RFC
 * 7493 (I-JSON, section 2.2) asks senders to write it as text. A number that is larger than any double and
 * written with an exponent is not changed: its event is refused.
 */
function arrivesAsText(literal: string): boolean {
	const number = Number(literal);
	if (writtenNumber(literal).exponent < 0 || holds(number, literal)) return false;
	return Number.isFinite(number) || !/[eE]/.test(literal);
}

/**
 * A JSON text in which the numbers that the workflow gets as text are in quotes, with all digits.
 * @param text Is JSON; that is not checked again.
 */
export const withLongNumbersAsText = (text: string): string => quoted(text, arrivesAsText);

/**
 * The value of a JSON text, with exact numbers: see `Exact`. Recursive only if there are long numbers.
 * @param text Is JSON; that is not checked again.
 */
export function readExactly(text: string): unknown {
	const value: unknown = JSON.parse(text);
	if (!mayHoldLongNumbers(text)) return value;
	const inQuotes = quoted(text, (literal) => !holds(Number(literal), literal));
	return inQuotes === text ? value : withExactNumbers(value, JSON.parse(inQuotes));
}

/** Puts the exact number where one value has a number and the other one its text. Changes the first value. */
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
	/** The start of the next string that was not checked yet. */
	let quote = text.indexOf('"');
	LONG_NUMBERS.lastIndex = 0;
	for (let found = LONG_NUMBERS.exec(text); found !== null; found = LONG_NUMBERS.exec(text)) {
		const literal = found[1] as string;
		const start = found.index + found[0].length - literal.length;
		let end = 0;
		while (quote !== -1 && quote < start) {
			end = stringEnd(text, quote);
			// Only in a text that is no JSON: the rest is one string.
			if (end === -1) end = text.length;
			quote = text.indexOf('"', end);
		}
		if (end > start) {
			// The number is inside of a string.
			LONG_NUMBERS.lastIndex = end;
		} else if (isWanted(literal)) {
			result += `${text.slice(copied, start)}"${literal}"`;
			copied = start + literal.length;
		}
	}
	return copied === 0 ? text : result + text.slice(copied);
}
