/**
 * Characters that are invisible at the end of a line: white space, control and format characters, and letters
 * that are drawn as nothing.
 */
const UNSEEN = String.raw`[\s\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]`;
const UNSEEN_AT_AN_EDGE = new RegExp(`^${UNSEEN}+|${UNSEEN}+$`, 'gu');
/** Inside a text, a plain space between two words is visible, and the joiner U+200D is part of many emoji. */
const UNSEEN_INSIDE = /(?![ \u200d])[\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;

/** The text without invisible characters at its ends, which are easily copied by mistake. */
export function strip(text: string): string {
	return text.replace(UNSEEN_AT_AN_EDGE, '');
}

/**
 * The visible characters of a text and the spaces between them. Only these count for the strength of a
 * secret.
 */
export function seenCharacters(text: string): string {
	return strip(text).replace(/[\p{Cc}\p{Cf}]/gu, '');
}

/** Whether a text contains an invisible character, not only at its ends. */
export function hidesCharacters(text: string): boolean {
	return UNSEEN_INSIDE.test(text);
}
