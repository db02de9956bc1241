import type { AST } from '@eslint-community/regexpp';

/** The characters of `\s` in JavaScript (ECMA-262, CharacterClassEscape). RE2 knows only the ASCII part. */
const WHITE_SPACE =
	'\\t\\n\\v\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
/** All other characters, for a class that also contains further characters. */
const NO_WHITE_SPACE =
	'\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{10FFFF}';
/** The characters that `.` matches in JavaScript. In RE2 it matches all except the line feed. */
const NO_LINE_END = '[^\\n\\r\\x{2028}\\x{2029}]';
const ANYTHING = '[\\x{0}-\\x{10FFFF}]';
const NOTHING = '[^\\x{0}-\\x{10FFFF}]';
/** RE2's limit. */
const MOST_REPETITIONS = 1_000;

/** Thrown for a part that RE2 can't express. */
export class Unsayable extends Error {}

/**
 * Converts alternatives of a JavaScript regular expression (with the flag `u`) for RE2.
 *
 * @throws {Unsayable}
 */
export function sayAlternatives(alternatives: readonly AST.Alternative[]): string {
	return alternatives.map(({ elements }) => sayElements(elements)).join('|');
}

/**
 * The same for a sequence of elements.
 *
 * @throws {Unsayable}
 */
export function sayElements(elements: readonly AST.Element[]): string {
	return elements.map(sayElement).join('');
}

function sayElement(element: AST.Element): string {
	switch (element.type) {
		case 'Character':
			return sayCharacter(element);
		case 'CharacterSet':
			return saySet(element, false);
		case 'CharacterClass':
			return sayClass(element);
		case 'Group':
		case 'CapturingGroup':
			return `(?:${sayAlternatives(element.alternatives)})`;
		case 'Quantifier':
			return sayQuantifier(element);
		case 'Assertion':
			return sayAssertion(element);
		default:
			throw new Unsayable(); // A backreference, or a feature of the flag "v".
	}
}

/**
 * The number of the character, so that it has no special meaning in RE2. Half a surrogate pair is no
 * character there.
 */
function sayCharacter({ value }: AST.Character): string {
	if (value >= 0xd800 && value <= 0xdfff) throw new Unsayable();
	return `\\x{${value.toString(16)}}`;
}

function saySet(set: AST.CharacterSet, isInClass: boolean): string {
	switch (set.kind) {
		case 'any':
			return NO_LINE_END;
		case 'space':
			if (isInClass) return set.negate ? NO_WHITE_SPACE : WHITE_SPACE;
			return `[${set.negate ? '^' : ''}${WHITE_SPACE}]`;
		case 'property':
			return `\\${set.negate ? 'P' : 'p'}{${set.value ?? set.key}}`;
		default:
			return set.raw; // \d and \w
	}
}

function sayClass({ elements, negate }: AST.CharacterClass): string {
	if (elements.length === 0) return negate ? ANYTHING : NOTHING;
	return `[${negate ? '^' : ''}${elements.map(sayClassElement).join('')}]`;
}

function sayClassElement(element: AST.CharacterClassElement): string {
	if (element.type === 'Character') return sayCharacter(element);
	if (element.type === 'CharacterSet') return saySet(element, true);
	if (element.type !== 'CharacterClassRange') throw new Unsayable();
	const { min, max } = element;
	return `\\x{${min.value.toString(16)}}-\\x{${max.value.toString(16)}}`;
}

function sayQuantifier({ element, min, max }: AST.Quantifier): string {
	if (min > MOST_REPETITIONS || (max > MOST_REPETITIONS && max !== Number.POSITIVE_INFINITY))
		throw new Unsayable();
	const most = max === Number.POSITIVE_INFINITY ? '' : String(max);
	return `(?:${sayElement(element)}){${min},${most}}`;
}

function sayAssertion(assertion: AST.Assertion): string {
	switch (assertion.kind) {
		case 'start':
			return '\\A';
		case 'end':
			return '\\z';
		case 'word':
			return assertion.negate ? '\\B' : '\\b';
		case 'lookbehind':
			return `(?<${assertion.negate ? '!' : '='}${sayAlternatives(assertion.alternatives)})`;
		case 'lookahead':
			throw new Unsayable();
	}
}
