import { RE2JS } from 're2js';

/** An automaton with more transitions than this is built while it runs, and not in advance. */
const MOST_TRANSITIONS = 5_000;
/** The fixed cost of a pass over a text, in steps. */
const STEPS_PER_TEST = 8;
/** How many characters make a step: in a finished automaton they take about 0.1 to 0.3 µs each. */
const CHARACTERS_PER_STEP = 4;

/** The parts of the library's automaton that are used here. */
interface Automaton {
	readonly prog: { readonly start: number };
	readonly numClasses: number;
	readonly classBounds: Int32Array;
	makeState(instructions: readonly number[], flags: number, ids: readonly never[]): unknown;
	step(state: unknown, characterClass: number, character: number, anchor: number): unknown;
}

/**
 * A regular expression that runs on RE2's automata: the time of a test is proportional to the length of the
 * text.
 */
export class LinearPattern {
	readonly #pattern: RE2JS;
	/** Steps per character. */
	readonly #perCharacter: number;

	/** @throws when RE2 can't read it. */
	constructor(re2: string) {
		this.#pattern = RE2JS.compile(re2, RE2JS.LOOKBEHINDS);
		this.#perCharacter = isReady(this.#pattern)
			? 1 / CHARACTERS_PER_STEP
			: this.#pattern.programSize() / CHARACTERS_PER_STEP;
	}

	/** The most steps, of about a microsecond each, that a test of a text takes. */
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
 * Whether the automaton can be built completely in advance, so that each character needs only a look into a
 * table. Otherwise each character may need a new state: `[ab]*a[ab]{50}` has more states than fit into
 * memory.
 */
function isReady(pattern: RE2JS): boolean {
	const { onepass, dfa, prog } = pattern.re2() as unknown as {
		readonly onepass: object | null;
		readonly dfa: Automaton;
		readonly prog: { readonly numLb: number };
	};
	if (onepass !== null) return true;
	if (prog.numLb > 0) return false; // A lookbehind runs without the automaton.
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

/** A character of a class. The last class is the end of the text. */
function characterOf({ classBounds, numClasses }: Automaton, characterClass: number): number {
	if (characterClass === numClasses) return -1;
	return characterClass === 0 ? 0 : (classBounds[characterClass - 1] as number);
}
