import { readExactly } from '../../../../../../nodes/shared/json/longNumbers';
import { Budget, spend } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/budget';
import { compileEventSchema } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';
import { FaultySchema } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/faultySchema';
import { sizeOf } from '../../../../../../nodes/GameInsightsWebhook/intake/validate/schema/size';

const DRAFT_7 = { $schema: 'http://json-schema.org/draft-07/schema#' };

const compiled = (schema: unknown) => compileEventSchema(JSON.stringify(schema));
const faults = (schema: unknown, event: unknown) =>
	compiled(schema)
		.faultsOf(event)
		.map(({ code, path, message }) => `${code} ${path}: ${message}`);

/** What stands for `properties.x` in a schema, so that names in messages are as in real events. */
const onX = (schema: unknown) => ({ properties: { properties: { properties: { x: schema } } } });
const withX = (x: unknown) => ({ event_type: 'a', properties: { x } });

function refusal(text: string): string {
	try {
		compileEventSchema(text);
	} catch (error) {
		if (error instanceof FaultySchema) return error.message;
		throw error;
	}
	throw new Error('The schema was taken.');
}

describe('a fault is told in words for whoever sends', () => {
	it.each<[unknown, unknown, string]>([
		[
			{ type: 'number' },
			'9,99',
			'type /properties/x: `properties.x` must be a number, it is the text "9,99"',
		],
		[
			{ type: 'integer' },
			1.5,
			'type /properties/x: `properties.x` must be a whole number, it is the number 1.5',
		],
		[
			{ type: ['string', 'null'] },
			7,
			'type /properties/x: `properties.x` must be text or null, it is the number 7',
		],
		[
			{ type: 'boolean' },
			'true',
			'type /properties/x: `properties.x` must be true or false, it is the text "true"',
		],
		[{ type: 'array' }, {}, 'type /properties/x: `properties.x` must be an array, it is an object'],
		[{ required: ['y'] }, {}, 'required /properties/x/y: `properties.x.y` is missing'],
		[
			{ enum: ['EUR', 'USD'] },
			'eur',
			'enum /properties/x: `properties.x` must be "EUR" or "USD", it is the text "eur"',
		],
		[{ const: 5 }, '5', 'const /properties/x: `properties.x` must be 5, it is the text "5"'],
		[{ minimum: 0 }, -1, 'minimum /properties/x: `properties.x` must be at least 0, it is the number -1'],
		[
			{ exclusiveMaximum: 9 },
			9,
			'exclusiveMaximum /properties/x: `properties.x` must be less than 9, it is the number 9',
		],
		[
			{ multipleOf: 0.01 },
			1.005,
			'multipleOf /properties/x: `properties.x` must be a multiple of 0.01, it is the number 1.005',
		],
		[
			{ minLength: 1 },
			'',
			'minLength /properties/x: `properties.x` must be at least 1 character long, it is the text ""',
		],
		[
			{ pattern: '^[A-Z]{3}$' },
			'eu',
			'pattern /properties/x: `properties.x` must match the pattern ^[A-Z]{3}$, it is the text "eu"',
		],
		[
			{ format: 'date-time' },
			'today',
			'format /properties/x: `properties.x` must be a date and time like 2026-01-31T12:00:00Z, it is the text "today"',
		],
		[
			{ format: 'email' },
			'me',
			'format /properties/x: `properties.x` must be an e-mail address, it is the text "me"',
		],
		[{ minItems: 2 }, [1], 'minItems /properties/x: `properties.x` must have at least 2 elements, it has 1'],
		[
			{ maxProperties: 1 },
			{ a: 1, b: 2 },
			'maxProperties /properties/x: `properties.x` must have at most 1 field, it has 2',
		],
		[
			{ uniqueItems: true },
			[1, 1],
			'uniqueItems /properties/x: `properties.x` must not hold the same element twice, it is an array',
		],
		[
			{ items: { type: 'string' } },
			['a', 2],
			'type /properties/x/1: `properties.x[1]` must be text, it is the number 2',
		],
		[
			{ additionalProperties: false, properties: { a: true } },
			{ a: 1, b: 2 },
			'additionalProperties /properties/x/b: `properties.x.b` is not allowed',
		],
		[
			{ unevaluatedProperties: false },
			{ b: 2 },
			'unevaluatedProperties /properties/x/b: `properties.x.b` is not allowed',
		],
		[
			{ propertyNames: { pattern: '^[a-z]+$' } },
			{ A1: 1 },
			'propertyNames /properties/x/A1: `properties.x` must not have a field named "A1"',
		],
		[
			{ dependentRequired: { a: ['b'] } },
			{ a: 1 },
			'dependentRequired /properties/x/b: `properties.x.b` is required where `properties.x.a` is given, it is missing',
		],
		[
			{ not: { const: 0 } },
			0,
			'not /properties/x: `properties.x` must not be what its schema rules out, it is the number 0',
		],
		[
			{ contains: { const: 1 } },
			[2],
			'contains /properties/x: `properties.x` must hold as many elements of a certain kind as its schema asks for, it is an array',
		],
		[false, 1, 'not_allowed /properties/x: `properties.x` is not allowed'],
	])('%j for %j', (schema, x, told) => {
		expect(faults(onX(schema), withX(x))).toEqual([told]);
	});

	it.each<[unknown, unknown, string]>([
		[{ maximum: 9 }, 10, 'must be at most 9, it is the number 10'],
		[{ exclusiveMinimum: 0 }, 0, 'must be more than 0, it is the number 0'],
		[{ maxLength: 1 }, 'ab', 'must be at most 1 character long, it is the text "ab"'],
		[{ maxItems: 1 }, [1, 2], 'must have at most 1 element, it has 2'],
		[{ minProperties: 1 }, {}, 'must have at least 1 field, it has 0'],
		[{ format: 'uri' }, 'a b', 'must be an address like https://example.com, it is the text "a b"'],
		[{ format: 'json-pointer' }, 'a', 'must be in the format "json-pointer", it is the text "a"'],
		[{ format: 'date' }, 'a', 'must be a date like 2026-01-31, it is the text "a"'],
		[{ format: 'time' }, 'a', 'must be a time like 12:00:00Z, it is the text "a"'],
		[{ format: 'duration' }, 'a', 'must be a duration like P1DT12H, it is the text "a"'],
		[{ format: 'idn-email' }, 'a', 'must be an e-mail address, it is the text "a"'],
		[{ format: 'hostname' }, '-', 'must be a host name, it is the text "-"'],
		[{ format: 'idn-hostname' }, '-', 'must be a host name, it is the text "-"'],
		[{ format: 'ipv4' }, 'a', 'must be an IPv4 address, it is the text "a"'],
		[{ format: 'ipv6' }, 'a', 'must be an IPv6 address, it is the text "a"'],
		[{ format: 'uuid' }, 'a', 'must be a UUID, it is the text "a"'],
		[{ format: 'regex' }, '(', 'must be a regular expression, it is the text "("'],
		[{ minLength: 2 }, 'a', 'must be at least 2 characters long, it is the text "a"'],
		[{ maxLength: 2 }, 'abc', 'must be at most 2 characters long, it is the text "abc"'],
		[{ minItems: 1 }, [], 'must have at least 1 element, it has 0'],
		[{ maxItems: 2 }, [1, 2, 3], 'must have at most 2 elements, it has 3'],
		[{ minProperties: 2 }, { a: 1 }, 'must have at least 2 fields, it has 1'],
		[{ maxProperties: 2 }, { a: 1, b: 2, c: 3 }, 'must have at most 2 fields, it has 3'],
		[{ type: 'object' }, null, 'must be an object, it is null'],
		[{ type: 'null' }, [], 'must be null, it is an empty array'],
		[
			{ type: ['boolean', 'array', 'string'] },
			1,
			'must be true or false, an array or text, it is the number 1',
		],
		[{ type: ['number', 'integer'] }, 'a', 'must be a number or a whole number, it is the text "a"'],
		[{ enum: ['a'] }, 1, 'must be "a", it is the number 1'],
		[{ enum: ['a', 'b', 'a'] }, 1, 'must be "a" or "b", it is the number 1'],
		[{ enum: [1, [2], { a: null }] }, 'b', 'must be 1, [2] or {"a":null}, it is the text "b"'],
		[{ const: { a: 'x'.repeat(32) } }, 1, `must be {"a":"${'x'.repeat(32)}"}, it is the number 1`],
		[{ const: { a: 'x'.repeat(33) } }, 1, 'must be an object, it is the number 1'],
		[{ const: ['x'.repeat(40)] }, 1, 'must be an array, it is the number 1'],
		[
			{ anyOf: [{ minimum: 5 }, { multipleOf: 2 }] },
			3,
			'must have one of the forms that its schema allows, it is the number 3',
		],
	])('and in words: %j for %j', (schema, x, words) => {
		const [told = '', ...others] = faults(onX(schema), withX(x));
		expect([told.slice(told.indexOf('`properties.x` ')), ...others]).toEqual([`\`properties.x\` ${words}`]);
	});

	it.each<[string, string, string]>([
		['date', '2026-02-28', '2026-02-30'],
		['time', '12:00:00Z', '12:00'],
		['duration', 'P1DT12H', '1 day'],
		['email', 'a@example.com', 'a@'],
		['hostname', 'game.example.com', '-game'],
		['ipv4', '192.0.2.1', '192.0.2.256'],
		['ipv6', '2001:db8::1', '2001:db8:::1'],
		['uuid', '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11', '5f0c1f57'],
		['regex', '^a+$', '(a'],
		['date-time', '2026-01-31T12:00:00Z', '2026-01-31 at noon'],
	])('a text in the format %s: %s, and not %s', (format, good, bad) => {
		expect(faults(onX({ format }), withX(good))).toEqual([]);
		expect(faults(onX({ format }), withX(bad))).toHaveLength(1);
	});

	it.each([
		[10, '0, 1, 2, 3, 4, 5, 6, 7, 8 or 9'],
		[11, '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or 1 more'],
		[12, '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or 2 more'],
	])('names some of many choices: of %d', (length, named) => {
		expect(faults(onX({ enum: Array.from({ length }, (_, n) => n) }), withX('x'))).toEqual([
			`enum /properties/x: \`properties.x\` must be ${named}, it is the text "x"`,
		]);
	});

	it.each<[unknown, unknown, string[]]>([
		[{ items: false }, [1], ['items /properties/x/0: `properties.x[0]` is not allowed']],
		[
			{ unevaluatedItems: false },
			[1, 2],
			[
				'unevaluatedItems /properties/x/0: `properties.x[0]` is not allowed',
				'unevaluatedItems /properties/x/1: `properties.x[1]` is not allowed',
			],
		],
		[
			{ properties: { a: false } },
			{ a: 1 },
			['not_allowed /properties/x/a: `properties.x.a` is not allowed'],
		],
		[
			{ dependentRequired: { a: ['b', 'c', 'd'] } },
			{ a: 1, c: 1 },
			[
				'dependentRequired /properties/x/b: `properties.x.b` is required where `properties.x.a` is given, it is missing',
				'dependentRequired /properties/x/d: `properties.x.d` is required where `properties.x.a` is given, it is missing',
			],
		],
		[
			{ propertyNames: { maxLength: 1 } },
			{ ab: 1, c: 1, de: 1 },
			[
				'propertyNames /properties/x/ab: `properties.x` must not have a field named "ab"',
				'propertyNames /properties/x/de: `properties.x` must not have a field named "de"',
			],
		],
		[
			{ dependentSchemas: { a: { required: ['b'] } } },
			{ a: 1 },
			['required /properties/x/b: `properties.x.b` is missing'],
		],
	])('names each of the fields and elements that it is about: %j for %j', (schema, x, told) => {
		expect(faults(onX(schema), withX(x))).toEqual(told);
	});

	it('names the place as a JSON Pointer, whatever its keys are', () => {
		const schema = { additionalProperties: { type: 'string' } };
		expect(compiled(schema).faultsOf(JSON.parse('{"a/b~c":1,"__proto__":2,"":3}'))).toEqual([
			{ code: 'type', path: '/a~1b~0c', message: '`["a/b~c"]` must be text, it is the number 1' },
			{ code: 'type', path: '/__proto__', message: '`__proto__` must be text, it is the number 2' },
			{ code: 'type', path: '/', message: '`[""]` must be text, it is the number 3' },
		]);
	});

	it('tells all faults, not only the first', () => {
		const schema = {
			required: ['a', 'b'],
			properties: { c: { type: 'number', minimum: 5 }, d: { type: 'string' } },
		};
		expect(faults(schema, { c: 1, d: 2 })).toEqual([
			'required /a: `a` is missing',
			'required /b: `b` is missing',
			'minimum /c: `c` must be at least 5, it is the number 1',
			'type /d: `d` must be text, it is the number 2',
		]);
	});
});

