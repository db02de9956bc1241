import fc from 'fast-check';
import { outputOf } from '../../n8n/api';
import { inFull } from '../support/quick';
import { type Headers, post, withKey } from '../support/sender';
import { validEvent } from '../support/generatedEvents';
import { undocumented } from '../support/openApiAnswers';
import jsonTestSuite from '../support/suites/jsonTestSuite.json';
import { TRIGGER } from '../support/workflow';
import { API_KEY, type Endpoint, Instance, until } from './instance';

const PURCHASE = JSON.stringify({
	required: ['user_id', 'properties'],
	properties: {
		properties: {
			required: ['amount'],
			properties: { amount: { type: 'number', minimum: 0 }, currency: { pattern: '^[A-Z]{3}$' } },
		},
	},
});

/** n8n trusts one proxy, so a test says with X-Forwarded-For where its request comes from. */
const FROM = 'x-forwarded-for';

let instance: Instance;
const seenStatuses = new Set<number>();

beforeAll(async () => {
	instance = await Instance.start('events', { N8N_PROXY_HOPS: '1' });
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

/** Every answer of this file is held against docs/openapi.json. */
async function send(endpoint: Endpoint, body: string | Buffer, headers: Headers = {}) {
	const answer = await post(endpoint.url, body, { ...withKey(API_KEY), ...headers });
	expect([answer.text, undocumented(answer)]).toEqual([answer.text, []]);
	seenStatuses.add(answer.status);
	return answer;
}

/** A busy machine may take its time to begin an execution; what is told then is not the matter here. */
const withOptions = async (options: object, isPublished = true) =>
	await instance.endpoint(
		'apiKey',
		{ parameters: { options: { acceptTimeout: 60, ...options } } },
		isPublished,
	);

const schemas = (...rows: Array<[eventType: string, schema: string]>) => ({
	eventSchemas: { schemas: rows.map(([eventType, schema]) => ({ eventType, schema })) },
});

describe('faulty settings are found when the workflow is published, in words', () => {
	it.each([
		[
			'a schema that is no JSON',
			schemas(['purchase', '{"type": ']),
			/The event schema for "purchase" can't be used: it is not JSON/,
		],
		[
			'a schema that is none',
			schemas(['purchase', '{"type": "text"}']),
			/The event schema for "purchase" can't be used: `type` must be/,
		],
		['a reference to nowhere', schemas(['purchase', '{"$ref": "#/$defs/x"}']), /leads nowhere/],
		[
			'two schemas for a type',
			schemas(['purchase', 'true'], ['purchase', 'true']),
			/There are two event schemas for "purchase"/,
		],
		['a schema for no type', schemas(['', 'true']), /An event schema has no event type/],
		[
			'an address that is none',
			{ ipAllowlist: 'localhost' },
			/The IP allowlist has the entry "localhost", which is no address/,
		],
		[
			'a required field that is no path',
			{ requiredFields: 'properties..amount' },
			/The required field "properties..amount" is not a path/,
		],
		[
			'an expression',
			{ eventTypes: '={{ "purchase, login" }}' },
			/"Options → Validation: Event Types" holds an expression, and this node takes none/,
		],
		[
			'an expression in a list',
			{ nonRetryableErrors: ['={{ $vars.text }}'] },
			/"Options → Failure: Non-Retryable Errors" holds an expression/,
		],
		[
			'an expression in a row',
			schemas(['={{ "purchase" }}', 'true']),
			/"Options → Validation: Event Schemas → Event Type" holds an expression/,
		],
	])('%s', async (_, options, words) => {
		const { workflowId } = await withOptions(options, false);
		let told = '';
		await instance.n8n.api.publish(workflowId).catch((error: Error) => (told = error.message));
		expect(told.replaceAll('\\"', '"')).toMatch(words);
	});

	it.each([
		['a schema that is no JSON', schemas(['purchase', '{"type": '])],
		['an expression', { eventTypes: '={{ "purchase" }}' }],
	])('is told before n8n listens for a test event, too: %s', async (_, options) => {
		const { workflowId, workflow } = await withOptions(options, false);
		const { name } = workflow.nodes[0] as { name: string };
		await expect(instance.n8n.api.listenForTestEvent(workflowId, name)).rejects.toThrow(
			/is not JSON|holds an expression/,
		);
	});
});

describe('event schemas', () => {
	let endpoint: Endpoint;
	beforeAll(async () => {
		endpoint = await withOptions(schemas(['purchase', PURCHASE]));
	}, 60_000);

	it('tell the sender what is wrong, and let the good events go on', async () => {
		const answer = await send(
			endpoint,
			JSON.stringify([
				{ event_type: 'purchase', user_id: 'u', properties: { amount: '9,99', currency: 'eur' } },
				{ event_type: 'purchase', user_id: 'u', properties: { amount: 9.99, currency: 'EUR' } },
				{ event_type: 'other' },
			]),
		);
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({ accepted: 2, dead_lettered: 1 });
		expect(answer.body.errors).toEqual([
			{
				index: 0,
				code: 'type',
				path: '/properties/amount',
				message: '`properties.amount` must be a number, it is the text "9,99"',
			},
			{
				index: 0,
				code: 'pattern',
				path: '/properties/currency',
				message: '`properties.currency` must match the pattern ^[A-Z]{3}$, it is the text "eur"',
			},
		]);
		await until('the dead letter', () => instance.sink.from('deadLetter').length === 1);
		const letter = instance.sink.from('deadLetter')[0]?.items[0];
		expect(letter).toMatchObject({
			reason: 'invalid_event',
			stage: 'validate',
			event: { properties: { amount: '9,99' } },
		});
		expect(letter.summary).toContain('`properties.amount` must be a number');
		expect(letter.errors.map(({ rule }: { rule: string }) => rule)).toEqual(['type', 'pattern']);
	});

	it('of lines name the line', async () => {
		const answer = await send(
			endpoint,
			'{"event_type":"other"}\n\n{"event_type":"purchase","user_id":"u"}\n',
			{ 'content-type': 'application/x-ndjson' },
		);
		expect(answer.status).toBe(200);
		expect(answer.body.errors).toEqual([
			{ index: 1, line: 3, code: 'required', path: '/properties', message: '`properties` is missing' },
		]);
	});
});

describe('the IP allowlist', () => {
	let endpoint: Endpoint;
	beforeAll(async () => {
		endpoint = await withOptions({ ipAllowlist: '203.0.113.0/24, 2001:db8::/32' });
	}, 60_000);

	it.each([
		['203.0.113.7', 200],
		['::ffff:203.0.113.7', 200],
		['2001:db8::7', 200],
		['198.51.100.1', 403],
		['203.0.113.7, 198.51.100.1', 403],
		['2001:db9::7', 403],
	])('from %s: %d', async (from, status) => {
		const answer = await send(endpoint, '{"event_type":"a"}', { [FROM]: from });
		expect(answer.status).toBe(status);
		if (status === 403) expect(answer.body.error.code).toBe('address_not_allowed');
	});

	it('comes before the credentials: a stranger learns nothing of them', async () => {
		const answer = await send(endpoint, '{"event_type":"a"}', {
			[FROM]: '198.51.100.1',
			'x-api-key': 'wrong',
		});
		expect([answer.status, answer.body.error.code]).toEqual([403, 'address_not_allowed']);
	});
});

it('the rate limit answers 429 with Retry-After, and strangers do not use it up', async () => {
	const endpoint = await withOptions({ rateLimit: 3 });
	for (let count = 0; count < 5; count++) {
		expect((await send(endpoint, '{"event_type":"a"}', { 'x-api-key': 'wrong' })).status).toBe(401);
	}
	const answers = [];
	for (let count = 0; count < 5; count++) answers.push(await send(endpoint, '{"event_type":"a"}'));
	expect(answers.map(({ status }) => status).slice(0, 4)).toEqual([200, 200, 200, 429]);
	const limited = answers[3];
	expect(limited?.body.error.code).toBe('rate_limited');
	expect(Number(limited?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
	expect(Number(limited?.headers['retry-after'])).toBeLessThanOrEqual(20);
}, 60_000);

inFull(() => {
	describe('JSONTestSuite', () => {
		let endpoint: Endpoint;
		beforeAll(async () => {
			endpoint = await withOptions({});
		}, 60_000);

		const bodyOf = (test: (typeof jsonTestSuite.cases)[number]): Buffer =>
			'repeated' in test && test.repeated !== undefined
				? Buffer.from(test.repeated.repeat(test.times ?? 0))
				: Buffer.from(test.base64 ?? '', 'base64');

		/** Bodies of white space hold nothing that could be kept. */
		const isBlank = (body: Buffer): boolean => /^[ \t\r\n\ufeff]*$/.test(body.toString());

		it('what is JSON is read as JSON; what is not is refused and kept as sent; never anything else', async () => {
			const outcomes: string[] = [];
			let kept = 0;
			for (const test of jsonTestSuite.cases) {
				const body = bodyOf(test);
				const answer = await send(endpoint, body);
				const error = answer.body.error;
				const isReadAsJson = error.code !== 'invalid_body' || !/JSON|UTF-8/.test(error.message);
				if (!isBlank(body) && error.message !== 'The request holds no events.')
					kept += answer.body.error.errors.length > 0 ? 1 : 0;
				const mustBe = { y: true, n: false }[test.name[0] as 'y' | 'n'];
				// None of the suite's texts is an event, so each is refused; by what words tells how it was read.
				if (answer.status !== 400 || (mustBe !== undefined && mustBe !== isReadAsJson && !isBlank(body))) {
					outcomes.push(`${test.name}: ${answer.status} ${error.message}`);
				}
			}
			expect(outcomes).toEqual([]);
			await until(
				`${kept} requests with dead letters`,
				() => instance.sink.from('deadLetter').length >= kept,
				60_000,
			);
			expect(instance.sink.from('events')).toEqual([]);
			expect(jsonTestSuite.cases).toHaveLength(318);
		}, 300_000);
	});
});

it('a round trip: what was sent is what comes out, after JSON has read it', async () => {
	const endpoint = await withOptions({ maxPendingEvents: 100_000 });
	const events = fc.sample(validEvent, { seed: 20_261_124, numRuns: 1_000 });
	const sent: string[] = [];
	for (let start = 0; start < events.length; start += 50) {
		const texts = events.slice(start, start + 50).map((event) => JSON.stringify(event));
		sent.push(...texts);
		const answer = await send(endpoint, `[${texts.join(',')}]`);
		expect([answer.status, answer.body.accepted]).toEqual([200, 50]);
	}
	// As n8n stores them: the node that posts to the sink rewrites some keys on its way out, such as U+0000.
	const executions = await instance.n8n.api.finishedExecutions(endpoint.workflowId, sent.length / 50, 60_000);
	const order = new Map<string, string>();
	for (const { _delivery, ...event } of executions.flatMap((execution) => outputOf(execution, TRIGGER, 0))) {
		order.set(`${_delivery.request_id} ${_delivery.batch.index}`, JSON.stringify(event));
	}
	expect(order.size).toBe(events.length);
	const came = [...order.values()].sort();
	expect(came).toEqual(sent.map((text) => JSON.stringify(JSON.parse(text))).sort());
}, 180_000);

inFull(() => {
	it('the answers seen here were of these kinds', () => {
		expect([...seenStatuses].sort()).toEqual([200, 400, 401, 403, 429]);
	});
});
