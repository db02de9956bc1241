import { harmlessQuote } from '../harmless';
import { exactText, isExact, MOST_DIGITS } from './decimal';

/**
 * A JSON object as returned by `JSON.parse`. The sender chooses its keys: `__proto__` may be an own property.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object that is not `null` and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The own member of an object or array under a key, without inherited ones. `undefined` when there is none.
 */
export function ownMember(value: unknown, key: string): unknown {
	if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
	return (value as JsonObject)[key];
}

const LONGEST_QUOTE = 40;

/**
 * A sender's text in quotes for a message: made harmless and shortened. Control characters are shown as JSON
 * escapes.
 */
export const quote = (text: string): string => harmlessQuote(quoteOwn(text));

/** The same for a text of the endpoint's owner, such as a pattern. It is not made harmless. */
export const quoteOwn = (text: string): string => JSON.stringify(cut(text));

function cut(text: string): string {
	if (text.length <= LONGEST_QUOTE) return text;
	return `${text.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/, '')}…`; // no half of a surrogate pair
}

/**
 * Describes a value, to complete "it is …": `the text "9,99"`, `the number 5`, `null`, `an array`, `missing`.
 */
export function describe(value: unknown): string {
	if (value === undefined) return 'missing';
	if (typeof value === 'string') return `the text ${quote(value)}`;
	if (Number.isNaN(value)) return `a number of more than ${MOST_DIGITS.toLocaleString('en')} digits`;
	if (isExact(value)) return `the number ${cut(exactText(value))}`;
	if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
	return value === null || typeof value === 'boolean' ? `${value}` : 'an object';
}
