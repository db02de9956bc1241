import { stringEnd } from './jsonString';
import { mayHoldLongNumbers, withLongNumbersAsText } from './longNumbers';

/**
 * Levels of nesting from which a text is not read. `JSON.parse` takes some 70 bytes of memory for each level
 * that is open, so 10 MiB of opening brackets would take 700 MB and stop everything else for seconds; no
 * event that is kept comes near it.
 */
export const MOST_LEVELS = 100_000;

/**
 * What a text says as JSON, as it reaches workflows: a whole number that a double does not hold to its last
 * digit is a text with all its digits. Of two equal keys the last one counts, and `__proto__` is a key like
 * any other (an own property).
 *
 * @param mayHoldLong Whether it may hold such numbers, where that is known.
 * @returns undefined, as which JSON never reads, when it is not JSON or nested beyond {@link MOST_LEVELS}
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
 * Whether a text, JSON or not, opens more lists and objects inside each other than may be. Takes no memory,
 * and less time than reading the text: only one that holds so many brackets at all is gone through letter by
 * letter.
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

/** How often a letter stands in a text; counts no further than just beyond {@link MOST_LEVELS}. */
function occurrences(text: string, letter: string): number {
	let count = 0;
	for (let at = text.indexOf(letter); at !== -1 && count <= MOST_LEVELS; at = text.indexOf(letter, at + 1))
		count++;
	return count;
}
