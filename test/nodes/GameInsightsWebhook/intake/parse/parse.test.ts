import { parse } from '../../../../../nodes/GameInsightsWebhook/intake/parse/parse';
import { BadLine } from '../../../../../nodes/shared/events/valuesIn';
import type { Source } from '../../../../../nodes/shared/events/source';
import { incomingRequest } from '../../../../support/incomingRequest';
import { refusedBy } from '../../../../support/refused';

const FORM = 'application/x-www-form-urlencoded';
const requestOf = (body: string | Buffer, type = 'application/json') =>
	incomingRequest({ headers: [['Content-Type', type]], body });
const parsed = (body: string | Buffer, type?: string) => parse(requestOf(body, type), null, 10);

describe('a body', () => {
	it.each([
		['one event', '{"event_type":"a"}', [{ event_type: 'a' }]],
		['a bare array', ' [1, {"a":2}]', [1, { a: 2 }]],
		['a list named events', '{"events":[{"a":1}]}', [{ a: 1 }]],
	])('of JSON: %s', (_, text, values) => {
		expect(parsed(text)).toEqual({
			kind: 'events',
			source: { format: 'json', text },
			values,
			isTranslated: false,
		});
	});

	it('of lines keeps its places, whatever the first line is', () => {
		expect(parsed('rubbish\n{"a":1}', 'application/x-ndjson')).toMatchObject({
			source: { format: 'ndjson', text: 'rubbish\n{"a":1}' },
			values: [expect.any(BadLine), { a: 1 }],
		});
	});

	it('that is no byte long is refused as such, whatever it is called', async () => {
		const refusal = await refusedBy(() => parsed('', 'image/png'));
		expect([refusal.status, refusal.message]).toEqual([400, 'The request holds no events.']);
	});

	it('of lines', () => {
		const text = '{"a":1}\n{"a":2}\n';
		expect(parsed(text, 'application/x-ndjson')).toEqual({
			...{
				kind: 'events',
				source: { format: 'ndjson', text },
				values: [{ a: 1 }, { a: 2 }],
				isTranslated: false,
			},
		});
	});

	it.each([
		['{"a":1}\n{"a":2}', 'application/json', [{ a: 1 }, { a: 2 }]],
		['\n {"a":1}\r\n\n{"a":2}\r\n', 'text/plain', [{ a: 1 }, { a: 2 }]],
		['{"a":1}\n{"events":[]}\n{"a":3}', '', [{ a: 1 }, { events: [] }, { a: 3 }]],
		['{"a":1}\n{"a":2}\n{"a"', 'text/json', [{ a: 1 }, { a: 2 }, expect.any(BadLine)]],
		['{"a":1}\n{"a":2}', FORM, [{ a: 1 }, { a: 2 }]],
	])('of lines under another name is read for what it is: %j as %s', (text, type, values) => {
		const source = { format: 'ndjson', text };
		expect(parsed(text, type)).toEqual({ kind: 'events', source, values, isTranslated: false });
	});

	it.each([
		'{"a":1}\nrubbish',
		'{"a":1} {"a":2}',
		'[1]\n[2]',
		'{"a":1}\n}',
		'{\n"a":1}\n{"b":2}',
		'{"a":1},\n{"a":2}',
	])('that is no JSON is not taken for lines where it may be something broken: %j', (text) => {
		expect(parsed(text)).toMatchObject({ kind: 'unreadable', source: { format: 'json', text } });
	});

	it('of lines under another name may hold as many events as any other', async () => {
		const lines = Array.from({ length: 11 }, (_, n) => `{"n":${n}}`).join('\n');
		expect((await refusedBy(() => parsed(lines))).code).toBe('too_many_events');
	});

	it.each(['{"a":1}', '[{"a":1}]', '\r\n\t [{"a":1}]'])(
		"labelled as a form, as curl's -d does it, is JSON when it begins like it: %j",
		(text) => {
			expect(parsed(text, FORM)).toEqual({
				...{ kind: 'events', source: { format: 'json', text }, values: [{ a: 1 }], isTranslated: false },
			});
		},
	);

	it.each([
		['a=1&b=2', { a: '1', b: '2' }],
		['payload=%7B%22a%22%3A1%7D', { a: 1 }],
	])('that is a form is its fields, or the JSON in its payload: %j', (text, value) => {
		expect(parsed(text, FORM)).toMatchObject({ kind: 'events', values: [value], isTranslated: false });
	});

	it('that is a form in no text is kept as text, with what is wrong', () => {
		expect(parsed('a=%ff', FORM)).toMatchObject({
			kind: 'unreadable',
			source: { format: 'json', text: 'a=%ff' },
			fault: { status: 400, rule: 'encoding' },
		});
	});

	it.each([
		['of another type', 'hello', 'text/csv', 415, 'hello'],
		['that is no JSON', '{"a":', undefined, 400, '{"a":'],
		['that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), undefined, 400, '{\uFFFD}'],
	])('%s is kept as text, with what is wrong', (_, body, type, status, text) => {
		expect(parsed(body, type)).toEqual({
			kind: 'unreadable',
			source: { format: 'json', text },
			fault: expect.objectContaining({ status }),
		});
	});

	it.each(['', ' \t\r\n', '[]', '{"events":[]}'])('that holds no event is refused: %j', async (text) => {
		for (const type of ['application/json', FORM]) {
			const refusal = await refusedBy(() => parsed(text, type));
			expect([refusal.status, refusal.code, refusal.message]).toEqual([
				...[400, 'invalid_body', 'The request holds no events.'],
			]);
		}
	});

	it('in a sender’s own format is read by its recipe, and as usual where the recipe can not', () => {
		const source: Source = { format: 'json', text: '{"event_type":"translated"}' };
		expect(parse(requestOf('anything'), () => source, 10)).toMatchObject({
			values: [{ event_type: 'translated' }],
			isTranslated: true,
		});
		expect(parse(requestOf('{"a":1}'), () => null, 10)).toMatchObject({
			values: [{ a: 1 }],
			isTranslated: false,
		});
	});
});