describe('of several forms, the one that was meant is explained', () => {
	const item = {
		oneOf: [
			{ properties: { kind: { const: 'sword' }, damage: { type: 'number' } }, required: ['kind', 'damage'] },
			{ properties: { kind: { const: 'potion' }, heals: { type: 'number' } }, required: ['kind', 'heals'] },
			{ type: 'string' },
		],
	};

	it.each<[string, unknown, string[]]>([
		[
			'by a fixed value in it',
			{ kind: 'potion' },
			['required /properties/x/heals: `properties.x.heals` is missing'],
		],
		[
			'or none, when that value fits none',
			{ kind: 'axe' },
			[
				'oneOf /properties/x: `properties.x` must have exactly one of the forms that its schema allows, it is an object',
			],
		],
	])('%s', (_, x, told) => {
		expect(faults(onX(item), withX(x))).toEqual(told);
	});

	it('by the type of the value', () => {
		const schema = { anyOf: [{ type: 'string', minLength: 3 }, { type: 'number' }] };
		expect(faults(onX(schema), withX('ab'))).toEqual([
			'minLength /properties/x: `properties.x` must be at least 3 characters long, it is the text "ab"',
		]);
		expect(faults(onX(schema), withX(true))).toEqual([
			'type /properties/x: `properties.x` must be text or a number, it is true',
		]);
	});

	it('and what fits two forms where one is allowed is told so', () => {
		for (const oneOf of [
			[{ minimum: 0 }, { maximum: 9 }],
			[{ minimum: 0 }, { maximum: 9 }, { type: 'string' }],
		]) {
			expect(faults(onX({ oneOf }), withX(5))).toEqual([
				'oneOf /properties/x: `properties.x` must have exactly one of the forms that its schema allows, it is the number 5',
			]);
		}
	});

	it.each([
		['then', { x: 'EU' }, 'required /y: `y` is missing'],
		['else', { x: 'US' }, 'required /z: `z` is missing'],
	])('of a conditional, what is missing in "%s"', (_, event, told) => {
		const schema = {
			if: { properties: { x: { const: 'EU' } } },
			then: { required: ['y'] },
			else: { required: ['z'] },
		};
		expect(faults(schema, event)).toEqual([told]);
	});
});

