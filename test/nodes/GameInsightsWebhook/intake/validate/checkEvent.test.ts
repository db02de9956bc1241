import { checkEvent } from '../../../../../nodes/GameInsightsWebhook/intake/validate/checkEvent';
import {
	requiredText,
	withRequiredFields,
} from '../../../../../nodes/GameInsightsWebhook/intake/validate/eventRules';
import { ARRIVAL_MS } from '../../../../support/incomingRequest';

const check = (event: unknown, ...required: string[]) =>
	checkEvent(event, withRequiredFields(required.map((path) => path.split('.'))), ARRIVAL_MS);
const DAY_MS = 86_400_000;
const at = (epochMs: number) => ({ event_type: 'a', timestamp: new Date(epochMs).toISOString() });

describe('a valid event', () => {
	it.each([
		[{ event_type: 'a' }],
		[{ event_type: ' a ' }],
		[{ event_type: '0' }],
		[
			{
				event_type: 'a',
				event_id: 'e',
				user_id: 'u',
				timestamp: '2026-01-15T12:00:00Z',
				properties: { amount: 1 },
			},
		],
		[{ event_type: 'a', user_id: '' }],
		[{ event_type: 'a', properties: {} }],
		[{ event_type: 'a', anything: [null, 1, { deep: true }], Timestamp: 5, '': 0 }],
		[JSON.parse('{"event_type":"a","__proto__":{"timestamp":5},"constructor":1,"toString":null}')],
	])('%j', (event) => {
		expect(check(event)).toEqual([]);
	});
});

describe('what is no event', () => {
	it.each([
		[5, 'the number 5'],
		['a', 'the text "a"'],
		[null, 'null'],
		[true, 'true'],
		[[], 'an empty array'],
		[[{ event_type: 'a' }], 'an array'],
	])('%j', (event, words) => {
		expect(check(event, 'user_id')).toEqual([
			{ code: 'type', path: '', message: `The event must be an object, it is ${words}` },
		]);
	});
});

describe('the faults of an event', () => {
	const MUST = {
		text: 'must be text, it is',
		blank: 'must not be blank, it is',
		time: 'must be a date and time like 2026-01-31T12:00:00Z, it is',
		object: 'must be an object, it is',
	};

	it.each([
		['event_type', 5, 'type', `${MUST.text} the number 5`],
		['event_type', null, 'type', `${MUST.text} null`],
		['event_type', ['a'], 'type', `${MUST.text} an array`],
		['event_type', '', 'blank', `${MUST.blank} the text ""`],
		['event_type', ' \t\u00a0', 'blank', `${MUST.blank} the text " \\t\u00a0"`],
		['event_id', 5, 'type', `${MUST.text} the number 5`],
		['event_id', '', 'blank', `${MUST.blank} the text ""`],
		['user_id', 5, 'type', `${MUST.text} the number 5`],
		['user_id', null, 'type', `${MUST.text} null`],
		['user_id', {}, 'type', `${MUST.text} an object`],
		['timestamp', 'yesterday', 'format', `${MUST.time} the text "yesterday"`],
		['timestamp', 1_768_478_400_000, 'format', `${MUST.time} the number 1768478400000`],
		['timestamp', '2026-01-15', 'format', `${MUST.time} the text "2026-01-15"`],
		['timestamp', '', 'format', `${MUST.time} the text ""`],
		['timestamp', null, 'format', `${MUST.time} null`],
		['properties', [], 'type', `${MUST.object} an empty array`],
		['properties', '{}', 'type', `${MUST.object} the text "{}"`],
		['properties', null, 'type', `${MUST.object} null`],
	])('%s: %j', (field, value, code, words) => {
		expect(check({ event_type: 'a', [field]: value })).toEqual([
			{ code, path: `/${field}`, message: `\`${field}\` ${words}` },
		]);
	});

	it.each([
		[{}],
		[{ eventType: 'a' }],
		[Object.create({ event_type: 'inherited' })],
		[JSON.parse('{"__proto__":{"event_type":"a"}}')],
	])('no event_type: %j', (event) => {
		expect(check(event)).toEqual([
			{ code: 'required', path: '/event_type', message: '`event_type` is missing' },
		]);
	});

	it('are told one for each field, all fields at once', () => {
		expect(
			check({ event_type: '', event_id: 1, user_id: 2, timestamp: 3, properties: 4 }).map(({ path }) => path),
		).toEqual(['/event_type', '/event_id', '/user_id', '/timestamp', '/properties']);
	});
});

