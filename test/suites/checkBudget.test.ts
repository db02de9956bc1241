import { Budget } from '../../nodes/GameInsightsWebhook/intake/validate/schema/budget';
import { compileEventSchema } from '../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';

const compiled = (schema: unknown) => compileEventSchema(JSON.stringify(schema));
const faults = (schema: unknown, event: unknown) =>
	compiled(schema)
		.faultsOf(event)
		.map(({ code, path, message }) => `${code} ${path}: ${message}`);

describe('no event takes long to check, whatever its schema', () => {
	/** Far more than a bounded check takes on a busy machine, and far less than one without a bound. */
	const LONGEST_MS = 60_000;
	const bounded = <T>(check: () => T): T => {
		// Of the processor: other tests run at the same time.
		const startedAt = process.cpuUsage();
		const result = check();
		expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(LONGEST_MS);
		return result;
	};
	const nested = (depth: number): unknown => {
		let event: unknown = {};
		for (let level = 0; level < depth; level++) event = { a: event };
		return event;
	};
	const LIMIT = /^schema_limit : The event can't be checked against the schema of its type: it /;

	it('a schema that branches and comes back to itself', () => {
		const again = { properties: { a: { $ref: '#' } } };
		const schema = { anyOf: [{ ...again, not: {} }, { ...again, not: true }, again] };
		expect(bounded(() => faults(schema, nested(400)))).toEqual([expect.stringMatching(LIMIT)]);
	});

	it('an event as deep as n8n can keep, with a schema that follows it', () => {
		const schema = { properties: { a: { $ref: '#' } }, type: 'object' };
		const told = faults(schema, nested(499));
		expect(told.length === 0 || LIMIT.test(told[0] ?? '')).toBe(true);
		expect(faults(schema, nested(100))).toEqual([]);
	});

	it('too many values', () => {
		const list = new Array(50_001).fill(1);
		expect(faults({ uniqueItems: true }, list)).toEqual([
			expect.stringMatching(/ it holds more than 50000 values/),
		]);
	});

	it('many faults are counted to a thousand, and not listed in a large event', () => {
		expect(faults({ items: { type: 'string' } }, new Array(2_000).fill(1))).toHaveLength(1_000);
		expect(bounded(() => faults({ uniqueItems: true }, new Array(40_000).fill(1)))).toEqual([
			'schema : The event does not match the schema of its type',
		]);
	});

	it('a name of megabytes where names are tested', () => {
		const event = { [`${'a'.repeat(1_000_000)}!`]: 1 };
		expect(bounded(() => faults({ patternProperties: { '^a*$': true } }, event))).toEqual([
			expect.stringMatching(/ it has a name of more than \d+ characters/),
		]);
		expect(faults({ properties: { a: true } }, event)).toEqual([]);
	});

	it('a text of megabytes where a format is asked for', () => {
		for (const format of ['email', 'uri', 'date-time', 'regex', 'hostname', 'idn-email', 'uri-template']) {
			expect(
				bounded(() => faults({ properties: { x: { format } } }, { x: 'a'.repeat(4_000_000) })),
			).toHaveLength(1);
		}
	});

	/** Schemas and texts or lists that took seconds, or would. */
	const digits = '1'.repeat(10_000);
	const names = (count: number) =>
		Object.fromEntries(Array.from({ length: count }, (_, index) => [`${'a'.repeat(240)}${index}`, 1]));
	const known = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`name_of_${index}`, {}]));
	it.each<[string, unknown, () => unknown]>([
		[
			'texts that a pattern looks ahead in',
			{ items: { pattern: '\\d+(?= EUR)' } },
			() => Array(100).fill(digits),
		],
		[
			'texts whose automaton is too large',
			{ items: { pattern: '[ab]*a[ab]{300}$' } },
			() => Array(100).fill('abbab'.repeat(2_000)),
		],
		[
			'names with repetitions',
			{ patternProperties: { '[a-z]+[a-z0-9]+_id$': { type: 'string' } } },
			() => names(1_500),
		],
		[
			'names that are not allowed',
			{ items: { properties: known, additionalProperties: false } },
			() => Array(2_000).fill({ a: 1 }),
		],
		['names that are named', { propertyNames: { pattern: '^(?:[ab]+)+_id$' } }, () => names(1_500)],
		['numbers', { items: { minimum: 0, maximum: 9 } }, () => Array(49_000).fill(5)],
		[
			'choices',
			{ items: { enum: Array.from({ length: 1_000 }, (_, index) => `v${index}`) } },
			() => Array(2_000).fill('v999'),
		],
		[
			'references in a large schema',
			{ $defs: known, items: { $ref: '#/$defs/name_of_499' } },
			() => Array(2_000).fill(5),
		],
		['texts in a format', { items: { format: 'email' } }, () => Array(5_000).fill(`${'a.'.repeat(1_000)}!`)],
	])('a request full of %s', (_, schema, value) => {
		const { faultsOf } = compiled({ properties: { x: schema } });
		const event = { x: value() };
		const budget = new Budget();
		const told = bounded(() => Array.from({ length: 30 }, () => faultsOf(event, budget)));
		const codes = told.map((faults) => faults[0]?.code);
		expect(codes[codes.length - 1]).toBe('schema_limit');
		// The next request has its own time.
		expect(faultsOf({}, new Budget())).toEqual([]);
	});

	it('a thousand events of two hundred checks each are no such request', () => {
		const properties = { items: { type: 'integer', minimum: 0 } };
		const { faultsOf } = compiled({
			properties: { x: properties, email: { pattern: '^[^@\\s]+\\@[^@\\s]+$' } },
		});
		const event = { x: Array(200).fill(5), email: 'player.one\u0040example.com' };
		const budget = new Budget();
		expect(bounded(() => Array.from({ length: 1_000 }, () => faultsOf(event, budget)).flat())).toEqual([]);
	});

	it('names with a needless backslash in the pattern', () => {
		const schema = { patternProperties: { '^x\\-\\@': { type: 'number' } }, additionalProperties: false };
		expect(faults(schema, { 'x-@a': 1 })).toEqual([]);
		expect(faults(schema, { 'x-@a': 'b' })).toHaveLength(1);
		expect(faults(schema, { y: 1 })).toHaveLength(1);
	});

	it('a check that was cut short leaves nothing behind for the next event', () => {
		const again = { properties: { a: { $ref: '#' } } };
		const schema = compiled({ anyOf: [{ ...again, not: {} }, { ...again, not: true }, again] });
		expect(schema.faultsOf(nested(400))).toHaveLength(1);
		expect(schema.faultsOf({})).toEqual([]);
	});
});