describe('what is wrong is told once, and where it is wrong', () => {
	it('two rules that say the same are one fault', () => {
		const number = { type: 'number' };
		expect(faults(onX({ allOf: [number, number] }), withX('a'))).toEqual([
			'type /properties/x: `properties.x` must be a number, it is the text "a"',
		]);
		expect(faults(onX({ allOf: [{ minimum: 1 }, { minimum: 2 }] }), withX(0))).toHaveLength(2);
	});

	it('what is wrong elsewhere is not taken for a part of several forms', () => {
		const schema = {
			properties: {
				event_type: { maxLength: 1 },
				properties: { properties: { x: { anyOf: [{ type: 'string' }, { type: 'number' }] } } },
			},
		};
		expect(faults(schema, { ...withX(true), event_type: 'long' }).sort()).toEqual([
			'maxLength /event_type: `event_type` must be at most 1 character long, it is the text "long"',
			'type /properties/x: `properties.x` must be text or a number, it is true',
		]);
	});

	it('a type that is wrong deeper in does not tell a form apart', () => {
		const schema = {
			anyOf: [
				{ type: 'object', properties: { a: { type: 'number' } } },
				{ type: 'object', properties: { a: { type: 'boolean' } } },
			],
		};
		expect(faults(onX(schema), withX({ a: 'text' }))).toEqual([
			'anyOf /properties/x: `properties.x` must have one of the forms that its schema allows, it is an object',
		]);
	});

	it('nor does a fixed value deeper in', () => {
		const form = (kind: string) => ({ properties: { of: { properties: { kind: { const: kind } } } } });
		const schema = { anyOf: [form('sword'), { ...form('axe'), required: ['y'] }] };
		expect(faults(onX(schema), withX({ of: { kind: 'bow' } }))).toEqual([
			'anyOf /properties/x: `properties.x` must have one of the forms that its schema allows, it is an object',
		]);
	});

	it('a choice of values tells a form apart like a fixed one', () => {
		const schema = {
			anyOf: [
				{ properties: { kind: { enum: ['sword', 'axe'] } }, required: ['damage'] },
				{ properties: { kind: { enum: ['potion'] } }, required: ['heals'] },
			],
		};
		expect(faults(onX(schema), withX({ kind: 'axe' }))).toEqual([
			'required /properties/x/damage: `properties.x.damage` is missing',
		]);
	});

	it('a conditional below names that hold / and ~ is explained, too', () => {
		const schema = { properties: { 'a/b~c': { if: { type: 'object' }, then: { required: ['y'] } } } };
		expect(faults(schema, { 'a/b~c': {} })).toEqual(['required /a~1b~0c/y: `["a/b~c"].y` is missing']);
	});

	it('a conditional that was reached through a reference is told as a whole', () => {
		const schema = {
			$defs: { part: { if: { type: 'object' }, then: { required: ['y'] } } },
			properties: { x: { $ref: '#/$defs/part' } },
		};
		expect(faults(schema, { x: {} })).toEqual([
			'if /x: `x` must be what its schema asks for, it is an object',
		]);
	});

	it('what is wrong beside several forms is told, too', () => {
		const anyOf = [{ type: 'number' }, { type: 'boolean' }];
		for (const schema of [
			{ minLength: 5, anyOf },
			{ allOf: [{ minLength: 5 }], anyOf },
		]) {
			expect(faults(onX(schema), withX('abc')).sort()).toEqual([
				'minLength /properties/x: `properties.x` must be at least 5 characters long, it is the text "abc"',
				'type /properties/x: `properties.x` must be a number or true or false, it is the text "abc"',
			]);
		}
	});

	it('what is wrong with the value of a field is told beside its name', () => {
		const schema = { properties: { ab: { type: 'string' } }, propertyNames: { maxLength: 1 } };
		expect(faults(onX(schema), withX({ ab: 1 })).sort()).toEqual([
			'propertyNames /properties/x/ab: `properties.x` must not have a field named "ab"',
			'type /properties/x/ab: `properties.x.ab` must be text, it is the number 1',
		]);
	});
});

