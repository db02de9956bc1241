import { stringEnd } from './jsonString';
import { mayHoldLongNumbers, withLongNumbersAsText } from './longNumbers';

/**
 * The nesting depth from which on a text is not read. `JSON.parse` needs about 70 bytes of memory for each
 * open level, so 10 MiB of opening brackets would need 700 MB and block n8n for seconds. Valid events have
 * far fewer levels.
 */
export const MOST_LEVELS = 100_000;

/**
 * Parses a text as JSON, in the form for workflows: a whole number that does not fit exactly into a double
 * becomes a text with all its digits. Of two equal keys the last one counts, and `__proto__` is a key like
 * any other (an own property).
 *
 * @param mayHoldLong Whether it may contain such numbers, if that is known.
 * @returns undefined, which is no JSON value, when it is not JSON or nested beyond {@link MOST_LEVELS}
 */
export function readJson(text: string, mayHoldLong = mayHoldLongNumbers(text)): unknown {
	if (isNestedTooDeep(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		if (!mayHoldLong) return value;
		const withTexts = withLongNumbersAsText(text);
		return withTexts === text ? value : JSON.parse(withTexts);
	} catch {
		return undefined;
	}
}

/**
 * Whether a text, JSON or not, has more nested lists and objects than allowed. Needs no memory, and less time
 * than parsing: the text is only read character by character when it contains so many brackets at all.
 */
export function isNestedTooDeep(text: string): boolean {
	if (text.length <= MOST_LEVELS || occurrences(text, '[') + occurrences(text, '{') <= MOST_LEVELS)
		return false;
	let level = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '[' || character === '{') {
			if (++level > MOST_LEVELS) return true;
		} else if (character === ']' || character === '}') level--;
		else if (character === '"') {
			const end = stringEnd(text, at);
			if (end === -1) return false;
			at = end - 1;
		}
	}
	return false;
}

/** How often a letter occurs in a text. It stops counting just after {@link MOST_LEVELS}. */
function occurrences(text: string, letter: string): number {
	let count = 0;
	for (let at = text.indexOf(letter); at !== -1 && count <= MOST_LEVELS; at = text.indexOf(letter, at + 1))
		count++;
	return count;
}
