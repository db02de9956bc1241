import { FORMATS } from '../../../../nodes/shared/formats/formats';
import {
	bodyOfEvents,
	ownSample,
	sampleOfFormat,
} from '../../../../nodes/GameInsights/send/sample/sampleBody';
import { sampleOf } from '../../../../nodes/GameInsights/send/sample/schemaSample';
import { taken } from '../../../support/taken';

let ids = 0;
const occasion = { nowMs: Date.parse('2026-01-02T12:00:00Z'), newId: () => `new-${++ids}` };

describe('a sample of a format', () => {
	it.each([...FORMATS.keys()])('%s: is taken by an endpoint of that format', async (name) => {
		const body = JSON.stringify(sampleOfFormat(name, false, occasion));
		const receipt = await taken({ body }, { eventFormat: { name, paths: null } });
		expect(receipt).toMatchObject({ rejected: [], errors: [], refusal: null });
		expect(receipt.accepted.length).toBeGreaterThan(0);
	});

	it.each([...FORMATS.keys()])('%s: with a dead letter where there is a list', async (name) => {
		const sample = sampleOfFormat(name, true, occasion);
		const receipt = await taken({ body: JSON.stringify(sample) }, { eventFormat: { name, paths: null } });
		expect(receipt.rejected).toHaveLength(JSON.stringify(sample).includes('leaves on Dead Letter') ? 1 : 0);
		expect(receipt.accepted.length).toBeGreaterThan(0);
	});

	it('has ids of its own each time, and leaves the fixture as it is', () => {
		const first = JSON.stringify(sampleOfFormat('segment', true, occasion));
		expect(JSON.stringify(sampleOfFormat('segment', true, occasion))).not.toBe(first);
		expect(JSON.stringify(sampleOfFormat('segment', false, occasion))).not.toContain('leaves on Dead Letter');
		expect(sampleOfFormat('nobody', true, occasion)).toBeUndefined();
	});

	it('of Game Insights itself: one good, one not', async () => {
		const receipt = await taken({ body: JSON.stringify(bodyOfEvents([ownSample(occasion)], true)) });
		expect([receipt.accepted.length, receipt.rejected.length]).toEqual([1, 1]);
	});
});

describe('a sample of a schema', () => {
	it.each<[string, object, unknown]>([
		['its own example first', { type: 'string', examples: ['sword'], default: 'x' }, 'sword'],
		['its default', { type: 'number', default: 0 }, 0],
		['its constant', { const: null }, null],
		['the first of a list', { enum: ['a', 'b'] }, 'a'],
		['the first type', { type: ['null', 'integer'], minimum: 3 }, 3],
		['numbers in bounds', { type: 'number', exclusiveMinimum: 10, multipleOf: 5 }, 15],
		['numbers below a bound', { type: 'integer', maximum: -4 }, -4],
		['a text in bounds', { type: 'string', minLength: 6 }, 'texttt'],
		['a short text', { type: 'string', maxLength: 2 }, 'te'],
		['a format', { type: 'string', format: 'date-time' }, '2026-01-02T12:00:00Z'],
		['an entry of a list', { items: { type: 'boolean' } }, [true]],
		['places of a list', { type: 'array', prefixItems: [{ const: 1 }, { const: 2 }] }, [1, 2]],
		['what is required, and not described', { required: ['a'] }, { a: 'text' }],
		['a part by reference', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { const: 7 } } }, 7],
		[
			'all of',
			{ allOf: [{ properties: { a: { const: 1 } } }], properties: { b: { const: 2 } } },
			{ a: 1, b: 2 },
		],
		['the first of alternatives', { oneOf: [{ const: 'one' }, { const: 'two' }] }, 'one'],
	])('%s', (_name, schema, expected) => {
		expect(sampleOf(schema)).toEqual(expected);
	});

	it('is one that an endpoint with this schema takes', async () => {
		const schema = {
			type: 'object',
			required: ['event_type', 'properties'],
			additionalProperties: false,
			properties: {
				event_type: { const: 'purchase' },
				user_id: { type: 'string', minLength: 3 },
				timestamp: { type: 'string', format: 'date-time' },
				properties: {
					type: 'object',
					required: ['amount'],
					properties: {
						amount: { type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 },
						items: { type: 'array', minItems: 2, items: { $ref: '#/$defs/item' } },
					},
				},
			},
			$defs: { item: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
		};
		const eventSchemas = [{ eventType: 'purchase', schema: JSON.stringify(schema) }];
		const receipt = await taken({ body: JSON.stringify(sampleOf(schema)) }, { eventSchemas });
		expect([receipt.errors, receipt.accepted.length]).toEqual([[], 1]);
	});

	it('a schema that names itself comes to an end', () => {
		const schema = { properties: { next: { $ref: '#' }, n: { type: 'integer' } } };
		expect(JSON.stringify(sampleOf(schema)).length).toBeLessThan(1_000);
		expect(sampleOf({ $ref: '#' })).toBe('text');
	});
});