describe('nothing is made to fit', () => {
	it.each<[string, unknown, unknown]>([
		['a number as text', { type: 'number' }, '5'],
		['a text as number', { type: 'string' }, 5],
		['true as text', { type: 'boolean' }, 'true'],
		['a single value as a list', { type: 'array' }, 'a'],
		['null as nothing', { type: 'object' }, null],
	])('%s is a fault', (_, schema, x) => {
		expect(faults(onX(schema), withX(x))).toHaveLength(1);
	});

	it('defaults are not filled in, unknown fields pass', () => {
		const event = { event_type: 'a', more: 1 };
		expect(faults({ properties: { x: { type: 'number', default: 5 } } }, event)).toEqual([]);
		expect(event).toEqual({ event_type: 'a', more: 1 });
	});
});

describe('a schema that can not be used is refused in words for its owner', () => {
	it.each<[string, string, string | RegExp]>([
		['no JSON', '{"type": ', /^it is not JSON: /],
		['nothing', '', /^it is not JSON: /],
		[
			'a draft that is no text',
			'{"$schema":7}',
			/^its `\$schema` is not a text\. Use "https:.*2020-12\/schema" or "http:.*draft-07\/schema#", or leave it out\.$/,
		],
		['a list', '[]', 'it must be an object or true or false, it is an empty array.'],
		['null', 'null', 'it must be an object or true or false, it is null.'],
		['no schema', '5', 'it must be an object or true or false, it is the number 5.'],
		[
			'an unknown type',
			'{"properties":{"a":{"type":"text"}}}',
			/^`properties\.a\.type` must be "array", "boolean", .*it is the text "text"\.$/,
		],
		['a keyword of the wrong kind', '{"required":"a"}', '`required` must be an array, it is the text "a".'],
		[
			'draft 7, a keyword of the wrong kind',
			JSON.stringify({ ...DRAFT_7, minLength: -1 }),
			'`minLength` must be at least 0, it is the number -1.',
		],
		[
			'another draft',
			'{"$schema":"http://json-schema.org/draft-04/schema#"}',
			/^its `\$schema` is "http:\/\/json-schema\.org\/draft-04\/schema#"\. Use "https/,
		],
		[
			'a reference to nowhere',
			'{"properties":{"a":{"$ref":"#/$defs/b"}}}',
			'its `$ref` "#/$defs/b" leads nowhere. Check its spelling.',
		],
		[
			'a reference to elsewhere',
			'{"$ref":"https://example.com/event.json"}',
			'its `$ref` "https://example.com/event.json" leads nowhere. Schemas are never fetched: copy what it refers to into `$defs`.',
		],
		[
			'a reference to a name of its own',
			'{"$ref":"urn:example:event"}',
			'its `$ref` "urn:example:event" leads nowhere. Schemas are never fetched: copy what it refers to into `$defs`.',
		],
		[
			'a reference to a file',
			'{"allOf":[{"$ref":"event.json"}]}',
			'its `$ref` "event.json" leads nowhere. Check its spelling.',
		],
		[
			'a reference to an anchor that is not there',
			'{"$dynamicRef":"#nowhere"}',
			'its `$dynamicRef` "#nowhere" leads nowhere. Check its spelling.',
		],
		['a reference that is no URI', '{"$ref":"http://["}', /^`\$ref` must be /],
		[
			'a pattern that is none',
			'{"pattern":"["}',
			'`pattern` must be a regular expression, it is the text "[".',
		],
		[
			'a pattern for names that is none',
			'{"patternProperties":{"[":true}}',
			/^`patternProperties` must not have a field named "\["/,
		],
		[
			'a pattern that can explode',
			'{"pattern":"a+(?=b)c"}',
			/^the pattern "a\+\(\?=b\)c" could take very long on some texts\. Begin it with \^/,
		],
		[
			'a pattern for names that can explode',
			'{"patternProperties":{"^(a+)+$":true}}',
			/^the pattern "\^\(a\+\)\+\$" could take very long on some names\./,
		],
		['a schema that is itself', '{"$ref":"#"}', 'it refers to itself without end.'],
		[
			'a schema that is itself for objects',
			'{"if":{"type":"object"},"then":{"$ref":"#"}}',
			'it refers to itself without end.',
		],
		[
			'a word of ours as a wrong value',
			'{"required":"The event"}',
			'`required` must be an array, it is the text "The event".',
		],
	])('%s', (_, text, told) => {
		const message = refusal(text);
		if (typeof told === 'string') expect(message).toBe(told);
		else expect(message).toMatch(told);
	});

	it.each([
		'xhttps://json-schema.org/draft/2020-12/schema',
		'json-schehttp://ma.org/draft-07/schema',
		'http://json-schema.org/draft-07/schema##',
		'http://json-schema.org/#draft-07/schema',
	])('%s is not known', ($schema) => {
		expect(refusal(JSON.stringify({ $schema }))).toContain(`is ${JSON.stringify($schema).slice(0, 30)}`);
	});

	it('true takes every event, false none', () => {
		expect(faults(true, { event_type: 'a' })).toEqual([]);
		expect(faults(false, { event_type: 'a' })).toHaveLength(1);
	});

	it.each([
		'https://json-schema.org/draft/2020-12/schema',
		'https://json-schema.org/draft/2020-12/schema#',
		'http://json-schema.org/draft-07/schema',
	])('%s is known', ($schema) => {
		expect(faults({ $schema, type: 'object' }, {})).toEqual([]);
	});

	it('draft 7 reads "items" as a tuple and ignores what stands beside a reference', () => {
		const schema = {
			...DRAFT_7,
			items: [{ type: 'string' }],
			definitions: { any: true },
			properties: { a: { $ref: '#/definitions/any', type: 'number' } },
		};
		expect(faults(schema, [1])).toHaveLength(1);
		expect(faults(schema, { a: 'text' })).toEqual([]);
	});
});

