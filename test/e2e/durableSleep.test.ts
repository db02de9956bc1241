import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { inFull } from '../support/quick';
import { post, withKey } from '../support/sender';
import { AFTER_SLEEP, UNTIL_CALLED, sleepyWorkflow } from '../support/sleepyWorkflow';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DurableEndpoints, SCOPES, accessWith, apiKeyFor } from './journalAccess';

/** Executions that sleep in a Wait node, with Durable on. */
let instance: Instance;
let endpoints: DurableEndpoints;
let access: object;

beforeAll(async () => {
	instance = await Instance.start('durable-sleep');
	endpoints = await DurableEndpoints.in(instance);
	access = await accessWith(instance.n8n, await apiKeyFor(instance.n8n, [...SCOPES, 'execution:read']));
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

/** Published, with a workflow whose executions sleep. */
async function sleepy(
	parameters: object,
	credential = access,
	settings: object = {},
	wait: object = UNTIL_CALLED,
): Promise<Endpoint> {
	const endpoint = await endpoints.make({ initialDelay: 100, ...parameters }, credential);
	const { nodes } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
	await instance.n8n.api.updateWorkflow(endpoint.workflowId, {
		...sleepyWorkflow(nodes, instance.sink.url, wait),
		settings: { executionOrder: 'v1', ...settings },
	});
	await instance.n8n.api.publish(endpoint.workflowId);
	return endpoint;
}

const send = async ({ url }: Endpoint, body: object) =>
	await post(url, JSON.stringify(body), withKey(API_KEY));
const rowsOf = async (endpoint: Endpoint) => await endpoints.rowsOf(endpoint);
const seen = (output: string) => instance.sink.deliveries.filter((delivery) => delivery.output === output);

async function untilAsleep(endpoint: Endpoint, times = 1): Promise<void> {
	await until('the event before its sleep', () => seen('events').length >= times);
	await until('a sleeping row', async () => (await rowsOf(endpoint))[0]?.state === 'sleeping');
}

/** Wakes the execution that fell asleep last, as a click on a link in a message does. */
async function wake(): Promise<void> {
	const after = seen('after').length;
	expect((await fetch(seen('events').at(-1)?.items[0].wake as string)).status).toBe(200);
	await until('the execution to go on', () => seen('after').length > after);
}

it('one that fails after its sleep is retried, and then dead-lettered with its story', async () => {
	const endpoint = await sleepy({ maxRetries: 1 });
	instance.sink.behave = ({ output }) => ((output as string) === 'after' ? 500 : 200);
	const answer = await send(endpoint, { event_type: 'trial', user_id: 'u1', event_id: randomUUID() });
	expect([answer.status, answer.body.status]).toEqual([200, 'accepted']);
	await untilAsleep(endpoint);
	const [execution] = await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
	expect(await rowsOf(endpoint)).toMatchObject([
		{ state: 'sleeping', attempt: 1, owner: '', claim: `execution ${execution?.id}`, event_type: 'trial' },
	]);
	await wake();
	await untilAsleep(endpoint, 2);
	expect(seen('events')[1]?.items[0]._delivery).toMatchObject({
		attempt: 2,
		last_error: {
			execution_id: execution?.id,
			node: AFTER_SLEEP,
			message: expect.stringContaining('sink says 500'),
		},
	});
	await wake();
	await until('a dead letter', () => instance.sink.from('deadLetter').length === 1);
	expect(instance.sink.from('deadLetter')[0]?.items[0]).toMatchObject({
		...{ reason: 'retries_exhausted', event: { event_type: 'trial', user_id: 'u1' } },
		attempts: {
			count: 2,
			history: [{ node: AFTER_SLEEP, execution_id: execution?.id }, { node: AFTER_SLEEP }],
		},
	});
	await endpoints.untilDeadLetters(endpoint, 1);
}, 120_000);

it('one that ends well is processed, also when n8n was killed while it slept', async () => {
	const endpoint = await sleepy({ options: { keepProcessed: 1 } });
	await send(endpoint, { event_type: 'trial', user_id: 'u2' });
	await untilAsleep(endpoint);
	await instance.n8n.kill();
	await instance.n8n.start();
	expect(await rowsOf(endpoint)).toMatchObject([{ state: 'sleeping', attempt: 1 }]);
	await wake();
	await until('a processed row', async () => (await rowsOf(endpoint))[0]?.state === 'processed');
	expect([seen('events').length, seen('after').length]).toEqual([1, 1]);
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 120_000);

it('one that somebody stopped is retried, by an n8n that did not start it', async () => {
	const endpoint = await sleepy({});
	await send(endpoint, { event_type: 'trial', user_id: 'u3' });
	await untilAsleep(endpoint);
	const [execution] = await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
	await instance.n8n.kill();
	await instance.n8n.start();
	await instance.n8n.api.call('POST', `/executions/${execution?.id}/stop`);
	await untilAsleep(endpoint, 2);
	expect(seen('events')[1]?.items[0]._delivery).toMatchObject({
		attempt: 2,
		last_error: { execution_id: execution?.id, message: expect.stringContaining('cancelled') },
	});
	await wake();
	await endpoints.untilNoRows(endpoint);
}, 120_000);

inFull(() => {
	it('one that goes to sleep for a time is looked at soon after n8n woke it', async () => {
		// Below 65 s n8n does not put it to sleep.
		const endpoint = await sleepy({ maxRetries: 0 }, access, {}, { amount: 70, unit: 'seconds' });
		instance.sink.behave = ({ output }) => ((output as string) === 'after' ? 500 : 200);
		await send(endpoint, { event_type: 'trial' });
		await untilAsleep(endpoint);
		await until('the execution to go on', () => seen('after').length === 1, 90_000);
		await until('a dead letter', () => instance.sink.from('deadLetter').length === 1, 20_000);
		expect(instance.sink.from('deadLetter')[0]?.items[0]).toMatchObject({
			attempts: {
				count: 1,
				history: [{ node: AFTER_SLEEP, message: expect.stringContaining('sink says 500') }],
			},
		});
	}, 150_000);
});

it('one whose execution n8n does not keep counts as processed, and the log names it', async () => {
	const endpoint = await sleepy({}, access, { saveDataSuccessExecution: 'none' });
	await send(endpoint, { event_type: 'trial' });
	await untilAsleep(endpoint);
	await wake();
	await endpoints.untilNoRows(endpoint);
	expect(instance.n8n.log.join('\n')).toMatch(/Execution \d+ slept in a Wait node/);
}, 60_000);

it('with a key that may not read executions it counts as processed, and that is said', async () => {
	const weak = await accessWith(instance.n8n, await apiKeyFor(instance.n8n));
	const endpoint = await sleepy({}, weak);
	await send(endpoint, { event_type: 'trial' });
	await until('the event before its sleep', () => seen('events').length === 1);
	await endpoints.untilNoRows(endpoint);
	instance.sink.behave = () => 500;
	await wake();
	await pause(8_000);
	expect([seen('events').length, await rowsOf(endpoint)]).toEqual([1, []]);
	expect(instance.n8n.log.join('\n')).toContain('may not read executions (scope execution:read)');
	const { baseUrl } = instance.n8n;
	const tested = async (scopes: readonly string[]) =>
		await instance.testOf('gameInsightsN8nApi', { baseUrl, apiKey: await apiKeyFor(instance.n8n, scopes) });
	expect(await tested(SCOPES)).toMatchObject({
		status: 'OK',
		message: expect.stringContaining('Without the scope execution:read'),
	});
	expect((await tested([...SCOPES, 'execution:read'])).message).toBe(
		'n8n can keep events in its Data Tables',
	);
}, 60_000);
