/**
 * What nobody sees at the end of a line: white space, control and format characters, and letters drawn as
 * nothing.
 */
const UNSEEN = String.raw`[\s\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]`;
const UNSEEN_AT_AN_EDGE = new RegExp(`^${UNSEEN}+|${UNSEEN}+$`, 'gu');
/** A plain space is seen between two words, and the joiner U+200D is part of many emoji. */
const UNSEEN_INSIDE = /(?![ \u200d])[\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;

/** The text without what nobody sees at its ends, as it slips in while copying. */
export function strip(text: string): string {
	return text.replace(UNSEEN_AT_AN_EDGE, '');
}

/** The characters of a text that somebody can see, and the spaces between them: what a secret is worth. */
export function seenCharacters(text: string): string {
	return strip(text).replace(/[\p{Cc}\p{Cf}]/gu, '');
}

/** Whether a text holds, not only at its ends, a character that nobody sees. */
export function hidesCharacters(text: string): boolean {
	return UNSEEN_INSIDE.test(text);
}