describe('names that mean something to JavaScript', () => {
	it.each(['__proto__', 'constructor', 'prototype'])('%s is a field like any other', (name) => {
		const schema = `{"required":["${name}"],"properties":{"${name}":{"type":"number"}}}`;
		const { faultsOf } = compileEventSchema(schema);
		expect(faultsOf(JSON.parse(`{"${name}":1}`))).toEqual([]);
		expect(faultsOf(JSON.parse(`{"${name}":"x"}`))).toMatchObject([{ code: 'type', path: `/${name}` }]);
		expect(faultsOf({})).toMatchObject([{ code: 'required', path: `/${name}` }]);
	});

	it('an event with such fields is checked like another, where the schema does not name them', () => {
		const event = JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":1},"hasOwnProperty":5,"a":1}');
		expect(faults({ properties: { a: { type: 'number' } } }, event)).toEqual([]);
		expect(faults({ properties: { a: { type: 'string' } } }, event)).toHaveLength(1);
	});
});

/**
 * Codes of the faults of a value given as JSON text, under a schema given as JSON text: both with all their
 * digits.
 */
const codes = (schema: string, value: string) =>
	compileEventSchema(schema)
		.faultsOf(readExactly(value))
		.map(({ code }) => code);

describe('numbers are judged by their digits as they were sent', () => {
	it.each([
		['{"type":"integer"}', '76561198012345679'],
		['{"type":"number"}', '18446744073709551615'],
		['{"type":["integer","null"]}', '-9223372036854775809'],
		['{"type":"integer"}', '12345678901234567891.0'],
		['{"type":"number"}', '0.12345678901234567891'],
		['{"minimum":9007199254740993}', '9007199254740993'],
		['{"maximum":18446744073709551615}', '18446744073709551615'],
		['{"exclusiveMinimum":9007199254740992}', '9007199254740993'],
		['{"exclusiveMaximum":0.30000000000000000001}', '0.3'],
		['{"const":76561198012345679}', '76561198012345679'],
		['{"enum":[1,{"id":[820982911946154508]}]}', '{"id":[820982911946154508]}'],
		['{"multipleOf":0.01}', '1234567.13'],
		['{"multipleOf":0.01}', '5000000.01'],
		['{"multipleOf":0.01}', '4017248.8'],
		['{"multipleOf":0.01}', '123456789.01'],
		['{"multipleOf":7}', '63000000000000000007'],
		['{"multipleOf":1e-8}', '12391239123.00000001'],
		['{"uniqueItems":true}', '[76561198012345679,76561198012345678,76561198012345680]'],
		['{"uniqueItems":true}', '[18446744073709551617,36893488147419103233,1]'],
		['{"minimum":5,"multipleOf":2,"uniqueItems":true}', '"a text"'],
	])('%s takes %s', (schema, value) => {
		expect(codes(schema, value)).toEqual([]);
	});

	it.each([
		['{"type":"integer"}', '9007199254740993.5', 'type'],
		['{"type":"string"}', '76561198012345679', 'type'],
		['{"type":"integer"}', '"76561198012345679"', 'type'],
		['{"type":["string","null"]}', '0.12345678901234567891', 'type'],
		['{"maximum":9007199254740992}', '9007199254740993', 'maximum'],
		['{"minimum":9007199254740993}', '9007199254740992', 'minimum'],
		['{"exclusiveMaximum":18446744073709551615}', '18446744073709551615', 'exclusiveMaximum'],
		['{"exclusiveMinimum":0.3}', '0.29999999999999999999999', 'exclusiveMinimum'],
		['{"maximum":0.3}', '0.30000000000000000001', 'maximum'],
		['{"const":76561198012345679}', '76561198012345680', 'const'],
		['{"enum":[76561198012345680]}', '76561198012345679', 'enum'],
		['{"multipleOf":1}', '2.00000000005', 'multipleOf'],
		['{"multipleOf":1}', '2.00000000000000000005', 'multipleOf'],
		['{"multipleOf":0.01}', '1234567.135', 'multipleOf'],
		['{"multipleOf":2}', '76561198012345679', 'multipleOf'],
		['{"uniqueItems":true}', '[76561198012345679,76561198012345679]', 'uniqueItems'],
	])('%s refuses %s', (schema, value, code) => {
		expect(codes(schema, value)).toEqual([code]);
	});

	it('and told with all of them', () => {
		const schema = '{"properties":{"id":{"maximum":76561198012345678,"multipleOf":2},"n":{"type":"string"}}}';
		expect(
			compileEventSchema(schema)
				.faultsOf(readExactly('{"id":76561198012345679,"n":18446744073709551615}'))
				.map(({ message }) => message),
		).toEqual([
			'`id` must be at most 76561198012345678, it is the number 76561198012345679',
			'`id` must be a multiple of 2, it is the number 76561198012345679',
			'`n` must be text, it is the number 18446744073709551615',
		]);
	});

	it('unless there are more than 1,000 of them: that can take any time', () => {
		const endless = `{"id":${'9'.repeat(1_001)}}`;
		expect(compileEventSchema('{}').faultsOf(readExactly(endless))).toEqual([
			{
				code: 'schema_limit',
				path: '',
				message:
					"The event can't be checked against the schema of its type: it holds a number of more than 1,000 digits",
			},
		]);
		expect(codes('{"properties":{"id":{"type":"integer"}}}', `{"id":${'9'.repeat(1_000)}}`)).toEqual([]);
		expect(refusal(`{"minimum":0.${'1'.repeat(1_001)}}`)).toBe(
			'it holds a number of more than 1,000 digits.',
		);
	});
});

