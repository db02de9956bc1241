import { NextStack, Resolve, type Resources, type SchemaStack, Stack } from 'typebox/schema';
import { isJsonObject, quoteOwn } from '../../../../shared/json/jsonValue';
import { type Cost, spend } from './budget';
import type { Dialect } from './dialect';
import { FaultySchema } from './faultySchema';
import { BoundedPattern, FaultyPattern, namePatternCost, readable } from './pattern';
import { useOwnRules, withExactTypes } from './ownRules';
import { subschemasOf } from './subschemas';

/** Information that was found while preparing. */
export interface Prepared {
	/**
	 * Whether property names are tested with regular expressions. JavaScript's engine does that, so names must
	 * not be long.
	 */
	readonly testsNames: boolean;
}

/** The keywords next to a `$ref` that draft 7 does not ignore (section 8.3). */
const BESIDE_REF = new Set(['$ref', '$comment', 'definitions', 'description', 'title']);

/**
 * Prepares a schema for many evaluations, in place: regular expressions are compiled and made safe,
 * references are checked, and the cost of evaluations is counted.
 *
 * @param schema Valid against its meta-schema, and used nowhere else, because it is changed.
 * @throws {FaultySchema} when a reference has no target or a regular expression can't be used.
 */
export function prepare(schema: unknown, dialect: Dialect, resources: Resources): Prepared {
	let testsNames = false;
	const nameCosts: NameCosts = new Map();
	const visit = (node: Record<string, unknown>): void => {
		if (dialect === 'draft7' && typeof node.$ref === 'string') dropIgnored(node);
		if (typeof node.pattern === 'string')
			node.pattern = compiled(node.pattern, (text) => new BoundedPattern(text));
		if (isJsonObject(node.patternProperties)) {
			const patterns = Object.keys(node.patternProperties);
			testsNames ||= patterns.length > 0;
			nameCosts.set(
				node,
				patterns.map((name) => compiled(name, namePatternCost)),
			);
			node.patternProperties = withReadableNames(node.patternProperties);
		}
		useOwnRules(node);
		for (const child of subschemasOf(node)) visit(child);
	};
	if (!isJsonObject(schema)) return { testsNames };
	visit(schema);
	checkReferences(schema, Stack(resources, schema));
	meterVisits(schema, nameCosts, sizeOfSchema(schema));
	return { testsNames };
}

/** A copy with readable patterns as names, and with a null prototype, like all objects of a schema. */
function withReadableNames(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const copy = Object.create(null) as Record<string, unknown>;
	for (const [name, part] of Object.entries(parts)) copy[readable(name)] = part;
	return copy;
}

function dropIgnored(node: Record<string, unknown>): void {
	for (const keyword of Object.keys(node)) if (!BESIDE_REF.has(keyword)) delete node[keyword];
}

function compiled<T>(source: string, compile: (source: string) => T): T {
	try {
		return compile(source);
	} catch (error) {
		throw error instanceof FaultyPattern ? new FaultySchema(`the pattern ${error.message}.`) : error;
	}
}

/** Checks the target of each reference. A reference without a target would make every event invalid. */
function checkReferences(schema: Record<string, unknown>, parent: SchemaStack): void {
	const stack = NextStack(parent, schema);
	for (const keyword of ['$ref', '$dynamicRef'] as const) {
		const reference = schema[keyword];
		if (typeof reference === 'string' && !isFound(keyword, stack, schema))
			throw unresolvable(keyword, reference);
	}
	for (const child of subschemasOf(schema)) checkReferences(child, stack);
}

function isFound(keyword: '$ref' | '$dynamicRef', stack: SchemaStack, schema: object): boolean {
	try {
		const target = keyword === '$ref' ? Resolve.Ref(stack, schema).schema : Resolve.DynamicRef(stack, schema);
		return target !== undefined;
	} catch {
		return false; // Not a URI.
	}
}

