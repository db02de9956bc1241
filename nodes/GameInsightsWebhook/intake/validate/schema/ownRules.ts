import type { SchemaError } from 'typebox/schema';
import { compare, type Exact, isExact, isMultiple } from '../../../../shared/json/decimal';
import { hasRepeats } from './repeats';

/**
 * What the library asks of a value by the keyword `~refine` (see its `_refine.mjs`): the place for rules of
 * one's own.
 */
interface Refinement {
	readonly check: (value: unknown) => boolean;
	/** Comes back as `params.message` of the error. */
	readonly error: () => Pick<SchemaError, 'keyword' | 'params'>;
}

/** The keywords that bound numbers, by what must be true of a number and the keyword's value. */
const NUMBER_RULES: Readonly<Record<string, (value: Exact, limit: Exact) => boolean>> = {
	minimum: (value, limit) => compare(value, limit) >= 0,
	maximum: (value, limit) => compare(value, limit) <= 0,
	exclusiveMinimum: (value, limit) => compare(value, limit) > 0,
	exclusiveMaximum: (value, limit) => compare(value, limit) < 0,
	multipleOf: isMultiple,
};

/**
 * Takes keywords out of a schema that the library judges by doubles and by digests, and puts exact rules in
 * their place: a remainder of doubles refuses 1234567.13 as a multiple of 0.01, and a 64-bit id is no double.
 *
 * @param schema Is changed.
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

/** An error of a rule of our own, as the library would tell it of its own. */
export function asOwnError(error: SchemaError): SchemaError {
	return error.keyword === '~refine'
		? { ...error, ...(error.params.message as ReturnType<Refinement['error']>) }
		: error;
}

/** The library's names for a bigint and a symbol, as which numbers stand that no double holds. */
const EXACT_INTEGER = ['bigint'];
const EXACT_NUMBER = ['bigint', 'symbol'];

/** A `type` of JSON Schema that takes numbers however they were read. */
export function withExactTypes(type: unknown): unknown {
	const types: unknown[] = [type].flat();
	if (types.includes('number')) return [...types, ...EXACT_NUMBER];
	return types.includes('integer') ? [...types, ...EXACT_INTEGER] : type;
}

/** The types that a schema itself names. */
export const withoutExactTypes = (types: readonly unknown[]): unknown[] =>
	types.filter((type) => !EXACT_NUMBER.includes(type as string));