describe('elements are equal as JSON Schema has it', () => {
	it.each([
		'[0,-0]',
		'[1,1.0]',
		'[100,1e2]',
		'[[0],[-0]]',
		'[{"a":0,"b":1},{"b":1.0,"a":-0}]',
		'[0.12345678901234567891,0.123456789012345678910]',
		'[1000000000000000000000,1e21]',
	])('%s holds one twice', (list) => {
		expect(codes('{"uniqueItems":true}', list)).toEqual(['uniqueItems']);
		expect(codes('{"uniqueItems":false}', list)).toEqual([]);
	});

	it.each([
		'[0,false,null,"0",[],{},""]',
		'[1,"1",true,[1],{"1":1}]',
		'[["a,b"],["a","b"]]',
		'[{"a":1,"b":2},{"a":2,"b":1}]',
		'[{"__proto__":1},{}]',
		'[0.12345678901234567891,0.12345678901234567892]',
		'[0.12345678901234567891,-0.12345678901234567891]',
	])('%s holds none twice', (list) => {
		expect(codes('{"uniqueItems":true}', list)).toEqual([]);
	});

	it.each(['{"const":0}', '{"enum":[0]}', '{"const":-0.0}', '{"minimum":0,"maximum":0}'])(
		'minus zero is zero for %s',
		(schema) => {
			expect(codes(schema, '-0')).toEqual([]);
		},
	);
});

