import { runInEngine } from '../../lab/engine';
import { GameInsightsWebhookTrigger } from '../../nodes/GameInsightsWebhook/GameInsightsWebhookTrigger.node';
import type { PayloadRequest, Payload } from '../../nodes/GameInsightsWebhook/items/payload';
import type { DeadLetter } from '../../nodes/shared/items/deadLetter';

const request = (text: string, indexes: readonly number[]): PayloadRequest => ({
	id: '8d1f4f7e-0a36-4a0e-9a8f-1c1f1a0c3b7d',
	receivedAt: '2026-11-24T12:00:00.000Z',
	endpoint: 'test',
	sender: { method: 'apiKey', keyId: 'current', claims: null },
	batchSize: indexes.length,
	source: { format: 'json', text },
	places: indexes,
	indexes,
});

const deadLetter: DeadLetter = {
	eventText: '{"user_id":"player-1"}',
	raw: null,
	summary: 'Event 1 of 1 was not accepted: `event_type` is missing.',
	reason: 'invalid_event',
	stage: 'validate',
	errors: [{ path: '/event_type', message: '`event_type` is missing', rule: 'required' }],
	attempts: { count: 0, max: 1, firstAt: null, lastAt: null, history: [] },
	receivedAt: '2026-11-24T12:00:00.000Z',
	deadLetteredAt: '2026-11-24T12:00:00.000Z',
	delivery: {
		id: 'r.0',
		attempt: 0,
		max_attempts: 1,
		automatic_retry: false,
		received_at: '2026-11-24T12:00:00.000Z',
		endpoint: 'test',
		request_id: 'r',
		batch: { id: 'r', index: 0, size: 1 },
		auth: { method: 'apiKey', key_id: 'current', claims: null },
		last_error: null,
	},
	redrive: { count: 0, of: null },
};

const outage: DeadLetter = {
	...deadLetter,
	eventText: null,
	summary: 'Retries are paused: 3 executions in a row with 25 events failed.',
	reason: 'outage',
	stage: 'notice',
	errors: [],
};
const recovered: DeadLetter = { ...outage, summary: 'The outage is over.', reason: 'recovered' };

const payload = (part: Partial<Payload> = {}): Payload => ({
	job: null,
	attempt: 1,
	maxAttempts: 4,
	batches: 'split',
	includeDelivery: false,
	lastError: null,
	requests: [request('{"events":[{"event_type":"a"},{"event_type":"b"}]}', [0, 1])],
	deadLetters: [],
	...part,
});

const run = async (input: object, how: Partial<Parameters<typeof runInEngine>[0]> = {}) =>
	await runInEngine({ nodeType: new GameInsightsWebhookTrigger(), input, ...how });

const jsonOf = (items: any[] | undefined) => items?.map((item) => item.json);

describe.each(['v0', 'v1'] as const)('in execution order %s', (executionOrder) => {
	it.each(['trigger', 'webhook', 'manual'] as const)('events leave on Events in %s mode', async (mode) => {
		const { status, outputs, ran } = await run(payload(), { executionOrder, mode });
		expect(status).toBe('success');
		expect(outputs.map((items) => items.length)).toEqual([2, 0, 0]);
		expect(jsonOf(outputs[0])).toEqual([{ event_type: 'a' }, { event_type: 'b' }]);
		expect(ran).toEqual(['Start', 'Behind 0']);
	});

	it('a second attempt leaves on Retry', async () => {
		const { outputs, ran } = await run(payload({ attempt: 2 }), { executionOrder });
		expect(outputs.map((items) => items.length)).toEqual([0, 2, 0]);
		expect(ran).toEqual(['Start', 'Behind 1']);
	});

	it('a second attempt leaves on Events when nothing is connected to Retry', async () => {
		const { outputs, ran } = await run(payload({ attempt: 2 }), { executionOrder, connected: [0, 2] });
		expect(outputs.map((items) => items.length)).toEqual([2, 0, 0]);
		expect(ran).toEqual(['Start', 'Behind 0']);
	});

	it('dead letters leave on Dead Letter, with the event as an object', async () => {
		const { status, outputs, ran } = await run(payload({ requests: [], deadLetters: [deadLetter] }), {
			executionOrder,
		});
		expect(status).toBe('success');
		expect(outputs.map((items) => items.length)).toEqual([0, 0, 1]);
		expect(jsonOf(outputs[2])).toEqual([
			expect.objectContaining({
				event: { user_id: 'player-1' },
				reason: 'invalid_event',
				summary: deadLetter.summary,
			}),
		]);
		expect(ran).toEqual(['Start', 'Behind 2']);
	});

	it('an execution of dead letters alone fails with their summary when nothing is connected to take them', async () => {
		const { status, error } = await run(payload({ requests: [], deadLetters: [deadLetter] }), {
			executionOrder,
			connected: [0, 1],
		});
		expect(status).toBe('error');
		expect(error.message).toBe(deadLetter.summary);
	});

	it('good events go on beside dead letters that nobody takes, with a hint that says so', async () => {
		const { status, hints, ran } = await run(payload({ deadLetters: [deadLetter] }), {
			executionOrder,
			connected: [0, 1],
		});
		expect(status).toBe('success');
		expect(ran).toEqual(['Start', 'Behind 0']);
		expect(hints).toEqual([
			expect.objectContaining({ message: expect.stringContaining(deadLetter.summary) }),
		]);
	});
});

