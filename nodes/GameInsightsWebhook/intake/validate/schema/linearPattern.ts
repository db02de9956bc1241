import { RE2JS } from 're2js';

/** An automaton with more ways from state to state than that is made while it runs, and not beforehand. */
const MOST_TRANSITIONS = 5_000;
/** What a pass over a text costs besides its length, in steps. */
const STEPS_PER_TEST = 8;
/** How many characters are a step: of an automaton that is ready, they take some 0.1 to 0.3 µs each. */
const CHARACTERS_PER_STEP = 4;

/** Of the library's own automaton, what is looked at. */
interface Automaton {
	readonly prog: { readonly start: number };
	readonly numClasses: number;
	readonly classBounds: Int32Array;
	makeState(instructions: readonly number[], flags: number, ids: readonly never[]): unknown;
	step(state: unknown, characterClass: number, character: number, anchor: number): unknown;
}

/** A regular expression on RE2's automata: a test takes time in proportion to the text. */
export class LinearPattern {
	readonly #pattern: RE2JS;
	/** Steps for a character. */
	readonly #perCharacter: number;

	/** @throws when RE2 can't read it. */
	constructor(re2: string) {
		this.#pattern = RE2JS.compile(re2, RE2JS.LOOKBEHINDS);
		this.#perCharacter = isReady(this.#pattern)
			? 1 / CHARACTERS_PER_STEP
			: this.#pattern.programSize() / CHARACTERS_PER_STEP;
	}

	/** What a test of a text takes at most, in steps of about a microsecond. */
	stepsFor({ length }: string): number {
		return STEPS_PER_TEST + length * this.#perCharacter;
	}

	test(text: string): boolean {
		return this.#pattern.test(text);
	}
}

/** The library's flags for the beginning of a line and of the text. */
const AT_START = 1 | 4;

/**
 * Whether all that can come of a text is worked out beforehand, so that each character is a look into a
 * table. Otherwise a new state may have to be made for each one: `[ab]*a[ab]{50}` has more of them than
 * anybody could keep.
 */
function isReady(pattern: RE2JS): boolean {
	const { onepass, dfa, prog } = pattern.re2() as unknown as {
		readonly onepass: object | null;
		readonly dfa: Automaton;
		readonly prog: { readonly numLb: number };
	};
	if (onepass !== null) return true;
	if (prog.numLb > 0) return false; // What looks behind runs without the automaton.
	const states = new Set([dfa.makeState([dfa.prog.start], AT_START, [])]);
	let transitions = 0;
	for (const state of states) {
		transitions += dfa.numClasses;
		if (transitions > MOST_TRANSITIONS) return false;
		for (let characterClass = 0; characterClass <= dfa.numClasses; characterClass++) {
			states.add(dfa.step(state, characterClass, characterOf(dfa, characterClass), 0));
		}
		if (states.has(null)) return false;
	}
	return true;
}

/** One of a class; the last class is the end of the text. */
function characterOf({ classBounds, numClasses }: Automaton, characterClass: number): number {
	if (characterClass === numClasses) return -1;
	return characterClass === 0 ? 0 : (classBounds[characterClass - 1] as number);
}