describe('names that every object inherits are names like any other', () => {
	const INHERITED = Object.getOwnPropertyNames(Object.prototype);

	it.each(INHERITED)('%s', (name) => {
		const quoted = JSON.stringify(name);
		const there = `{${quoted}:"x"}`;
		const absent = '{"other":1}';
		const cases: Array<[schema: string, value: string, code: string | null]> = [
			[`{"required":[${quoted}]}`, absent, 'required'],
			[`{"required":[${quoted}]}`, there, null],
			[`{"properties":{${quoted}:{"type":"string"}}}`, absent, null],
			[`{"properties":{${quoted}:{"type":"string"}}}`, there, null],
			[`{"properties":{${quoted}:{"type":"number"}}}`, there, 'type'],
			[`{"properties":{${quoted}:false}}`, absent, null],
			[`{"dependentRequired":{"other":[${quoted}]}}`, absent, 'dependentRequired'],
			[`{"dependentRequired":{${quoted}:["other"]}}`, '{}', null],
			[`{"dependentSchemas":{${quoted}:false}}`, absent, null],
			[`{"additionalProperties":false,"properties":{"other":{}}}`, there, 'additionalProperties'],
			[
				`{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"other":[${quoted}]}}`,
				absent,
				'dependentRequired',
			],
			[`{"properties":{"other":{"required":[${quoted}]}}}`, '{"other":{}}', 'required'],
			[`{"items":{"required":[${quoted}]}}`, '[{}]', 'required'],
			[`{"const":{${quoted}:1}}`, '{"x":1}', 'const'],
			[`{"not":{"required":[${quoted}]}}`, absent, null],
		];
		expect(cases.map(([schema, value]) => codes(schema, value)[0] ?? null)).toEqual(
			cases.map(([, , code]) => code),
		);
	});

	it.each(['{"required":["to\\u0053tring"]}', '{"properties":{"x":{"required":["valueOf"]}}}'])(
		'however the schema writes them: %s',
		(schema) => {
			expect(codes(schema, '{"x":{}}')).toEqual(['required']);
		},
	);

	it.each(['toString', '#/toString', '#/$defs/valueOf', '#/constructor'])(
		'%s is nothing to refer to',
		(ref) => {
			expect(refusal(JSON.stringify({ $ref: ref }))).toContain('leads nowhere');
		},
	);
});