describe('notices', () => {
	const only = (...deadLetters: DeadLetter[]) => payload({ requests: [], deadLetters });

	it('leave on Dead Letter when something is connected to it, and are no line in the log', async () => {
		const { status, outputs, ran, logged } = await run(only(outage, recovered));
		expect(status).toBe('success');
		expect(jsonOf(outputs[2])).toMatchObject([
			{ event: null, raw: null, stage: 'notice', reason: 'outage', summary: outage.summary },
			{ event: null, raw: null, stage: 'notice', reason: 'recovered', summary: recovered.summary },
		]);
		expect(ran).toEqual(['Start', 'Behind 2']);
		expect(logged).toEqual([]);
	});

	it.each([
		['nothing', []],
		['the other outputs', [0, 1]],
	])('are lines in the log, and no failure, when %s is connected', async (_, connected) => {
		const { status, outputs, hints, logged } = await run(only(outage, recovered), { connected });
		expect(status).toBe('success');
		expect(outputs.flat()).toEqual([]);
		expect(hints).toEqual([]);
		expect(logged).toEqual([
			['warn', `Start: ${outage.summary}`, { reason: 'outage' }],
			['warn', `Start: ${recovered.summary}`, { reason: 'recovered' }],
		]);
	});

	it('beside letters that nobody takes, the execution fails for the letters alone', async () => {
		const letters = [outage, deadLetter, recovered, deadLetter];
		const { status, error, logged } = await run(only(...letters), { connected: [0, 1] });
		expect(status).toBe('error');
		expect(error.message).toBe(`${deadLetter.summary} (and 1 more dead letter)`);
		expect(logged).toHaveLength(2);
	});

	it('beside good events that go on, are no hint', async () => {
		const { status, outputs, hints, logged } = await run(payload({ deadLetters: [outage] }), {
			connected: [0],
		});
		expect([status, hints]).toEqual(['success', []]);
		expect(outputs.map((items) => items.length)).toEqual([2, 0, 0]);
		expect(logged).toHaveLength(1);
	});
});

describe('what n8n shows of an execution in its list', () => {
	const REQUEST = '8d1f4f7e-0a36-4a0e-9a8f-1c1f1a0c3b7d';

	it('is the event, which attempt it is, and the request', async () => {
		const text = '{"event_type":"purchase","event_id":"order-3"}';
		const { highlights } = await run(payload({ attempt: 2, requests: [request(text, [0])] }));
		expect(highlights).toEqual({
			event_id: 'order-3',
			event_types: 'purchase',
			attempt: '2 of 4',
			request_id: REQUEST,
		});
	});

	it('is how many events there are, and each type once', async () => {
		const text =
			'[{"event_type":"a","event_id":"1"},{"event_type":"b","event_id":"2"},{"event_type":"a","event_id":"3"}]';
		const { highlights } = await run(payload({ requests: [request(text, [0, 1, 2])] }));
		expect(highlights).toMatchObject({ event_id: '1, 2, 3', event_types: 'a, b', events: '3' });
	});

	it('is the reason of a dead letter, also when the execution fails because nobody takes it', async () => {
		const letter = { ...deadLetter, eventText: '{"event_id":"order-3"}' };
		const { status, highlights } = await run(payload({ requests: [], deadLetters: [letter] }), {
			connected: [0],
		});
		expect(status).toBe('error');
		expect(highlights).toEqual({ event_id: 'order-3', request_id: 'r', reason: 'invalid_event' });
	});

	it('holds nothing that n8n refuses, whatever an event holds: it goes on when testing, too', async () => {
		const text = JSON.stringify({ event_type: 'a', event_id: `\u0000${'x'.repeat(400)}` });
		const { status, highlights } = await run(payload({ requests: [request(text, [0])] }), { mode: 'manual' });
		expect(status).toBe('success');
		expect(highlights.event_id).toBe('x'.repeat(255));
	});
});

