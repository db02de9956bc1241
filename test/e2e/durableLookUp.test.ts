import { randomUUID } from 'node:crypto';
import { outputOf } from '../../lab/api';
import { post, withKey } from '../support/sender';
import { TRIGGER } from '../support/workflow';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DurableEndpoints, SCOPES, accessWith, apiKeyFor } from './journalAccess';

/** The action node's operations that look things up, in a real n8n at its defaults. */
let instance: Instance;
let endpoints: DurableEndpoints;
let access: object;

beforeAll(async () => {
	instance = await Instance.shared();
	endpoints = await DurableEndpoints.in(instance);
	access = await accessWith(instance.n8n, await apiKeyFor(instance.n8n, [...SCOPES, 'execution:list']));
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const NODE = 'Look Up';

/** Runs the action node once, as somebody does who clicks *Execute workflow*. */
async function look(parameters: Record<string, unknown>, credentials: object = access): Promise<any> {
	const node = (name: string, type: string, more: object) => ({
		...{ id: randomUUID(), name, type, typeVersion: 1, position: [0, 0], parameters: {} },
		...more,
	});
	const { id } = await instance.n8n.api.createWorkflow({
		name: `Look up ${randomUUID()}`,
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node(NODE, 'n8n-nodes-game-insights.gameInsightsWebhook', { parameters, credentials }),
		],
		connections: { Start: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	});
	const run = { triggerToStartFrom: { name: 'Start' } };
	const { executionId } = await instance.n8n.api.call('POST', `/workflows/${id}/run`, run);
	await until('the look-up', async () => {
		const { status } = await instance.n8n.api.execution(executionId);
		return status !== 'new' && status !== 'running';
	});
	return await instance.n8n.api.execution(executionId);
}

async function itemsOf(parameters: Record<string, unknown>, credentials?: object): Promise<any[]> {
	const execution = await look(parameters, credentials);
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return outputOf(execution, NODE);
}

const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const deadOf = async (endpoint: Endpoint) =>
	(await endpoints.deadLettersOf(endpoint)).filter(({ state }) => state === 'dead').length;

describe('dead letters of a table', () => {
	const buy = (n: number, more: object = {}) => ({
		...{ event_type: 'purchase', user_id: `u${n}`, event_id: randomUUID(), n, ...more },
	});

	it('are found by what they say, and sent through again at a pace, after a dry run', async () => {
		const endpoint = await endpoints.make({ retry: false });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		await send(endpoint, buy(1, { item: 'Sword of Truth' }));
		await send(endpoint, buy(2));
		await send(endpoint, buy(3));
		await send(endpoint, { event_type: 'level', user_id: 'u1' });
		await send(endpoint, [{ no: 'type' }]);
		await until('five dead letters', async () => (await deadOf(endpoint)) === 5);

		const { workflowId } = endpoint;
		const find = async (filters: object, more: object = {}) =>
			await itemsOf({ resource: 'deadLetter', operation: 'find', workflowId, filters, ...more });
		const all = await find({});
		expect(all).toHaveLength(5);
		expect(await find({}, { limit: 2 })).toEqual(all.slice(0, 2));
		expect(await find({ eventType: 'purchase' })).toHaveLength(3);
		expect(await find({ userId: 'u1' })).toHaveLength(2);
		expect(await find({ reasons: ['invalid_event'] })).toMatchObject([
			{
				reason: 'invalid_event',
				event: { no: 'type' },
				row: { table: expect.stringMatching(/^game_insights_journal/) },
			},
		]);
		expect(await find({ after: '2000-01-01T00:00:00', before: '2001-01-01T00:00:00' })).toEqual([]);
		const [sword] = await find({ text: 'sword of truth' });
		expect(sword).toMatchObject({
			...{ reason: 'retries_exhausted', event: { n: 1 }, redrive: { count: 0 } },
			attempts: { count: 1, history: [{ execution_url: expect.stringContaining(workflowId) }] },
			_delivery: { id: expect.any(String) },
		});

		const redrive = async (parameters: object) => {
			const filters = { eventType: 'purchase' };
			const operation = { resource: 'deadLetter', operation: 'redriveMatching' };
			return await itemsOf({ ...operation, workflowId, filters, ...parameters });
		};
		const dry = await redrive({});
		expect(dry.map(({ status, progress }) => [status, progress])).toEqual([
			['matches', { number: 1, of: 3 }],
			['matches', { number: 2, of: 3 }],
			['matches', { number: 3, of: 3 }],
		]);
		expect(await deadOf(endpoint)).toBe(5);

		instance.sink.behave = () => 200;
		const startedAtMs = Date.now();
		const done = await redrive({ dryRun: false, redrivesPerSecond: 2 });
		// Three at two a second: the last one a second after the first.
		expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(1_000);
		expect(done.map(({ status }) => status)).toEqual(Array(3).fill('redriven'));
		const again = () =>
			instance.sink.deliveries
				.flatMap(({ items }) => items)
				.filter(({ _delivery }) => _delivery?.redrive?.count === 1);
		await until('the three events', () => again().length === 3);
		expect(
			again()
				.map(({ n }) => n)
				.sort(),
		).toEqual([1, 2, 3]);
		await endpoints.untilDeadLetters(endpoint, 2);
	});

	it('without Durable there is nothing to look in, and the node says what to do', async () => {
		const operation = { resource: 'deadLetter', operation: 'find', workflowId: 'w' };
		const bare = await look(operation, {});
		expect(bare.data.resultData.error).toMatchObject({
			message: expect.stringContaining('Choose a credential for Game Insights Data Tables API'),
			description: expect.stringContaining('Only triggers with Durable keep their dead letters'),
		});
		const other = await look({ ...operation, journalTable: 'no_such_table' });
		expect(other.data.resultData.error.message).toBe('There is no Data Table "no_such_table"');
	});
});

describe('the story of an event', () => {
	const story = async (endpoint: Endpoint, value: string, findBy = 'event_id', credentials?: object) =>
		await itemsOf(
			{ resource: 'event', operation: 'getStory', workflowId: endpoint.workflowId, findBy, value },
			credentials,
		);

	it('without Durable: a failed attempt, a good one, and the executions they were in', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100 } });
		instance.sink.behave = ({ output }) => (output === 'retry' ? 200 : 500);
		const event_id = randomUUID();
		const { body } = await send(endpoint, { event_type: 'purchase', user_id: 'story-user', event_id });
		const [first, second] = await instance.n8n.api.finishedExecutions(endpoint.workflowId, 2);
		const expected = {
			...{ status: 'processed', event_id, user_id: 'story-user', request_id: body.request_id },
			attempts: { count: 2 },
			executions: [
				{ execution_id: first?.id, status: 'error', output: 'Events', attempt: 1 },
				{ execution_id: second?.id, status: 'success', output: 'Retry', attempt: 2 },
			],
			found_in: ['executions'],
		};
		expect(await story(endpoint, event_id)).toMatchObject([expected]);
		expect(await story(endpoint, body.request_id, 'request_id')).toMatchObject([expected]);
		const [byUser] = await story(endpoint, 'story-user', 'user_id');
		expect(byUser).toMatchObject(expected);
		expect(byUser.executions[0].execution_url).toBe(
			`${instance.n8n.baseUrl}/workflow/${endpoint.workflowId}/executions/${first?.id}`,
		);
	});

	it('without any credential: what waits in the queue of this process', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 60_000 } });
		instance.sink.behave = () => 500;
		const event_id = randomUUID();
		await send(endpoint, { event_type: 'purchase', event_id });
		await instance.n8n.api.finishedExecutions(endpoint.workflowId, 1);
		expect(await story(endpoint, event_id, 'event_id', {})).toMatchObject([
			{ status: 'retrying', attempts: { count: 1 }, executions: [{ status: 'error' }], found_in: ['queue'] },
		]);
		expect(await story(endpoint, 'nobody', 'event_id', {})).toEqual([
			{
				...{ status: 'unknown', found_in: [] },
				summary: 'Nothing is known of "nobody". Looked in: the queue of this n8n process.',
			},
		]);
	});

	it('with Durable: a dead letter, where it lies and how it came there', async () => {
		const endpoint = await endpoints.make({ maxRetries: 1, initialDelay: 100 });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		const event_id = randomUUID();
		await send(endpoint, { event_type: 'purchase', event_id });
		await until('the dead letter', async () => (await deadOf(endpoint)) === 1);
		const [dead, ...others] = await story(endpoint, event_id);
		expect(others).toEqual([]);
		expect(dead).toMatchObject({
			...{ status: 'dead_letter', event_id, attempts: { count: 2 } },
			dead_letter: { reason: 'retries_exhausted' },
			executions: [{ output: 'Events' }, { output: 'Retry' }, { output: 'Dead Letter' }],
			found_in: [expect.stringMatching(/^game_insights_journal/), 'executions'],
		});
		expect(dead.summary).toMatch(/^It came at .* It was executed 2 times\. It became a dead letter\./);
	});

	it('a key that may not list executions still tells what the journal knows, and says so', async () => {
		const endpoint = await endpoints.make({ retry: false });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		const event_id = randomUUID();
		await send(endpoint, { event_type: 'purchase', event_id });
		await until('the dead letter', async () => (await deadOf(endpoint)) === 1);
		const weak = await accessWith(instance.n8n, await apiKeyFor(instance.n8n));
		const parameters = {
			resource: 'event',
			operation: 'getStory',
			workflowId: endpoint.workflowId,
			value: event_id,
		};
		const execution = await look(parameters, weak);
		expect(outputOf(execution, NODE)).toMatchObject([
			{ status: 'dead_letter', found_in: [expect.stringMatching(/^game_insights_journal/)] },
		]);
		const hints = execution.data.resultData.runData[NODE][0].hints.map(({ message }: any) => message);
		expect(hints).toEqual([expect.stringContaining('give it the scope execution:list')]);
	});
});

