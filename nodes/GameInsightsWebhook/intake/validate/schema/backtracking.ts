import type { AST } from '@eslint-community/regexpp';

/**
 * How long JavaScript's own engine may try: about `ways` × (length of the text to the power of `exponent`)
 * steps of some nanoseconds each. Null when no useful limit is known: a repeated group can make the number of
 * steps explode, and so can a backreference.
 */
export interface Effort {
	readonly ways: number;
	readonly exponent: number;
}

/** From this number of ways through an expression on, it is treated like a repeated group. */
const MOST_WAYS = 64;
/** A character that may repeat more often than this is treated like one that may repeat without limit. */
const FEW = 64;

/** The effort of a regular expression in JavaScript's own engine. */
export function effortOf({ alternatives }: AST.Pattern): Effort | null {
	const effort = effortOfAlternatives(alternatives);
	if (effort === null || effort.ways > MOST_WAYS) return null;
	const isAnchored = alternatives.every(({ elements: [first] }) => {
		return first?.type === 'Assertion' && first.kind === 'start';
	});
	// Not anchored: it may start at each position of the text.
	return { ways: effort.ways, exponent: effort.exponent + (isAnchored ? 0 : 1) };
}

function effortOfAlternatives(alternatives: readonly AST.Alternative[]): Effort | null {
	let ways = 0;
	let exponent = 0;
	for (const { elements } of alternatives) {
		const effort = effortOfRow(elements);
		if (effort === null) return null;
		ways += effort.ways;
		exponent = Math.max(exponent, effort.exponent);
	}
	return { ways, exponent };
}

function effortOfRow(row: readonly AST.Element[]): Effort | null {
	let ways = 1;
	let exponent = 0;
	for (const element of row) {
		const effort = effortOfElement(element);
		if (effort === null) return null;
		ways *= effort.ways;
		exponent += effort.exponent;
	}
	return { ways, exponent };
}

const ONCE: Effort = { ways: 1, exponent: 0 };

function effortOfElement(element: AST.Element): Effort | null {
	switch (element.type) {
		case 'Character':
		case 'CharacterSet':
		case 'CharacterClass':
			return ONCE;
		case 'Assertion':
			return 'alternatives' in element ? effortOfAlternatives(element.alternatives) : ONCE;
		case 'Group':
		case 'CapturingGroup':
			return effortOfAlternatives(element.alternatives);
		case 'Quantifier':
			return effortOfQuantifier(element);
		default:
			return null;
	}
}

function effortOfQuantifier({ element, min, max }: AST.Quantifier): Effort | null {
	const once = effortOfElement(element);
	if (once === null || max === 0) return once;
	if (max === 1) return min === 1 ? once : { ...once, ways: once.ways + 1 };
	const isSimple = once.ways === 1 && once.exponent === 0;
	if (isSimple && min === max && max <= FEW) return once;
	return element.type === 'Group' || element.type === 'CapturingGroup' ? null : { ways: 1, exponent: 1 };
}
