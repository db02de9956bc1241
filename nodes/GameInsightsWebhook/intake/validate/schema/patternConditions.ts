import type { AST } from '@eslint-community/regexpp';
import { sayAlternatives, sayElements } from './patternSource';

/** A regular expression for RE2, and whether a text must match it or must not match it. */
export interface Condition {
	readonly re2: string;
	readonly mustMatch: boolean;
}

type Lookaround = AST.LookaroundAssertion;

/**
 * Converts a regular expression of JavaScript for RE2, which has no lookahead: a text matches when it meets
 * all conditions of one of the lists. A lookahead at a known position (after `^`, as in password rules)
 * becomes its own condition.
 *
 * @throws {Unsayable}
 */
export function conditionsOf(pattern: AST.Pattern): Condition[][] {
	return wholeAlternatives(pattern.alternatives).map(({ elements }) => conditionsOfRow(elements));
}

/** Returns the alternatives inside of `(a|b)`, when this group is the whole expression. */
function wholeAlternatives(alternatives: readonly AST.Alternative[]): readonly AST.Alternative[] {
	const [only, ...others] = alternatives.length === 1 ? (alternatives[0] as AST.Alternative).elements : [];
	const isGroup = only?.type === 'Group' || only?.type === 'CapturingGroup';
	return isGroup && others.length === 0 ? wholeAlternatives(only.alternatives) : alternatives;
}

function conditionsOfRow(row: readonly AST.Element[]): Condition[] {
	const conditions: Condition[] = [];
	const rest: AST.Element[] = [];
	let tail = '';
	for (const [index, element] of row.entries()) {
		const isLast = index === row.length - 1;
		const after = row.slice(index + 1);
		if (!isLookaround(element)) rest.push(element);
		else if (element.kind === 'lookahead' && isLast && !element.negate) {
			tail = group(element); // A lookahead at the end can be matched like any other element.
		} else if (element.kind === 'lookahead' && isAt('start', rest[0]) && isOfFixedLength(rest)) {
			conditions.push({
				re2: `${sayElements(rest)}${group(element)}`,
				mustMatch: !element.negate,
			});
		} else if (
			element.kind === 'lookbehind' &&
			isAt('end', after[after.length - 1]) &&
			isOfFixedLength(after)
		) {
			conditions.push({ re2: `${group(element)}${sayElements(after)}`, mustMatch: !element.negate });
		} else rest.push(element);
	}
	return [...conditions, { re2: `${sayElements(rest)}${tail}`, mustMatch: true }];
}

const group = ({ alternatives }: Lookaround): string => `(?:${sayAlternatives(alternatives)})`;

const isLookaround = (element: AST.Element): element is Lookaround =>
	element.type === 'Assertion' && (element.kind === 'lookahead' || element.kind === 'lookbehind');

const isAt = (place: 'start' | 'end', element: AST.Element | undefined): boolean =>
	element?.type === 'Assertion' && element.kind === place;

const isOfFixedLength = (row: readonly AST.Element[]): boolean => lengthOf(row) !== null;

/** How many characters these elements match. Null when that varies or is not known. */
function lengthOf(row: readonly AST.Element[]): number | null {
	let length = 0;
	for (const element of row) {
		const more = lengthOfElement(element);
		if (more === null) return null;
		length += more;
	}
	return length;
}

function lengthOfElement(element: AST.Element): number | null {
	switch (element.type) {
		case 'Character':
		case 'CharacterSet':
		case 'CharacterClass':
			return 1;
		case 'Assertion':
			return isLookaround(element) ? null : 0;
		case 'Quantifier': {
			const length = element.min === element.max ? lengthOfElement(element.element) : null;
			return length === null ? null : length * element.min;
		}
		case 'Group':
		case 'CapturingGroup': {
			const lengths = element.alternatives.map(({ elements }) => lengthOf(elements));
			return lengths.every((length) => length === lengths[0]) ? (lengths[0] ?? null) : null;
		}
		default:
			return null;
	}
}
