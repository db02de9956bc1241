import { buildIntakeRules, type IntakeSettings } from '../../../../../nodes/GameInsightsWebhook/intake/rules';
import { readEvents } from '../../../../../nodes/shared/events/events';
import type { Source } from '../../../../../nodes/shared/events/source';
import { validate } from '../../../../../nodes/GameInsightsWebhook/intake/validate/validate';
import { ARRIVAL_MS } from '../../../../support/incomingRequest';
import { takenJson, USUAL_SETTINGS } from '../../../../support/taken';

function judged(text: string, settings: Partial<IntakeSettings> = {}, format: Source['format'] = 'json') {
	const source = { format, text };
	const rules = buildIntakeRules({ ...USUAL_SETTINGS, ...settings });
	return validate({ source, values: readEvents(source) }, rules, ARRIVAL_MS, {
		sender: { method: 'hmac', keyId: 'current', claims: null },
		deduplicationKey: 'digest',
	});
}

describe('validate', () => {
	it('names the value that puts an event in order, where there is one', () => {
		const text = '[{"event_type":"a","user_id":"u1"},{"event_type":"a"}]';
		const keysOf = (orderBy: string) => judged(text, { orderBy }).accepted.map(({ orderKey }) => orderKey);
		expect(keysOf('user_id')).toEqual(['=u1', undefined]);
		expect(keysOf('')).toEqual([undefined, undefined]);
	});

	it('lets good events go on while bad ones are rejected, each as it was sent', () => {
		const { accepted, rejected, ignored, errors } = judged(
			'[{"event_type":"a"}, { "event_type" : 5.0 }, {"event_type":"b"}]',
		);
		const error = {
			index: 1,
			code: 'type',
			path: '/event_type',
			message: '`event_type` must be text, it is the number 5',
		};
		expect(accepted).toEqual([
			{ index: 0, deduplicationKey: 'request:0:digest' },
			{ index: 2, deduplicationKey: 'request:2:digest' },
		]);
		expect(rejected).toEqual([
			{
				index: 1,
				eventText: '{ "event_type" : 5.0 }',
				raw: null,
				reason: 'invalid_event',
				stage: 'validate',
				summary: 'Event 2 of 3 was not accepted: `event_type` must be text, it is the number 5.',
				errors: [error],
			},
		]);
		expect(errors).toEqual([error]);
		expect(ignored).toBe(0);
	});

	it('says nothing of a request without faults', () => {
		expect(judged('{"event_type":"a","event_id":"e"}')).toEqual({
			accepted: [{ index: 0, deduplicationKey: 'event:e' }],
			rejected: [],
			ignored: 0,
			errors: [],
		});
	});

	it.each([
		['user_id', '{"event_type":"a","user_id":76561198012345679}', '76561198012345679'],
		['event_id', '{"event_type":"a","event_id":820982911946154508}', '820982911946154508'],
		['event_type', '{"event_type":18446744073709551615}', '18446744073709551615'],
	])('tells a long number from text in `%s`, and shows all its digits', (field, text, digits) => {
		const message = `\`${field}\` must be text, it is the number ${digits}`;
		for (const [body, format] of [
			[text, 'json'],
			[`{"events":[${text}]}`, 'json'],
			[`${text}\n`, 'ndjson'],
		] as const) {
			const { rejected } = judged(body, {}, format);
			expect(rejected).toEqual([
				expect.objectContaining({
					eventText: text,
					summary: expect.stringContaining(`was not accepted: ${message}.`),
				}),
			]);
		}
	});

	it('judges long numbers as numbers by the schema, beside events without any', () => {
		const eventSchemas = [
			{
				eventType: 'a',
				schema:
					'{"properties":{"properties":{"properties":{"id":{"type":"integer","minimum":76561198012345679}}}}}',
			},
		];
		const event = (id: string): string => `{"event_type":"a","properties":{"id":${id}}}`;
		const ids = ['76561198012345679', '76561198012345678', '"76561198012345679"', '7', '1e300'];
		const { accepted, errors } = judged(`[${ids.map(event).join()}]`, { eventSchemas });
		expect(accepted.map(({ index }) => index)).toEqual([0, 4]);
		expect(errors.map(({ index, code }) => [index, code])).toEqual([
			[1, 'minimum'],
			[2, 'type'],
			[3, 'minimum'],
		]);
	});

	it.each(['toString', 'valueOf', 'hasOwnProperty', '__proto__', 'properties.constructor'])(
		'finds the required field %s missing, though every object inherits something of that name',
		(name) => {
			const { errors } = judged('{"event_type":"a","properties":{}}', { requiredFields: [name] });
			expect(errors).toEqual([
				expect.objectContaining({ code: 'required', path: `/${name.replace('.', '/')}` }),
			]);
		},
	);

	it('rejects a line that is not JSON as what it is: text', () => {
		const { accepted, rejected } = judged(
			'{"event_type":"a"}\n{"event_type":\n{"event_type":"b"}',
			{},
			'ndjson',
		);
		expect(accepted.map(({ index }) => index)).toEqual([0, 2]);
		expect(rejected).toEqual([
			{
				index: 1,
				eventText: null,
				raw: '{"event_type":',
				reason: 'malformed_body',
				stage: 'parse',
				summary:
					'Event 2 of 3 was not accepted: the line is not valid JSON: it breaks off at line 2, column 15.',
				errors: [
					{
						index: 1,
						line: 2,
						code: 'json',
						path: '',
						message: 'The line is not valid JSON: it breaks off at line 2, column 15',
					},
				],
			},
		]);
	});

	it.each([
		[
			'nested too deep',
			`{"event_type":"a","properties":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
			'depth',
		],
		['nested too deep and no object', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'depth'],
		['with a number that no double can hold', '{"event_type":"a","properties":{"x":1e400}}', 'number'],
	])('keeps an event %s as text alone', (_, text, code) => {
		const { accepted, rejected } = judged(`[{"event_type":"a"},${text}]`);
		expect(accepted).toHaveLength(1);
		expect(rejected).toMatchObject([
			{
				index: 1,
				eventText: null,
				raw: text,
				reason: 'invalid_event',
				stage: 'validate',
				errors: [{ index: 1, code }],
			},
		]);
	});

	it('ignores events of a type that is not taken, and looks no further at them', () => {
		const { accepted, rejected, ignored } = judged(
			'[{"event_type":"a"},{"event_type":"b","user_id":5},{"event_type":"A"},{"event_type":" "},{"event_type":1},{},5]',
			{ eventTypes: ['a'] },
		);
		expect(accepted.map(({ index }) => index)).toEqual([0]);
		expect(ignored).toBe(2);
		expect(rejected.map(({ index }) => index)).toEqual([3, 4, 5, 6]);
	});

	it('takes all types when none is listed', () => {
		expect(
			judged('[{"event_type":"a"},{"event_type":"constructor"}]', { eventTypes: [] }).accepted,
		).toHaveLength(2);
	});

	it('tells at most 20 errors an event and 100 an answer', () => {
		const requiredFields = Array.from({ length: 30 }, (_, at) => `f${at}`);
		const { rejected, errors } = judged(JSON.stringify(Array(10).fill({ event_type: 'a' })), {
			requiredFields,
		});
		expect(rejected[0]?.errors).toHaveLength(21);
		expect(rejected[0]?.errors.at(-1)).toEqual({
			index: 0,
			code: 'more',
			path: '',
			message: '10 more errors are not listed',
		});
		expect(errors).toHaveLength(101);
		expect(errors.at(-1)).toEqual({
			index: null,
			code: 'more',
			path: '',
			message: '200 more errors are not listed',
		});
	});

	it('says on which line each faulty event stands, blank lines counted', () => {
		const { errors } = judged('\n{"event_type":"a"}\n\n{"event_type":7}\n{}', {}, 'ndjson');
		expect(errors.map(({ index, line, code }) => [index, line, code])).toEqual([
			[1, 4, 'type'],
			[2, 5, 'required'],
		]);
	});

	it('checks an event against the schema of its type, and tells a fault once that both rules find', () => {
		const schema = JSON.stringify({
			required: ['user_id', 'properties'],
			properties: { properties: { required: ['amount'], properties: { amount: { type: 'number' } } } },
		});
		const settings = { requiredFields: ['user_id'], eventSchemas: [{ eventType: 'purchase', schema }] };
		const { accepted, errors } = judged(
			'[{"event_type":"purchase","properties":{"amount":"9,99"}},{"event_type":"other","user_id":"u"}]',
			settings,
		);
		expect(accepted.map(({ index }) => index)).toEqual([1]);
		expect(errors).toEqual([
			{ index: 0, code: 'required', path: '/user_id', message: '`user_id` is missing' },
			{
				index: 0,
				code: 'type',
				path: '/properties/amount',
				message: '`properties.amount` must be a number, it is the text "9,99"',
			},
		]);
	});
});

describe('what was sent again out of dead letters', () => {
	const redrive = [{ count: 2, of: 'r.0' }, { count: 1, of: 'r.1' }, null];
	const events = [{ event_type: 'a' }, { event_type: 5 }, { event_type: 'b', event_id: 'e' }];

	it('says so in its identity and in its dead letter', async () => {
		const { accepted, rejected } = await takenJson({ events, redrive });
		expect(accepted).toEqual([
			{ index: 0, deduplicationKey: 'redrive:2:delivery:r.0', redrive: redrive[0] },
			{ index: 2, deduplicationKey: 'event:e' },
		]);
		expect(rejected.map((one) => [one.index, one.redrive])).toEqual([[1, redrive[1]]]);
		expect((await takenJson({ events })).rejected[0]).not.toHaveProperty('redrive');
	});
});

it('two faults of one field are both told where they are of two kinds', async () => {
	const schema = '{"properties":{"user_id":{"minLength":2,"pattern":"^[a-z]+$"}}}';
	const { errors } = await takenJson(
		{ event_type: 'a', user_id: '1' },
		{ eventSchemas: [{ eventType: 'a', schema }] },
	);
	expect(errors.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
		'minLength /user_id',
		'pattern /user_id',
	]);
});