function unresolvable(keyword: string, reference: string): FaultySchema {
	const isRemote = /^[a-z][a-z0-9+.-]*:/i.test(reference);
	const advice = isRemote
		? 'Schemas are never fetched: copy what it refers to into `$defs`.'
		: 'Check its spelling.';
	return new FaultySchema(`its \`${keyword}\` ${quoteOwn(reference)} leads nowhere. ${advice}`);
}

/** The cost of testing names with each of the expressions of a schema. */
type NameCosts = Map<object, Cost[]>;

/**
 * Counts the cost of each evaluation of a schema. The library reads `type` first wherever it applies a
 * schema, so `type` is replaced by a getter that counts.
 */
function meterVisits(schema: Record<string, unknown>, nameCosts: NameCosts, schemaSize: number): void {
	const type = withExactTypes(schema.type);
	const whole = [costOf(schema, schemaSize), ...additionalCosts(schema), ...(nameCosts.get(schema) ?? [])];
	const looks = looksAtType(type);
	const costs = whole.map((cost) => share(cost, looks));
	Object.defineProperty(schema, 'type', {
		enumerable: true,
		get: () => {
			for (const cost of costs) spend(cost);
			return type;
		},
	});
	for (const child of subschemasOf(schema)) meterVisits(child, nameCosts, schemaSize);
}

const share = (cost: number | Cost, looks: number): number | Cost =>
	typeof cost === 'number' ? cost / looks : (event) => cost(event) / looks;

/** How often the library reads `type` when it applies a schema once, as seen in its `type.mjs`. */
function looksAtType(type: unknown): number {
	if (Array.isArray(type)) return 5;
	return type === undefined ? 2 : 3;
}

/**
 * How many entries of a list in a schema (`enum`, `required`, the names of `properties`) are searched in one
 * step.
 */
const ENTRIES_PER_STEP = 20;
/** How many values of a schema are visited in one step while a reference is resolved. */
const VALUES_PER_STEP = 3;
/**
 * When a part of a schema has its own name, the library records the path to it: this is the cost in steps.
 */
const STEPS_FOR_ID = 60;

/** The steps for applying a schema, without its subschemas. */
function costOf(schema: Record<string, unknown>, schemaSize: number): number {
	const entries = LISTS.reduce((sum, keyword) => sum + sizeOfSchema(schema[keyword]), 0);
	const names = NAMED.reduce((sum, keyword) => sum + namesIn(schema[keyword]), 0);
	const looksUp = '$ref' in schema || '$dynamicRef' in schema ? schemaSize / VALUES_PER_STEP : 0;
	const hasId = '$id' in schema || '$dynamicAnchor' in schema;
	const notes = hasId ? STEPS_FOR_ID + sizeOfSchema(schema) / VALUES_PER_STEP : 0;
	const ownRules = Array.isArray(schema['~refine']) ? schema['~refine'].length : 0;
	return 1 + ownRules + (entries + names) / ENTRIES_PER_STEP + looksUp + notes;
}

const LISTS = ['const', 'enum', 'required', 'dependentRequired'];
const NAMED = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies'];

/** How many comparisons of an object's names with the names of `properties` are done in one step. */
const COMPARISONS_PER_STEP = 200;

/**
 * For `additionalProperties` the library makes one expression of all names, each time again, and tests all
 * names with it.
 */
function additionalCosts({ additionalProperties, properties }: Record<string, unknown>): Cost[] {
	const known = namesIn(properties);
	if (additionalProperties === undefined) return [];
	return [({ names }) => 1 + known + (names[0] * known) / COMPARISONS_PER_STEP];
}

const namesIn = (part: unknown): number => (isJsonObject(part) ? Object.keys(part).length : 0);

/** The number of values in a schema or in a part of it. */
function sizeOfSchema(part: unknown): number {
	if (typeof part !== 'object' || part === null) return part === undefined ? 0 : 1;
	return Object.values(part).reduce<number>((sum, value) => sum + sizeOfSchema(value), 1);
}
