import { RE2JS } from 're2js';
import { quoteOwn } from '../../jsonValue';
import { readPattern } from './patternSource';

/** Longer texts do not match a pattern that only a backtracking engine can test: that may take their length squared. */
const LONGEST_FOR_BACKTRACKING = 10_000;

/** Thrown for an expression that can't be used; the message completes "The pattern …". */
export class FaultyPattern extends Error {
	override readonly name = 'FaultyPattern';
}

/**
 * A regular expression whose test takes time in proportion to the text, whoever wrote the text: it runs on RE2's
 * automata instead of JavaScript's backtracking. What RE2 has no words for (looking ahead and behind) runs on
 * JavaScript's engine where that can't explode.
 */
export class BoundedPattern extends RegExp {
	readonly #linear: RE2JS | null;

	/**
	 * @param source As `pattern` of JSON Schema has it: ECMA-262, read with the flag `u`.
	 * @throws {FaultyPattern} when it is no regular expression, or one whose test could take for ever.
	 */
	constructor(source: string) {
		try {
			super(source, 'u');
		} catch (error) {
			throw notAnExpression(source, error as SyntaxError);
		}
		const { re2, quantifiers, isNested } = readPattern(source);
		this.#linear = re2 === null ? null : linear(re2);
		if (this.#linear === null && (isNested || quantifiers > 1)) throw tooSlow(source);
	}

	override test(text: string): boolean {
		if (this.#linear !== null) return this.#linear.test(text);
		return text.length <= LONGEST_FOR_BACKTRACKING && super.test(text);
	}
}

/**
 * Checks an expression that is tested by JavaScript's engine on short texts, such as the names of properties.
 *
 * @throws {FaultyPattern}
 */
export function checkNamePattern(source: string): void {
	const pattern = new BoundedPattern(source);
	const { quantifiers, isNested } = readPattern(pattern.source);
	if (isNested || quantifiers > 2) throw tooSlow(source);
}

const notAnExpression = (source: string, { message }: SyntaxError): FaultyPattern =>
	new FaultyPattern(`${quoteOwn(source)} is not a regular expression: ${message}`);

function linear(re2: string): RE2JS | null {
	try {
		return RE2JS.compile(RE2JS.translateRegExp(re2));
	} catch {
		return null; // Valid in JavaScript, and unknown to RE2.
	}
}

function tooSlow(source: string): FaultyPattern {
	return new FaultyPattern(
		`${quoteOwn(source)} could take very long on some texts. Write it with fewer repetitions, without repeating a group or looking ahead or behind.`,
	);
}
