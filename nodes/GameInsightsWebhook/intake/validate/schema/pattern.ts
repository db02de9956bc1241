import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { quoteOwn } from '../../../../shared/json/jsonValue';
import { effortOf } from './backtracking';
import { type Cost, spend } from './budget';
import { LinearPattern } from './linearPattern';
import { conditionsOf } from './patternConditions';

/**
 * Names are tested by JavaScript's own engine, and its steps are counted up to this power of their length.
 */
const HIGHEST_EXPONENT_OF_NAMES = 3;
/** How many steps of JavaScript's engine count as one of our steps. */
const NATIVE_STEPS_PER_STEP = 500;

/** Thrown for an expression that can't be used; the message completes "The pattern …". */
export class FaultyPattern extends Error {
	override readonly name = 'FaultyPattern';
}

interface LinearCondition {
	readonly pattern: LinearPattern;
	readonly mustMatch: boolean;
}

/**
 * A regular expression whose test takes time proportional to the length of the text, even for a hostile text:
 * it runs on RE2's automata instead of JavaScript's backtracking. An expression that RE2 does not support
 * runs on JavaScript's engine, if that takes no longer.
 */
export class BoundedPattern extends RegExp {
	/**
	 * A text matches when it meets all conditions of one of these lists. Null where JavaScript's engine is
	 * used.
	 */
	readonly #linear: readonly LinearCondition[][] | null;
	readonly #ways: number;
	readonly #written: string;

	/**
	 * @param source As in `pattern` of JSON Schema: ECMA-262 with the flag `u`.
	 * @throws {FaultyPattern} when it is no regular expression, or one that only backtracking can run.
	 */
	constructor(source: string) {
		const syntax = parsed(source);
		super(readable(source), 'u');
		this.#linear = linear(syntax);
		const effort = this.#linear === null ? effortOf(syntax) : null;
		if (this.#linear === null && (effort === null || effort.exponent > 1)) throw tooSlow(source);
		this.#ways = effort?.ways ?? 1;
		this.#written = source;
	}

	/** As it was written. */
	override get source(): string {
		return this.#written;
	}

	override test(text: string): boolean {
		if (this.#linear !== null)
			return this.#linear.some((list) => list.every((one) => this.#isMet(one, text)));
		spend(1 + (text.length * this.#ways) / NATIVE_STEPS_PER_STEP);
		return super.test(text);
	}

	#isMet({ pattern, mustMatch }: LinearCondition, text: string): boolean {
		spend(pattern.stepsFor(text));
		return pattern.test(text) === mustMatch;
	}
}

/**
 * The cost of testing names with an expression in JavaScript's engine.
 *
 * @throws {FaultyPattern} when the cost is too high even for short names.
 */
export function namePatternCost(source: string): Cost {
	const effort = effortOf(parsed(source));
	if (effort === null || effort.exponent > HIGHEST_EXPONENT_OF_NAMES) throw tooSlowForNames(source);
	const { ways, exponent } = effort;
	// Twice: `additionalProperties` tests them again.
	return ({ names }) => 2 * (1 + (names[0] + ways * (names[exponent] as number)) / NATIVE_STEPS_PER_STEP);
}

/** Characters that many people escape without need, such as `\-` and `\@`. The flag `u` forbids that. */
const NEEDLESSLY_ESCAPED = /[ !"#%&',:;<=>@_`~-]/;

/** Removes backslashes that the flag `u` forbids and that change nothing. */
export function readable(source: string): string {
	return source.replace(/\\([\s\S])/g, (escape, character: string) =>
		NEEDLESSLY_ESCAPED.test(character) ? `\\x${character.charCodeAt(0).toString(16)}` : escape,
	);
}

/** Whether a text is a regular expression that `pattern` accepts. */
export function isExpression(source: string): boolean {
	try {
		new RegExp(readable(source), 'u');
		return true;
	} catch {
		return false;
	}
}

/** Parsed by a library that returns the parts. JavaScript's engine decides what is an expression. */
function parsed(written: string): AST.Pattern {
	const source = readable(written);
	try {
		new RegExp(source, 'u');
		return new RegExpParser().parsePattern(source, 0, source.length, { unicode: true });
	} catch (error) {
		throw notAnExpression(written, error as SyntaxError);
	}
}

const notAnExpression = (source: string, { message }: SyntaxError): FaultyPattern =>
	new FaultyPattern(`${quoteOwn(source)} is not a regular expression: ${message}`);

function linear(syntax: AST.Pattern): LinearCondition[][] | null {
	try {
		return conditionsOf(syntax).map((list) =>
			list.map(({ re2, mustMatch }) => ({ pattern: new LinearPattern(re2), mustMatch })),
		);
	} catch {
		return null; // Valid in JavaScript, and unknown to RE2.
	}
}

function tooSlow(source: string): FaultyPattern {
	return new FaultyPattern(
		`${quoteOwn(source)} could take very long on some texts. Begin it with ^, put what looks ahead, (?=…) or (?!…), right behind that, and refer back to no group.`,
	);
}

function tooSlowForNames(source: string): FaultyPattern {
	return new FaultyPattern(
		`${quoteOwn(source)} could take very long on some names. Write it with at most two repetitions, without repeating a group or referring back to one.`,
	);
}
