import { isJsonObject } from '../../../../shared/json/jsonValue';

/** Keywords whose value is a schema, including `items` and `additionalItems` of draft 7. */
const ONE = [
	'additionalItems',
	'additionalProperties',
	'contains',
	'contentSchema',
	'else',
	'if',
	'items',
	'not',
	'propertyNames',
	'then',
	'unevaluatedItems',
	'unevaluatedProperties',
];
/** Keywords whose value is a list of schemas. */
const LIST = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
/** Keywords whose value is an object of schemas. */
const NAMED = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];

/** The direct subschemas of a schema. Only objects: the schemas `true` and `false` have no parts. */
export function subschemasOf(schema: Record<string, unknown>): Array<Record<string, unknown>> {
	const found = [
		...ONE.map((keyword) => schema[keyword]),
		...LIST.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [])),
		...NAMED.flatMap((keyword) => (isJsonObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
	];
	return found.filter((candidate): candidate is Record<string, unknown> => isJsonObject(candidate));
}
