import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { quoteOwn } from '../../../../shared/json/jsonValue';
import { effortOf } from './backtracking';
import { type Cost, spend } from './budget';
import { LinearPattern } from './linearPattern';
import { conditionsOf } from './patternConditions';

/**
 * Names are tested by JavaScript's own engine, and steps for them are counted: up to so high a power of their
 * length.
 */
const HIGHEST_EXPONENT_OF_NAMES = 3;
/** How many steps of JavaScript's engine are one of ours. */
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
 * A regular expression whose test takes time in proportion to the text, whoever wrote the text: it runs on
 * RE2's automata instead of JavaScript's backtracking. What RE2 has no words for runs on JavaScript's engine
 * where that takes no longer.
 */
export class BoundedPattern extends RegExp {
	/**
	 * A text matches when it meets all conditions of one of these lists. Null where JavaScript's engine runs
	 * it.
	 */
	readonly #linear: readonly LinearCondition[][] | null;
	readonly #ways: number;
	readonly #written: string;

	/**
	 * @param source As `pattern` of JSON Schema has it: ECMA-262, read with the flag `u`.
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
 * What testing names with an expression costs, which JavaScript's engine does.
 *
 * @throws {FaultyPattern} when that is too much even for short names.
 */
export function namePatternCost(source: string): Cost {
	const effort = effortOf(parsed(source));
	if (effort === null || effort.exponent > HIGHEST_EXPONENT_OF_NAMES) throw tooSlowForNames(source);
	const { ways, exponent } = effort;
	// Twice: `additionalProperties` tests them again.
	return ({ names }) => 2 * (1 + (names[0] + ways * (names[exponent] as number)) / NATIVE_STEPS_PER_STEP);
}

/**
 * What may stand behind a backslash without need, as many people write it: `\-` and `\@`. The flag `u`
 * forbids that.
 */
const NEEDLESSLY_ESCAPED = /[ !"#%&',:;<=>@_`~-]/;

/** An expression without backslashes that the flag `u` forbids where they change nothing. */
export function readable(source: string): string {
	return source.replace(/\\([\s\S])/g, (escape, character: string) =>
		NEEDLESSLY_ESCAPED.test(character) ? `\\x${character.charCodeAt(0).toString(16)}` : escape,
	);
}

/** Whether a text is a regular expression, as `pattern` takes them. */
export function isExpression(source: string): boolean {
	try {
		new RegExp(readable(source), 'u');
		return true;
	} catch {
		return false;
	}
}

/** By a reader of its own, which tells the parts; JavaScript's decides what is an expression. */
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