describe('what takes too long to check is told as such', () => {
	const limit = (reason: string) => [
		`schema_limit : The event can't be checked against the schema of its type: it ${reason}`,
	];

	it('above 50,000 values', () => {
		expect(faults({}, Array(49_999).fill(1))).toEqual([]);
		expect(faults({}, Array(50_000).fill(1))).toEqual(limit('holds more than 50000 values'));
	});

	it('with names of more than 256 characters, where names are tested', () => {
		const named = (length: number) => ({ ['a'.repeat(length)]: 1 });
		const schema = { patternProperties: { '^b': { type: 'string' } } };
		expect(faults(schema, named(256))).toEqual([]);
		expect(faults(schema, named(257))).toEqual(limit('has a name of more than 256 characters'));
		expect(faults({ patternProperties: {} }, named(257))).toEqual([]);
	});

	it('where a schema comes back to itself in several ways', () => {
		const again = { properties: { a: { $ref: '#' } } };
		let event: unknown = {};
		for (let level = 0; level < 40; level += 1) event = { a: event };
		expect(faults({ anyOf: [{ ...again, not: {} }, { ...again, not: true }, again] }, event)).toEqual(
			limit('is too intricate'),
		);
	});

	it('when others of the request took the time', () => {
		const { faultsOf } = compiled({ type: 'object' });
		const budget = new Budget();
		for (let event = 0; event < 4; event += 1) budget.run(sizeOf({}), () => spend(250_000));
		expect(faultsOf({}, budget).map(({ code, path, message }) => `${code} ${path}: ${message}`)).toEqual(
			limit('came with others that took all the time there is for a request'),
		);
	});

	it('above 10,000 values without what exactly is wrong', () => {
		const schema = { items: { type: 'string' } };
		expect(faults(schema, Array(9_999).fill(1))).toHaveLength(1_000);
		expect(faults(schema, Array(10_000).fill(1))).toEqual([
			'schema : The event does not match the schema of its type',
		]);
	});

	it('and no format takes a text of more than 2,048 characters', () => {
		const schema = onX({ format: 'regex' });
		expect(faults(schema, withX('a'.repeat(2_048)))).toEqual([]);
		expect(faults(schema, withX('a'.repeat(2_049)))).toHaveLength(1);
	});
});

describe('beside a reference', () => {
	const definitions = { any: true };

	it('draft 7 knows nothing', () => {
		const $ref = '#/definitions/any';
		expect(faults({ ...DRAFT_7, definitions, $ref, required: ['a'], minProperties: 1 }, {})).toEqual([]);
	});

	it('everything counts in draft 2020-12', () => {
		expect(faults({ definitions, $ref: '#/definitions/any', required: ['a'] }, {})).toEqual([
			'required /a: `a` is missing',
		]);
	});
});
