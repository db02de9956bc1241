import { quote } from '../json/jsonValue';
import { isNestedTooDeep, MOST_LEVELS } from '../json/readJson';

/**
 * Describes where a text that `readJson` refuses stops being JSON (RFC 8259). The message of the JavaScript
 * engine differs between versions of Node.js and seldom contains the position.
 *
 * @param firstLine The number of the text's first line, for a text that is a line of a larger text.
 * @returns The rest of a sentence, without its full stop: `unexpected "," at line 3, column 14`.
 */
export function explainJsonFault(text: string, firstLine: number): string {
	if (isNestedTooDeep(text)) {
		return `it nests lists and objects more than ${MOST_LEVELS.toLocaleString('en')} levels deep`;
	}
	const at = jsonFaultAt(text) ?? text.length;
	const lines = text.slice(0, at).split('\n');
	const line = firstLine + lines.length - 1;
	const column = (lines.at(-1) ?? '').length + 1;
	const found = text.codePointAt(at);
	if (found === undefined) return `it breaks off at line ${line}, column ${column}`;
	return `unexpected ${quote(String.fromCodePoint(found))} at line ${line}, column ${column}`;
}

/** What may come next. */
type Expected = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'commaOrEnd';

const LITERAL_BY_LETTER: ReadonlyMap<string, string> = new Map([
	['t', 'true'],
	['f', 'false'],
	['n', 'null'],
]);
const DIGIT = /[0-9]/;
const HEX_DIGIT = /[0-9a-fA-F]/;

/**
 * The position of the first character that is not allowed. The text's length when it ends too early; null
 * when it has no fault. One pass without recursion, because the text may be anything, even megabytes of
 * brackets.
 */
export function jsonFaultAt(text: string): number | null {
	/** 1 for each open object, 0 for each open array. */
	const open = new Uint8Array(text.length);
	let depth = 0;
	let expected: Expected = 'value';
	let at = 0;
	for (;;) {
		while (isBlank(text[at])) at++;
		const character = text[at];
		if (depth === 0 && expected === 'commaOrEnd') return character === undefined ? null : at;
		if (character === undefined) return at;

		const isEndAllowed = expected === 'valueOrEnd' || expected === 'nameOrEnd' || expected === 'commaOrEnd';
		const isInObject = open[depth - 1] === 1;
		if (isEndAllowed && character === (isInObject ? '}' : ']')) {
			depth--;
			expected = 'commaOrEnd';
			at++;
		} else if (expected === 'commaOrEnd') {
			if (character !== ',') return at;
			expected = isInObject ? 'name' : 'value';
			at++;
		} else if (expected === 'colon') {
			if (character !== ':') return at;
			expected = 'value';
			at++;
		} else if (expected === 'name' || expected === 'nameOrEnd') {
			if (character !== '"') return at;
			const end = scanString(text, at);
			if (end.fault) return end.at;
			at = end.at;
			expected = 'colon';
		} else if (character === '{' || character === '[') {
			open[depth++] = character === '{' ? 1 : 0;
			expected = character === '{' ? 'nameOrEnd' : 'valueOrEnd';
			at++;
		} else {
			const end = scanScalar(text, at, character);
			if (end.fault) return end.at;
			at = end.at;
			expected = 'commaOrEnd';
		}
	}
}

/** The end of a token, or the position of a fault in it. */
interface End {
	readonly at: number;
	readonly fault: boolean;
}

function scanScalar(text: string, start: number, first: string): End {
	if (first === '"') return scanString(text, start);
	const literal = LITERAL_BY_LETTER.get(first);
	if (literal === undefined) return scanNumber(text, start);
	let at = start;
	for (const letter of literal) {
		if (text[at] !== letter) return { at, fault: true };
		at++;
	}
	return { at, fault: false };
}

function scanString(text: string, start: number): End {
	let at = start + 1;
	for (;;) {
		const character = text[at];
		if (character === undefined || character < ' ') return { at, fault: true };
		at++;
		if (character === '"') return { at, fault: false };
		if (character !== '\\') continue;
		const escaped = text[at];
		if (escaped === undefined || !'"\\/bfnrtu'.includes(escaped)) return { at, fault: true };
		at++;
		for (let digits = 0; escaped === 'u' && digits < 4; digits++, at++) {
			if (!isOneOf(HEX_DIGIT, text[at])) return { at, fault: true };
		}
	}
}

function scanNumber(text: string, start: number): End {
	let at = text[start] === '-' ? start + 1 : start;
	if (!isOneOf(DIGIT, text[at])) return { at, fault: true };
	at = text[at] === '0' ? at + 1 : afterDigits(text, at);
	if (text[at] === '.') {
		if (!isOneOf(DIGIT, text[at + 1])) return { at: at + 1, fault: true };
		at = afterDigits(text, at + 1);
	}
	if (text[at] === 'e' || text[at] === 'E') {
		at += text[at + 1] === '+' || text[at + 1] === '-' ? 2 : 1;
		if (!isOneOf(DIGIT, text[at])) return { at, fault: true };
		at = afterDigits(text, at);
	}
	return { at, fault: false };
}

function afterDigits(text: string, start: number): number {
	let at = start;
	while (isOneOf(DIGIT, text[at])) at++;
	return at;
}

const isOneOf = (set: RegExp, character: string | undefined): boolean =>
	character !== undefined && set.test(character);

/** JSON's white space (RFC 8259, section 2). */
const isBlank = (character: string | undefined): boolean =>
	character === ' ' || character === '\t' || character === '\n' || character === '\r';
