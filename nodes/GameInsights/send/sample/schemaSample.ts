import { isJsonObject, type JsonObject, ownMember } from '../../../shared/json/jsonValue';

/** From this depth on only required values are written, because a schema may refer to itself. */
const DEEP = 8;
const DEEPEST = 32;
/** The most entries of a list that are written. */
const MOST_ENTRIES = 20;

const FORMATS: Readonly<Record<string, string>> = {
	'date-time': '2026-01-02T12:00:00Z',
	date: '2026-01-02',
	time: '12:00:00Z',
	duration: 'PT1H',
	email: 'player@example.com',
	hostname: 'example.com',
	ipv4: '192.0.2.1',
	ipv6: '2001:db8::1',
	uri: 'https://example.com/',
	uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * A value that fits a JSON Schema: the schema's own example if there is one (`examples`, `default`, `const`,
 * `enum`), else one built from types, formats and limits. Of alternatives the first one is used. A `pattern`
 * or a condition (`if`, `not`) is ignored, so such a schema should contain an example.
 */
export const sampleOf = (schema: unknown): unknown => sample(schema, schema, 0);

function sample(part: unknown, root: unknown, depth: number): unknown {
	const schema = whole(part, root, 0);
	const { examples, const: only, enum: some } = schema;
	if (Array.isArray(examples) && examples.length > 0) return examples[0] as unknown;
	if (Object.hasOwn(schema, 'default')) return schema.default;
	if (Object.hasOwn(schema, 'const')) return only;
	if (Array.isArray(some) && some.length > 0) return some[0] as unknown;
	if (depth > DEEPEST) return null;
	switch (typeOf(schema)) {
		case 'object':
			return objectOf(schema, root, depth);
		case 'array':
			return listOf(schema, root, depth);
		case 'integer':
		case 'number':
			return numberOf(schema);
		case 'boolean':
			return true;
		case 'null':
			return null;
		default:
			return textOf(schema);
	}
}

/**
 * The schema combined with the schemas that it refers to: `$ref`, all of `allOf`, the first of `oneOf` and
 * `anyOf`.
 */
function whole(part: unknown, root: unknown, steps: number): JsonObject {
	if (!isJsonObject(part) || steps > DEEPEST) return {};
	const { $ref, allOf, oneOf, anyOf, ...own } = part;
	const first = (list: unknown): unknown[] => (Array.isArray(list) ? list.slice(0, 1) : []);
	const parts = [
		...(typeof $ref === 'string' ? [referred($ref, root)] : []),
		...(Array.isArray(allOf) ? (allOf as unknown[]) : []),
		...first(oneOf),
		...first(anyOf),
	].map((one) => whole(one, root, steps + 1));
	return [...parts, own].reduce((sum, one) => ({
		...sum,
		...one,
		...(sum.properties || one.properties
			? { properties: { ...(sum.properties as object), ...(one.properties as object) } }
			: {}),
		required: [...names(sum.required), ...names(one.required)],
	}));
}

/** The part of the schema that an internal reference points to. */
function referred(reference: string, root: unknown): unknown {
	if (!reference.startsWith('#')) return undefined;
	const keys = reference.slice(1).split('/').slice(1);
	return keys.reduce(
		(inner, key) => ownMember(inner, decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')),
		root,
	);
}

const names = (list: unknown): string[] =>
	Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : [];

function typeOf({ type, properties, items, prefixItems, required, ...schema }: JsonObject): unknown {
	if (Array.isArray(type)) return (type as unknown[]).find((one) => one !== 'null');
	if (type !== undefined) return type;
	if (properties !== undefined || names(required).length > 0) return 'object';
	if (items !== undefined || prefixItems !== undefined) return 'array';
	const isNumber = ['minimum', 'maximum', 'exclusiveMinimum', 'multipleOf'].some((name) => name in schema);
	return isNumber ? 'number' : 'string';
}

function objectOf({ properties, required }: JsonObject, root: unknown, depth: number): JsonObject {
	const needed = names(required);
	const described = isJsonObject(properties) ? properties : {};
	const all = depth < DEEP ? [...new Set([...Object.keys(described), ...needed])] : needed;
	return Object.fromEntries(all.map((name) => [name, sample(ownMember(described, name), root, depth + 1)]));
}

function listOf({ items, prefixItems, minItems }: JsonObject, root: unknown, depth: number): unknown[] {
	const first = Array.isArray(prefixItems) ? (prefixItems as unknown[]) : [];
	const least = typeof minItems === 'number' ? minItems : depth < DEEP && first.length === 0 ? 1 : 0;
	const count = Math.min(MOST_ENTRIES, Math.max(first.length, least));
	return Array.from({ length: count }, (_, at) =>
		sample(at < first.length ? first[at] : items, root, depth + 1),
	);
}

function numberOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: JsonObject): number {
	const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1;
	if (typeof minimum === 'number') return Math.ceil(minimum / step) * step;
	if (typeof exclusiveMinimum === 'number') return (Math.floor(exclusiveMinimum / step) + 1) * step;
	if (typeof maximum === 'number') return Math.min(step, Math.floor(maximum / step) * step);
	if (typeof exclusiveMaximum === 'number')
		return Math.min(step, (Math.ceil(exclusiveMaximum / step) - 1) * step);
	return step;
}

function textOf({ format, minLength, maxLength }: JsonObject): string {
	const known = typeof format === 'string' ? FORMATS[format] : undefined;
	if (known !== undefined) return known;
	const long = 'text'.padEnd(typeof minLength === 'number' ? Math.min(minLength, 1_000) : 0, 't');
	return typeof maxLength === 'number' ? long.slice(0, maxLength) : long;
}