it('an execution of the queue tells that it has begun, with its id, before anything behind it runs', async () => {
	const { responses, ran } = await run(payload({ job: 'job-1' }));
	expect(responses).toEqual([expect.objectContaining({ body: { gameInsights: 'begun', executionId: '7' } })]);
	expect(ran[0]).toBe('Start');
});

it('an execution without a queue behind it sends nothing back', async () => {
	expect((await run(payload())).responses).toEqual([]);
});

it('started by hand without a request, it succeeds with nothing and a hint', async () => {
	const { status, outputs, hints } = await run({});
	expect(status).toBe('success');
	expect(outputs.flat()).toEqual([]);
	expect(hints).toEqual([expect.objectContaining({ message: expect.stringContaining('No request') })]);
});

it('keys such as __proto__ arrive as the event had them, and change nothing else', async () => {
	const text =
		'{"event_type":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
	const { outputs } = await run(payload({ requests: [request(text, [0])] }));
	expect(JSON.stringify(outputs[0]?.[0].json)).toBe(text);
	expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('keys that n8n gives a meaning on an item cost no event', () => {
	it.each([
		['{"$error":{"message":"m"},"$json":{"z":1}}', { _$error: { message: 'm' }, _$json: { z: 1 } }],
		['{"$error":null,"$json":null}', { _$error: null, _$json: null }],
		[
			'{"$json":1,"$error":"text","_$json":2,"__$json":3}',
			{ _$error: 'text', ___$json: 1, _$json: 2, __$json: 3 },
		],
		['{"$error":{"message":"m"}}', { $error: { message: 'm' } }],
		['{"$json":{"z":1}}', { $json: { z: 1 } }],
		['{"_files":"text"}', { __files: 'text' }],
		['{"_files":{"data":{"id":"filesystem-v2:x"}}}', { __files: { data: { id: 'filesystem-v2:x' } } }],
		['{"__isTrimmedManualExecutionDataItem":true}', { ___isTrimmedManualExecutionDataItem: true }],
		['{"error":"e"}', { error: 'e' }],
		[
			'{"error":{"message":"e"},"message":"m","details":"d"}',
			{ error: { message: 'e' }, message: 'm', details: 'd' },
		],
		[
			'{"json":{"a":1},"binary":{"data":{}},"pairedItem":{"item":9}}',
			{ json: { a: 1 }, binary: { data: {} }, pairedItem: { item: 9 } },
		],
		['{"isArtificialRecoveredEventItem":true}', { isArtificialRecoveredEventItem: true }],
	])('%s', async (fields, arrived) => {
		const text = `{"event_type":"a",${fields.slice(1)}`;
		const { status, outputs, ran, behind } = await run(payload({ requests: [request(text, [0])] }));
		expect(status).toBe('success');
		expect(jsonOf(outputs[0])).toEqual([{ event_type: 'a', ...arrived }]);
		expect(ran).toEqual(['Start', 'Behind 0']);
		expect(jsonOf(behind[0])).toEqual([{ event_type: 'a', ...arrived }]);
	});

	it('kept together and in dead letters they are out of its sight', async () => {
		const event = { event_type: 'a', $error: { message: 'm' }, $json: { z: 1 }, _files: 'text' };
		const text = JSON.stringify(event);
		const { outputs } = await run(payload({ batches: 'keep', requests: [request(text, [0])] }));
		expect(jsonOf(outputs[0])).toEqual([{ events: [event] }]);
		const letter = { ...deadLetter, eventText: text };
		const dead = await run(payload({ requests: [], deadLetters: [letter] }));
		expect(jsonOf(dead.outputs[2])).toEqual([expect.objectContaining({ event })]);
	});

	it.each([
		['Retry On Fail', { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 }],
		['On Error: continue', { onError: 'continueRegularOutput' }],
	])('nor does `error` with %s', async (_, nodeSettings) => {
		const text = '{"event_type":"crash","error":"out of memory"}';
		const { status, outputs } = await run(payload({ requests: [request(text, [0])] }), { nodeSettings });
		expect(status).toBe('success');
		expect(jsonOf(outputs[0])).toEqual([{ event_type: 'crash', error: 'out of memory' }]);
	});
});