describe('a timestamp in the future', () => {
	it('is fine up to 24 hours after the request arrived', () => {
		expect(check(at(ARRIVAL_MS + DAY_MS))).toEqual([]);
		expect(check(at(ARRIVAL_MS + DAY_MS + 1_000))).toEqual([
			{
				code: 'future',
				path: '/timestamp',
				message:
					'`timestamp` must not be more than 24 hours in the future, it is the text "2026-01-16T12:00:01.000Z"',
			},
		]);
	});

	it('is told by the moment it stands for, not by its digits', () => {
		expect(check({ event_type: 'a', timestamp: '2026-01-17T01:00:00+13:00' })).toEqual([]);
		expect(check({ event_type: 'a', timestamp: '2026-01-16T11:00:00-13:00' })).toHaveLength(1);
	});

	it('has no counterpart in the past', () => {
		expect(check(at(0))).toEqual([]);
		expect(check({ event_type: 'a', timestamp: '0000-01-01T00:00:00Z' })).toEqual([]);
	});
});

describe('a required field', () => {
	it.each([
		['user_id', '{"event_type":"a","user_id":""}'],
		['properties.amount', '{"event_type":"a","properties":{"amount":0}}'],
		['properties.amount', '{"event_type":"a","properties":{"amount":false}}'],
		['properties.items.0.sku', '{"event_type":"a","properties":{"items":[{"sku":"s"}]}}'],
		['__proto__.constructor', '{"event_type":"a","__proto__":{"constructor":1}}'],
	])('%s is there in %s', (path, text) => {
		expect(check(JSON.parse(text), path)).toEqual([]);
	});

	it.each([
		['user_id', {}, '/user_id', '`user_id` is missing'],
		['properties.amount', {}, '/properties/amount', '`properties.amount` is missing'],
		['properties.amount', { properties: {} }, '/properties/amount', '`properties.amount` is missing'],
		[
			'properties.amount',
			{ properties: { amount: null } },
			'/properties/amount',
			'`properties.amount` is required, it is null',
		],
		['properties.a.b', { properties: { a: 'text' } }, '/properties/a/b', '`properties.a.b` is missing'],
		['properties.length', { properties: {} }, '/properties/length', '`properties.length` is missing'],
		['constructor', {}, '/constructor', '`constructor` is missing'],
		['__proto__', {}, '/__proto__', '`__proto__` is missing'],
		['constructor.name', {}, '/constructor/name', '`constructor.name` is missing'],
	])('%s is not there in %j', (required, event, path, message) => {
		expect(check({ event_type: 'a', ...event }, required)).toEqual([{ code: 'required', path, message }]);
	});

	it('that has a rule of its own is told once', () => {
		expect(check({ event_type: 'a', user_id: null }, 'user_id')).toEqual([
			{ code: 'type', path: '/user_id', message: '`user_id` must be text, it is null' },
		]);
		expect(check({}, 'event_type')).toHaveLength(1);
	});
});

describe('a text that a format requires', () => {
	const faults = (id: unknown, only?: string) =>
		checkEvent({ properties: { id } }, [requiredText(['properties', 'id'], only)], ARRIVAL_MS).map(
			({ code, path, message }) => `${code} ${path}: ${message}`,
		);

	it.each([
		['a', undefined, []],
		['1.0', '1.0', []],
		[undefined, undefined, ['required /properties/id: `properties.id` is missing']],
		[7, undefined, ['type /properties/id: `properties.id` must be text, it is the number 7']],
		[' ', undefined, ['blank /properties/id: `properties.id` must not be blank, it is the text " "']],
		['2.0', '1.0', ['const /properties/id: `properties.id` must be "1.0", it is the text "2.0"']],
		['', '1.0', ['const /properties/id: `properties.id` must be "1.0", it is the text ""']],
		[undefined, '1.0', ['required /properties/id: `properties.id` is missing']],
	])('%j, where only %j will do', (id, only, told) => {
		expect(faults(id, only)).toEqual(told);
	});

	it('says the same in JSON Schema', () => {
		const schemas = (only?: string) => requiredText(['id'], only).demands.map(({ schema }) => schema);
		expect(schemas()).toEqual([{ type: 'string' }, { pattern: '\\S' }]);
		expect(schemas('1.0')).toEqual([{ type: 'string' }, { const: '1.0' }]);
	});
});
