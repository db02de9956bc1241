import { exactText, isExact, writtenNumber } from '../../../../shared/json/decimal';
import { spend } from './budget';

/** How many characters of a text are written again in one step. */
const CHARACTERS_PER_STEP = 200;

/**
 * Whether a list contains two elements that JSON Schema (draft 2020-12 core, section 4.2.2) calls equal: for
 * example 0 and -0.
 */
export function hasRepeats(list: readonly unknown[]): boolean {
	return new Set(list.map(keyOf)).size < list.length;
}

/** A text that is the same for equal values, and different for different ones. */
function keyOf(value: unknown): string {
	spend(1 + (typeof value === 'string' ? value.length / CHARACTERS_PER_STEP : 0));
	if (isExact(value)) return numberKey(value);
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
	const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`);
	return `{${members.sort().join()}}`;
}

function numberKey(value: number | bigint | symbol): string {
	// A double or a whole number has only one text here. Minus zero is written as zero.
	if (typeof value !== 'symbol') return String(value);
	const { isNegative, digits, exponent } = writtenNumber(exactText(value));
	return `${isNegative ? '-' : ''}${digits}e${exponent}`;
}
