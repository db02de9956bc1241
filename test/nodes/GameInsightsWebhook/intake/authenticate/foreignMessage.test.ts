import fc from 'fast-check';
import {
	readMessage,
	translate,
} from '../../../../../nodes/GameInsightsWebhook/intake/authenticate/foreignMessage';
import { SCHEMES } from '../../../../../nodes/shared/senders/schemes';
import type { ForeignEvent } from '../../../../../nodes/shared/senders/scheme';
import { readEvents } from '../../../../../nodes/shared/events/events';
import { checkEvent } from '../../../../../nodes/GameInsightsWebhook/intake/validate/checkEvent';
import { EVENT_RULES } from '../../../../../nodes/GameInsightsWebhook/intake/validate/eventRules';
import { incomingRequest } from '../../../../support/incomingRequest';
import { inputs } from '../../../../support/quick';

function translated(body: string, event: ForeignEvent): string | null {
	const message = readMessage(incomingRequest({ body }), undefined);
	return message === null ? null : translate(message, event).text;
}

describe("a sender's own message", () => {
	it('stays under properties to the letter: spaces, digits, equal keys, __proto__', () => {
		const body = '{ "id": 12345678901234567890, "a": 1.50, "a": 2, "__proto__": {"x": 1} }\n';
		expect(translated(body, { type: 'a' })).toBe(`{"event_type":"a","properties":${body}}`);
	});

	it.each(['[1,2]', '"text"', '7', 'null', 'true'])(
		'that is no object stands there under body: %s',
		(body) => {
			expect(translated(body, { type: 'a' })).toBe(`{"event_type":"a","properties":{"body":${body}}}`);
		},
	);

	it('may begin with a byte order mark, which is not kept', () => {
		expect(translated('\uFEFF{}', { type: 'a' })).toBe('{"event_type":"a","properties":{}}');
	});

	it.each(['', '{', 'a=b', '{"a":1}{"b":2}', '{"a":1}\n{"b":2}'])(
		'that is not one JSON value is left to be judged like any other: %j',
		(body) => {
			expect(translated(body, { type: 'a' })).toBeNull();
		},
	);

	it.each(['application/json', 'application/x-www-form-urlencoded'])(
		'that is not UTF-8 is left to be judged like any other, sent as %s',
		(type) => {
			const body = Buffer.from('7061796c6f61643d7b2261223a22ff227d', 'hex');
			const headers: Array<[string, string]> = [['Content-Type', type]];
			expect(readMessage(incomingRequest({ headers, body }), undefined)).toBeNull();
		},
	);

	it('may be the field `payload` of a form, as GitHub and Slack send it', () => {
		const form = (body: string) =>
			readMessage(
				incomingRequest({ headers: [['Content-Type', 'application/x-www-form-urlencoded']], body }),
				undefined,
			);
		expect(form('payload=%7B%22a%22%3A+%22%C3%BC%22%7D')).toMatchObject({
			text: '{"a": "ü"}',
			body: { a: 'ü' },
		});
		expect(form('other=1')).toMatchObject({ text: '{"other":"1"}', body: { other: '1' } });
	});

	it('becomes one event, as JSON', () => {
		const message = readMessage(incomingRequest({ body: '{}' }), undefined);
		expect(message && translate(message, { type: 'a' }).format).toBe('json');
	});

	it('has its headers told by name; one that is empty or came as a list is not there', () => {
		const headers = { 'x-event': 'push', 'x-empty': '', 'set-cookie': ['a=1'] };
		const message = readMessage({ ...incomingRequest({ body: '{}' }), headers }, undefined);
		const names = ['x-event', 'x-empty', 'set-cookie', 'x-missing'];
		expect(names.map((name) => message?.header(name))).toEqual(['push', undefined, undefined, undefined]);
	});

	it('is answered with an HMAC only where it was signed with one', () => {
		const request = incomingRequest({ body: '{}' });
		const signs = (parts: readonly unknown[]) => Buffer.from(parts.join());
		expect(readMessage(request, undefined, signs)?.hmac('challenge')).toEqual(Buffer.from('challenge'));
		expect(() => readMessage(request, undefined)?.hmac('challenge')).toThrow(
			new TypeError('This sender does not sign with HMAC'),
		);
	});

	it('may be nested 100,000 deep', () => {
		const body = `{"a":${'['.repeat(99_999)}${']'.repeat(99_999)}}`;
		expect(translated(body, { type: 'a' })).toBe(`{"event_type":"a","properties":${body}}`);
	});

	it.each([
		['one level deeper', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
		['as deep as ten megabytes allow', `${'['.repeat(5 << 20)}${']'.repeat(5 << 20)}`],
		['as deep and without an end', '{"a":['.repeat(1 << 20)],
	])('that is nested %s is left to be judged like any other', (_, body) => {
		expect(translated(body, { type: 'a' })).toBeNull();
	});

	it.each([null, undefined, true, {}, ['a'], '', ' '])(
		'is named `message` when it names no type: %j',
		(type) => {
			expect(translated('{}', { type })).toBe('{"event_type":"message","properties":{}}');
		},
	);

	it.each([
		['RFC 3339', '2026-01-15T12:00:00.123456789+01:00', '2026-01-15T12:00:00.123456789+01:00'],
		['seconds', 1_768_478_400, '2026-01-15T12:00:00.000Z'],
		['milliseconds', 1_768_478_400_123, '2026-01-15T12:00:00.123Z'],
		['seconds as text', '1768478400', '2026-01-15T12:00:00.000Z'],
		['seconds with a fraction', 1.5, '1970-01-01T00:00:01.500Z'],
		['microseconds', 1_768_478_400_123_456, '2026-01-15T12:00:00.123Z'],
		['the beginning of time', 0, '1970-01-01T00:00:00.000Z'],
	])('has its time understood as %s', (_, timestamp, expected) => {
		expect(JSON.parse(translated('{}', { type: 'a', timestamp }) ?? '')).toMatchObject({
			timestamp: expected,
		});
	});

	it.each([
		'yesterday',
		'2026-02-30T12:00:00Z',
		'2026-01-15 12:00:00',
		'',
		-1,
		1e300,
		9e14,
		Number.NaN,
		null,
		true,
		{},
		[1],
	])('has a time left out that no event may have: %j', (timestamp) => {
		expect(JSON.parse(translated('{}', { type: 'a', timestamp }) ?? '')).not.toHaveProperty('timestamp');
	});

	it.each([
		[7, '7'],
		['7', '7'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
	])('has its ids as text: %j', (id, expected) => {
		expect(JSON.parse(translated('{}', { type: 'a', id, userId: id }) ?? '')).toMatchObject({
			event_id: expected,
			user_id: expected,
		});
	});

	it.each([Number.MAX_SAFE_INTEGER + 1, 1.5, null, undefined, true, {}, [7], '', ' \n'])(
		'has an id left out that is none: %j',
		(id) => {
			expect(JSON.parse(translated('{}', { type: 'a', id, userId: id }) ?? '')).toEqual({
				event_type: 'a',
				properties: {},
			});
		},
	);

	it('of any kind of sender, with any JSON in it, becomes exactly one event with that JSON in it', () => {
		const words = [
			'type',
			'id',
			'event',
			'data',
			'user',
			'created',
			'challenge',
			'subject',
			'customer',
			'__proto__',
			'constructor',
			'billing',
			'event_type',
			'timestamp',
		];
		const json = fc.letrec((tie) => ({
			value: fc.oneof(
				{ depthSize: 'small' },
				fc.constantFrom(
					null,
					true,
					0,
					-1,
					1e21,
					1.5,
					2 ** 53,
					'',
					' ',
					'text',
					'\u2028"\\',
					'2026-01-15T12:00:00Z',
				),
				fc.array(tie('value'), { maxLength: 3 }),
				fc.array(fc.tuple(fc.constantFrom(...words), tie('value')), { maxLength: 4 }).map((entries) => {
					const members = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
					return JSON.parse(`{${members.join(',')}}`) as unknown;
				}),
			),
		})).value;
		const translating = [...SCHEMES.values()].filter(({ event }) => event !== undefined);
		fc.assert(
			fc.property(fc.constantFrom(...translating), json, (scheme, value) => {
				const body = JSON.stringify(value);
				const message = readMessage(incomingRequest({ body, headers: [['X-GitHub-Event', '"}']] }), '"}');
				if (message === null) throw new Error('JSON was not read');
				scheme.handshake?.(message);
				const event = scheme.event?.(message) ?? null;
				if (event === null) return;
				const source = translate(message, event);
				const [found, ...others] = readEvents(source);
				expect(others).toEqual([]);
				expect(checkEvent(found, EVENT_RULES, Number.POSITIVE_INFINITY)).toEqual([]);
				const { properties, ...fields } = found as Record<string, unknown>;
				const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
				expect(JSON.stringify(properties)).toBe(isObject ? body : `{"body":${body}}`);
				expect(Object.values(fields).every((field) => typeof field === 'string')).toBe(true);
				expect(Object.keys({})).toEqual([]);
			}),
			{ numRuns: inputs(2000) },
		);
	});
});
