import { NextStack, Resolve, type Resources, type SchemaStack, Stack } from 'typebox/schema';
import { isJsonObject, quoteOwn } from '../../jsonValue';
import type { Dialect } from './dialect';
import { FaultySchema } from './faultySchema';
import { BoundedPattern, checkNamePattern, FaultyPattern } from './pattern';
import { subschemasOf } from './subschemas';

/** Counts what an evaluation costs. */
export interface Meter {
	/** Called for each schema that is applied to a value. Throws when that has gone on for too long. */
	spend(): void;
}

/** What was found on the way. */
export interface Prepared {
	/** Whether names of properties are tested with regular expressions, which JavaScript's engine does. */
	readonly testsNames: boolean;
}

/** What may stand beside a `$ref` in draft 7 without being ignored (section 8.3). */
const BESIDE_REF = new Set(['$ref', '$comment', 'definitions', 'description', 'title']);

/**
 * Makes a schema ready for many evaluations, in place: regular expressions are compiled and made safe, references are
 * looked up, evaluations are metered.
 *
 * @param schema Valid against its meta-schema, and nobody else's: it is changed.
 * @throws {FaultySchema} when a reference leads nowhere or a regular expression can't be used.
 */
export function prepare(schema: unknown, dialect: Dialect, resources: Resources, meter: Meter): Prepared {
	let testsNames = false;
	const visit = (node: Record<string, unknown>): void => {
		if (dialect === 'draft7' && typeof node.$ref === 'string') dropIgnored(node);
		if (typeof node.pattern === 'string')
			node.pattern = compiled(node.pattern, (text) => new BoundedPattern(text));
		for (const name of isJsonObject(node.patternProperties) ? Object.keys(node.patternProperties) : []) {
			testsNames = true;
			compiled(name, checkNamePattern);
		}
		for (const child of subschemasOf(node)) visit(child);
	};
	if (!isJsonObject(schema)) return { testsNames };
	visit(schema);
	checkReferences(schema, Stack(resources, schema));
	meterVisits(schema, meter);
	return { testsNames };
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

/** Looks each reference up where it stands; one that leads nowhere would otherwise turn every event away. */
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
		return false; // Not a URI at all.
	}
}

function unresolvable(keyword: string, reference: string): FaultySchema {
	const isRemote = /^[a-z][a-z0-9+.-]*:/i.test(reference);
	const advice = isRemote
		? 'Schemas are never fetched: copy what it refers to into `$defs`.'
		: 'Check its spelling.';
	return new FaultySchema(`its \`${keyword}\` ${quoteOwn(reference)} leads nowhere. ${advice}`);
}

/**
 * Has each evaluation of a schema noticed. The library looks at `type` first wherever it applies a schema, so `type` is made
 * something that counts how often it is looked at.
 */
function meterVisits(schema: Record<string, unknown>, meter: Meter): void {
	const { type } = schema;
	Object.defineProperty(schema, 'type', {
		enumerable: true,
		get: () => {
			meter.spend();
			return type;
		},
	});
	for (const child of subschemasOf(schema)) meterVisits(child, meter);
}
