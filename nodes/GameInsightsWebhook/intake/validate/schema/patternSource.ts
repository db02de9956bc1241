/** What a regular expression is made of, as far as it matters for the time that it can take. */
export interface PatternSource {
	/** The same expression for RE2; null when RE2 has no words for it. */
	readonly re2: string | null;
	/** How many quantifiers may match a varying number of characters. */
	readonly quantifiers: number;
	/** Whether a quantifier repeats a group, which is what makes backtracking explode; or a group is referred back to. */
	readonly isNested: boolean;
}

/** What `\s` stands for in JavaScript (ECMA-262, CharacterClassEscape); RE2 knows only the ASCII part. */
const WHITE_SPACE =
	'\\t\\n\\v\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
/** What `.` does not match in JavaScript; RE2 leaves out only the line feed. */
const NO_LINE_END = '[^\\n\\r\\x{2028}\\x{2029}]';

/** An escape, with all of its letters where there are several. */
const ESCAPE = /\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|k<[^>]*>|[\s\S])/uy;
const GROUP_START = /\((?:\?(?::|<?[=!]|<[^>]*>)?)?/uy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy;

/** The text that a sticky expression matches at a place; null when it does not. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

/**
 * Reads a regular expression of JavaScript's (with the flag `u`) and says it again for RE2. What needs no other words
 * (named groups, `\u1234`) is left to RE2JS's own translation.
 *
 * @param source An expression that `new RegExp(source, 'u')` takes.
 */
export function readPattern(source: string): PatternSource {
	let re2 = '';
	let isSayable = true;
	let quantifiers = 0;
	let isNested = false;
	let isInClass = false;
	let follows: 'group' | 'other' = 'other';

	const unsayable = (text: string): string => {
		isSayable = false;
		return text;
	};
	const escape = (text: string): string => {
		if (text === '\\s') return isInClass ? WHITE_SPACE : `[${WHITE_SPACE}]`;
		if (text === '\\S') return isInClass ? unsayable(text) : `[^${WHITE_SPACE}]`;
		if (/^\\[1-9k]/.test(text)) {
			isNested = true;
			return unsayable(text);
		}
		// A backspace in a class; half a surrogate pair, which the flag `u` joins with its other half.
		if (isInClass && text === '\\b') return unsayable(text);
		if (text === '\\u' && /^[dD][89abAB]/.test(source.slice(at + 2))) return unsayable(text);
		return text;
	};

	let at = 0;
	while (at < source.length) {
		const start = at;
		const character = source[at] as string;
		const escaped = matchAt(ESCAPE, source, at)?.[0];
		const group = isInClass ? undefined : matchAt(GROUP_START, source, at)?.[0];
		const quantifier = isInClass ? null : matchAt(QUANTIFIER, source, at);
		if (escaped !== undefined) {
			re2 += escape(escaped);
			at += escaped.length;
		} else if (group !== undefined) {
			re2 += /^\(\?<?[=!]/.test(group) ? unsayable(group) : group;
			at += group.length;
		} else if (quantifier !== null) {
			const [text, min, comma, max] = quantifier;
			const isFixed = text.startsWith('?') || (min !== undefined && (comma === '' || min === max));
			if (!isFixed) quantifiers++;
			if (follows === 'group' && !text.startsWith('?')) isNested = true;
			re2 += text;
			at += text.length;
		} else {
			if (isInClass ? character === ']' : character === '[') isInClass = !isInClass;
			// "[[:" opens a class by name in RE2.
			else if (isInClass && character === '[') re2 += '\\';
			re2 += character === '.' && !isInClass ? NO_LINE_END : character;
			at++;
		}
		if (quantifier === null || escaped !== undefined) follows = source[start] === ')' ? 'group' : 'other';
	}
	return { re2: isSayable ? re2 : null, quantifiers, isNested };
}
