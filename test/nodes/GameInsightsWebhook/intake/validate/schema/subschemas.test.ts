import { subschemasOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/subschemas';

const PART = { type: 'string' };
const OTHER = { type: 'number' };

describe('the schemas that a schema is made of', () => {
	it.each([
		...['additionalItems', 'additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not'],
		...['propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties'],
	])('stand in %s', (keyword) => {
		expect(subschemasOf({ [keyword]: PART })).toEqual([PART]);
		expect(subschemasOf({ [keyword]: true })).toEqual([]);
	});

	it.each(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'])('stand in the list %s', (keyword) => {
		expect(subschemasOf({ [keyword]: [PART, false, OTHER] })).toEqual([PART, OTHER]);
	});

	it.each(['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'])(
		'stand by name in %s',
		(keyword) => {
			expect(subschemasOf({ [keyword]: { a: PART, b: ['c'], d: true, e: OTHER } })).toEqual([PART, OTHER]);
			expect(subschemasOf({ [keyword]: 'text' })).toEqual([]);
		},
	);

	it('are no other objects that stand there', () => {
		expect(subschemasOf({ const: PART, enum: [PART], default: PART, required: ['a'] })).toEqual([]);
	});
});
