import type { SchemaError } from 'typebox/schema';
import { exactText, isExact } from '../../../../shared/json/decimal';
import { describe, quote, quoteOwn } from '../../../../shared/json/jsonValue';
import { type Fault, unmet } from '../fault';
import { nameOf, type Path, pointerTo } from '../path';
import { FORMAT_WORDS } from './formats';
import { withoutExactTypes } from './ownRules';

/** A value and its path. */
export interface Place {
	readonly path: Path;
	readonly value: unknown;
}

/** The faults for an error of the library: one, or one for each property that the error names. */
export function faultsOfError({ keyword, params, schemaPath }: SchemaError, { path, value }: Place): Fault[] {
	switch (keyword) {
		case 'required':
			return keysIn(params.requiredProperties).map((key) => missing([...path, key]));
		case 'dependentRequired':
		case 'dependencies':
			return dependentFaults(params, path, value);
		case 'boolean':
			return [
				{ code: lastKeyword(schemaPath), path: pointerTo(path), message: `${nameOf(path)} is not allowed` },
			];
		case 'unevaluatedProperties':
		case 'unevaluatedItems':
			return keysIn(params[keyword]).map((key) => notAllowed(keyword, [...path, key]));
		case 'propertyNames':
			return keysIn(params.propertyNames).map((key) => ({
				code: keyword,
				path: pointerTo([...path, key]),
				message: `${nameOf(path)} must not have a field named ${quote(String(key))}`,
			}));
		case 'minItems':
		case 'maxItems':
		case 'minProperties':
		case 'maxProperties':
			return [wrongCount(keyword, Number(params.limit), path, value)];
		default:
			return [unmet(keyword, path, demandOf(keyword, params), value)];
	}
}

const keysIn = (list: unknown): Array<string | number> =>
	Array.isArray(list) ? (list as Array<string | number>) : [];

const missing = (path: Path): Fault => unmet('required', path, 'is required', undefined);

const notAllowed = (code: string, path: Path): Fault => ({
	code,
	path: pointerTo(path),
	message: `${nameOf(path)} is not allowed`,
});

function lastKeyword(schemaPath: string): string {
	const last = schemaPath.slice(schemaPath.lastIndexOf('/') + 1);
	return last === 'additionalProperties' || last === 'items' ? last : 'not_allowed';
}

function dependentFaults(params: SchemaError['params'], path: Path, value: unknown): Fault[] {
	const others = keysIn(params.dependencies).filter((key) => !Object.hasOwn(value as object, key));
	const cause = nameOf([...path, String(params.property)]);
	return others.map((key) => ({
		code: 'dependentRequired',
		path: pointerTo([...path, key]),
		message: `${nameOf([...path, key])} is required where ${cause} is given, it is missing`,
	}));
}

function wrongCount(keyword: string, limit: number, path: Path, value: unknown): Fault {
	const count = Array.isArray(value) ? value.length : Object.keys(value as object).length;
	const bound = keyword.startsWith('min') ? 'at least' : 'at most';
	const noun = keyword.endsWith('Items') ? 'element' : 'field';
	const message = `${nameOf(path)} must have ${bound} ${limit} ${plural(noun, limit)}, it has ${count}`;
	return { code: keyword, path: pointerTo(path), message };
}

const numberOf = (value: unknown): string => (isExact(value) ? exactText(value) : String(value));

const plural = (noun: string, count: unknown): string => (count === 1 ? noun : `${noun}s`);

/** What a rule requires of a value, to follow its name. */
function demandOf(keyword: string, params: SchemaError['params']): string {
	const limit = numberOf(params.limit);
	switch (keyword) {
		case 'type':
			return `must be ${oneOf(withoutExactTypes([params.type].flat()).map((type) => TYPE_WORDS.get(type) ?? String(type)))}`;
		case 'const':
			return `must be ${shown(params.allowedValue)}`;
		case 'enum':
			return `must be ${oneOf((params.allowedValues as unknown[]).map(shown))}`;
		case 'minimum':
			return `must be at least ${limit}`;
		case 'maximum':
			return `must be at most ${limit}`;
		case 'exclusiveMinimum':
			return `must be more than ${limit}`;
		case 'exclusiveMaximum':
			return `must be less than ${limit}`;
		case 'multipleOf':
			return `must be a multiple of ${numberOf(params.multipleOf)}`;
		case 'minLength':
			return `must be at least ${limit} ${plural('character', params.limit)} long`;
		case 'maxLength':
			return `must be at most ${limit} ${plural('character', params.limit)} long`;
		case 'pattern':
			return `must match the pattern ${(params.pattern as RegExp).source}`;
		case 'format':
			return `must be ${FORMAT_WORDS.get(params.format) ?? `in the format "${String(params.format)}"`}`;
		case 'uniqueItems':
			return 'must not hold the same element twice';
		case 'contains':
			return 'must hold as many elements of a certain kind as its schema asks for';
		case 'not':
			return 'must not be what its schema rules out';
		case 'anyOf':
			return 'must have one of the forms that its schema allows';
		case 'oneOf':
			return 'must have exactly one of the forms that its schema allows';
		default:
			return 'must be what its schema asks for';
	}
}

const TYPE_WORDS: ReadonlyMap<unknown, string> = new Map([
	['string', 'text'],
	['number', 'a number'],
	['integer', 'a whole number'],
	['boolean', 'true or false'],
	['object', 'an object'],
	['array', 'an array'],
	['null', 'null'],
]);

const MOST_CHOICES = 10;

/** `a`, `a or b`, `a, b or c`. Of many, only the first ones are named. */
function oneOf(choices: readonly string[]): string {
	const distinct = [...new Set(choices)];
	const named = distinct.slice(0, MOST_CHOICES);
	const others = distinct.length - named.length;
	const last = others > 0 ? `${others} more` : named.pop();
	return named.length === 0 ? (last ?? '') : `${named.join(', ')} or ${last}`;
}

/** A fixed value as JSON, shortened if it is long. */
function shown(value: unknown): string {
	if (typeof value === 'string') return quoteOwn(value);
	if (isExact(value)) return exactText(value);
	const text = JSON.stringify(value);
	return text.length <= 40 ? text : describe(value);
}