it('figures of an endpoint, in regular mode', async () => {
	const endpoint = await instance.endpoint('apiKey');
	await send(endpoint, [{ event_type: 'a' }, { event_type: 'b' }, { no: 'type' }]);
	await post(endpoint.url, '[]', withKey('not the key at all, but as long as one'));
	await instance.n8n.api.finishedExecutions(endpoint.workflowId, 2);
	const figures = { resource: 'endpoint', operation: 'getFigures', workflowId: endpoint.workflowId };
	expect(await itemsOf(figures, {})).toMatchObject([
		{
			...{ workflow_id: endpoint.workflowId, live: true, requests: 2, received: 3, accepted: 2, invalid: 1 },
			...{ processed: 2, dead_lettered: 1, waiting: 0, running: 0, breaker: 'closed' },
			refused: { unauthorized: 1 },
		},
	]);
});

describe('a test event, before there is a sender', () => {
	const parameters = { resource: 'event', operation: 'sendTest', authentication: 'apiKey' };

	it.each([
		['of Game Insights', {}, { sample: 'gameInsights' }, { event_type: 'purchase', user_id: 'player-1' }],
		[
			'of a format',
			{ eventFormat: 'segment' },
			{ sample: 'segment' },
			{ event_type: 'Level up', user_id: 'player-7' },
		],
		[
			'of a schema of their own',
			{},
			{ sample: 'schema', schemaEventType: 'jump', schema: '{"properties":{"height":{"minimum":3}}}' },
			{ event_type: 'jump', height: 3 },
		],
	])(
		'shows the fields of Events and Dead Letter in the editor: %s',
		async (_name, trigger, sample, fields) => {
			const credentials = await instance.credential('apiKey');
			const { workflowId, testUrl } = await instance.endpoint(
				'apiKey',
				{ credentials, parameters: trigger },
				false,
			);
			await instance.n8n.api.listenForTestEvent(workflowId, TRIGGER);
			const [told] = await itemsOf({ ...parameters, ...sample, url: testUrl }, credentials);
			expect(told.http_status).toBe(200);
			const executions = await instance.n8n.api.finishedExecutions(workflowId, 1);
			const left = (output: number) => executions.flatMap((one) => outputOf(one, TRIGGER, output));
			expect(left(0)[0]).toMatchObject({ ...fields, _delivery: { attempt: 1 } });
			expect(left(2)).toMatchObject([{ reason: 'invalid_event' }]);
		},
	);

	it('where nobody listens it says what to click', async () => {
		const credentials = await instance.credential('apiKey');
		const { testUrl } = await instance.endpoint('apiKey', { credentials }, false);
		const execution = await look({ ...parameters, sample: 'gameInsights', url: testUrl }, credentials);
		expect(execution.data.resultData.error).toMatchObject({
			message: 'The webhook answered 404',
			description: expect.stringContaining('click "Execute step"'),
		});
	});
});
