import type { SchemaError } from 'typebox/schema';
import { compare, type Exact, isExact, isMultiple } from '../../../../shared/json/decimal';
import { hasRepeats } from './repeats';

/** The form of the library's keyword `~refine` (see its `_refine.mjs`), which allows own rules. */
interface Refinement {
	readonly check: (value: unknown) => boolean;
	/** Becomes `params.message` of the error. */
	readonly error: () => Pick<SchemaError, 'keyword' | 'params'>;
}

/** The keywords that limit numbers, with the condition for a number and the keyword's value. */
const NUMBER_RULES: Readonly<Record<string, (value: Exact, limit: Exact) => boolean>> = {
	minimum: (value, limit) => compare(value, limit) >= 0,
	maximum: (value, limit) => compare(value, limit) <= 0,
	exclusiveMinimum: (value, limit) => compare(value, limit) > 0,
	exclusiveMaximum: (value, limit) => compare(value, limit) < 0,
	multipleOf: isMultiple,
};

/**
 * Replaces keywords of a schema by exact rules, where the library compares doubles or digests: a remainder of
 * doubles refuses 1234567.13 as a multiple of 0.01, and a 64-bit id does not fit into a double.
 *
 * @param schema It is changed.
 */
export function useOwnRules(schema: Record<string, unknown>): void {
	const refinements: Refinement[] = [];
	for (const [keyword, isMet] of Object.entries(NUMBER_RULES)) {
		const limit = schema[keyword];
		if (!isExact(limit)) continue;
		delete schema[keyword];
		const params = keyword === 'multipleOf' ? { multipleOf: limit } : { limit };
		refinements.push({
			check: (value) => !isExact(value) || isMet(value, limit),
			error: () => ({ keyword, params }),
		});
	}
	if (schema.uniqueItems === true) {
		delete schema.uniqueItems;
		refinements.push({
			check: (value) => !Array.isArray(value) || !hasRepeats(value),
			error: () => ({ keyword: 'uniqueItems', params: {} }),
		});
	}
	if (refinements.length > 0) schema['~refine'] = refinements;
}

/** Converts an error of one of our rules into the form of the library's errors. */
export function asOwnError(error: SchemaError): SchemaError {
	return error.keyword === '~refine'
		? { ...error, ...(error.params.message as ReturnType<Refinement['error']>) }
		: error;
}

/** The library's names for bigint and symbol: numbers that do not fit into a double are stored as these. */
const EXACT_INTEGER = ['bigint'];
const EXACT_NUMBER = ['bigint', 'symbol'];

/** A `type` of JSON Schema that accepts numbers in all forms in which they are read. */
export function withExactTypes(type: unknown): unknown {
	const types: unknown[] = [type].flat();
	if (types.includes('number')) return [...types, ...EXACT_NUMBER];
	return types.includes('integer') ? [...types, ...EXACT_INTEGER] : type;
}

/** The types that the schema itself contains. */
export const withoutExactTypes = (types: readonly unknown[]): unknown[] =>
	types.filter((type) => !EXACT_NUMBER.includes(type as string));
