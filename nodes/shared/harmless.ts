/*
 * Sentences about events are shown unchanged in chat messages, e-mails and tables. Text that another party
 * wrote (a sender, a failing service) must have no effect there: no mention, no link, no mark-up, nothing
 * invisible. Such text is changed so that it still looks much the same to a person. Data (`event`, `raw`,
 * `path`) is never changed.
 */

/** Line breaks and other control characters. They become one space. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * Invisible characters: bidi controls, zero-width characters, tags, halves of surrogate pairs. Not included
 * are the variation selectors of emoji (U+FE0E, U+FE0F), and the joiner between two emoji.
 */
const INVISIBLE =
	/(?![\uFE0E\uFE0F])(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D\p{Extended_Pictographic})[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** One line with only visible characters: invisible ones are written as in JSON, `\u202e`. */
export const visible = (text: string): string => text.replace(CONTROL, ' ').replace(INVISIBLE, escaped);

function escaped(character: string): string {
	const code = (character.codePointAt(0) ?? 0).toString(16);
	return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** The host of a URL. */
const HOST_OF_URL = /(?<=:\/\/)[^\s/?#]+/gu;
/** A host that is followed by a path, port, query or fragment. */
const HOST_OF_ADDRESS = /(?<![\p{L}\p{N}.-])(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?=[/:?#]\S)/gu;
/**
 * The dots of a host without `https://` that chats still show as a link: it begins with `www.`, or ends in
 * one of the most usual top-level domains.
 */
const DOT_OF_HOST = /(?<=www)\.(?=\S)|(?<=[\p{L}\p{N}])\.(?=(?:com|net|org|info|biz|io|gg|ru|cn|xyz)\b)/giu;

/** U+2024 looks like a full stop. */
const LOOKS_LIKE_A_DOT = '\u2024';

const dotless = (host: string): string => host.replaceAll('.', LOOKS_LIKE_A_DOT);

/** A text that no chat turns into a link: `https:∕∕evil․example/login`. */
export const unlinked = (text: string): string =>
	text
		.replace(HOST_OF_URL, dotless)
		.replace(HOST_OF_ADDRESS, dotless)
		.replace(DOT_OF_HOST, LOOKS_LIKE_A_DOT)
		.replaceAll('://', ':∕∕');

/**
 * Mark-up of Slack, Discord, Markdown and HTML, and its replacement. Underscores stay: users read and copy
 * names such as `level_complete`, and an underscore can only make a word italic.
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

/** The same for use inside of one of our sentences, where names are between backticks. */
export const harmlessQuote = (text: string): string => harmless(text).replaceAll('`', '‘');

/**
 * Makes another party's text safe for a sentence. Applying it twice gives the same result.
 *
 * @param text At most some thousand characters; shorten it before.
 */
export const harmless = (text: string): string =>
	MARK_UP.reduce((sofar, [mark, instead]) => sofar.replace(mark, instead), unlinked(visible(text)));
