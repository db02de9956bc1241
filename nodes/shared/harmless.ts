/*
 * Sentences about events go into chat messages, e-mails and tables as they are. What somebody else wrote (a
 * sender, a failing service) must have no effect there: no mention, link or mark-up, nothing invisible. What
 * has one is written so that it looks much the same to a person. Data (`event`, `raw`, `path`) is never
 * changed.
 */

/** Line breaks and other control characters, as one blank. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * What nobody sees: bidi controls, zero-width characters, tags, halves of surrogate pairs. Left alone are the
 * looks of an emoji (U+FE0E, U+FE0F), and what joins two emoji to one.
 */
const INVISIBLE =
	/(?![\uFE0E\uFE0F])(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D\p{Extended_Pictographic})[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** One line, in which everything can be seen: invisible characters are written as in JSON, `\u202e`. */
export const visible = (text: string): string => text.replace(CONTROL, ' ').replace(INVISIBLE, escaped);

function escaped(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16);
	return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** The host of a URL. */
const HOST_OF_URL = /(?<=:\/\/)[^\s/?#]+/gu;
/** A host that a path, port, query or fragment follows. */
const HOST_OF_ADDRESS = /(?<![\p{L}\p{N}.-])(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?=[/:?#]\S)/gu;
/**
 * What chats take for a host by itself: it begins with `www.`, or ends in one of the most usual top-level
 * domains.
 */
const DOT_OF_HOST = /(?<=www)\.(?=\S)|(?<=[\p{L}\p{N}])\.(?=(?:com|net|org|info|biz|io|gg|ru|cn|xyz)\b)/giu;

/** U+2024 looks like a full stop. */
const LOOKS_LIKE_A_DOT = '\u2024';

const dotless = (host: string): string => host.replaceAll('.', LOOKS_LIKE_A_DOT);

/** A text that no chat makes a link of: `https:∕∕evil․example/login`. */
export const unlinked = (text: string): string =>
	text
		.replace(HOST_OF_URL, dotless)
		.replace(HOST_OF_ADDRESS, dotless)
		.replace(DOT_OF_HOST, LOOKS_LIKE_A_DOT)
		.replaceAll('://', ':∕∕');

/**
 * Mark-up of Slack, Discord, Markdown and HTML, and what stands in its place. Underlines stay:
 * `level_complete` is to be read and copied to the letter, and all that they can do is slant a word.
 */
const MARK_UP: ReadonlyArray<readonly [RegExp, string]> = [
	// <!channel>, <@U123>, <https://…|text>, <a href="…">; but not 1 < 2
	[/<(?!<*(?:[\s="]|$))/gu, '‹'],
	[/(?<=(?:[^\s>="-]|^\s*)>*)>/gu, '›'],
	// @everyone, @channel, name@example.com
	[/@(?=[^\s"])/gu, '＠'],
	// [text](address)
	[/\](?=\()/gu, '] '],
	[/`(?=`)|(?<=`)`/gu, '‘'],
	[/\*/gu, '∗'],
	[/~(?=~)|(?<=~)~/gu, '∼'],
	[/\|(?=\|)|(?<=\|)\|/gu, '∣'],
	[/^\s*#/gu, '＃'],
];

/** The same inside a sentence of ours, in which names stand between backticks. */
export const harmlessQuote = (text: string): string => harmless(text).replaceAll('`', '‘');

/**
 * A text of somebody else's, fit for a sentence. The result of a second time is that of the first.
 *
 * @param text At most some thousand characters: cut it before.
 */
export const harmless = (text: string): string =>
	MARK_UP.reduce((sofar, [mark, instead]) => sofar.replace(mark, instead), unlinked(visible(text)));
