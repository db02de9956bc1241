import { randomUUID } from 'node:crypto';
import { Postgres } from '../../lab/postgres';
import { freePort } from '../../lab/ports';
import { API_KEY, type Endpoint, Instance, until } from '../e2e/instance';
import { post, withKey } from '../support/sender';
import { TRIGGER } from '../support/workflow';

/**
 * n8n's Engine 2.0 switched on: one process, with a SQLite of its own and a PostgreSQL for the engine. It is
 * here, and not with the other tests on one process, because these have a PostgreSQL.
 */
let postgres: Postgres;
let instance: Instance;

beforeAll(async () => {
	postgres = await Postgres.start();
	const [enginePort, controlPlanePort] = [await freePort(), await freePort()];
	instance = await Instance.start('engine-2', {
		N8N_ENABLED_MODULES: 'engine-v2',
		N8N_ENGINE_DATABASE_URL: `postgres://n8n@127.0.0.1:${postgres.port}/postgres`,
		N8N_ENGINE_HOST: '127.0.0.1',
		N8N_ENGINE_PORT: String(enginePort),
		N8N_ENGINE_CONTROL_PLANE_PORT: String(controlPlanePort),
	});
}, 300_000);

afterAll(async () => {
	await instance?.remove();
	await postgres?.remove();
}, 90_000);

beforeEach(async () => await instance.calm());

const ENGINE_2 = { settings: { engineType: 'v2' } };
const EVENT = '{"event_type":"purchase","user_id":"p-1"}';
const send = async (url: string) => await post(url, EVENT, withKey(API_KEY));

/** Nothing of ours came out anywhere, however long one waits for it. */
async function nothingRan({ workflowId }: Endpoint): Promise<void> {
	await instance.calm();
	expect(instance.sink.deliveries).toEqual([]);
	expect(await instance.n8n.api.executions({ workflowId })).toEqual([]);
}

it("runs a workflow that is set to it and starts with n8n's own webhook", async () => {
	const { workflow } = await instance.endpoint('apiKey', ENGINE_2, false);
	const path = randomUUID();
	const webhook = {
		id: randomUUID(),
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		position: [0, 0],
		webhookId: path,
		parameters: { path, httpMethod: 'POST', options: {} },
	};
	const { id } = await instance.n8n.api.createWorkflow({
		name: 'With Engine 2.0',
		nodes: [webhook, workflow.nodes[1]],
		connections: { Webhook: { main: [[{ node: 'events', type: 'main', index: 0 }]] } },
		settings: workflow.settings,
	});
	await instance.n8n.api.publish(id);
	expect((await send(instance.n8n.webhookUrl(path))).status).toBe(200);
	await until('what the workflow posts', () => instance.sink.deliveries.length === 1);
	expect(instance.n8n.log.join('\n')).not.toContain('Engine 2.0 is not available');
}, 120_000);

it('is told apart when a workflow is published: one sentence says what is needed and what to change', async () => {
	const endpoint = await instance.endpoint('apiKey', ENGINE_2, false);
	await expect(instance.n8n.api.publish(endpoint.workflowId)).rejects.toThrow(
		/This trigger needs n8n's usual engine, because .*: set .*engineType.* to .*v1.* in the settings of the workflow, then publish it again\./,
	);
	await send(endpoint.url);
	await nothingRan(endpoint);
}, 120_000);

it('never gives our payload to a node as an item: Execute Step says so, and no test event is taken', async () => {
	const endpoint = await instance.endpoint('apiKey', ENGINE_2, false);
	await expect(instance.n8n.api.listenForTestEvent(endpoint.workflowId, TRIGGER)).rejects.toThrow(
		"This trigger needs n8n's usual engine",
	);
	expect((await send(endpoint.testUrl)).status).not.toBe(200);
	await nothingRan(endpoint);
}, 120_000);

it('never does so where a published workflow is set to it afterwards', async () => {
	const endpoint = await instance.endpoint('apiKey');
	expect((await send(endpoint.url)).status).toBe(200);
	await until('the event', () => instance.sink.from('events').length === 1);
	await instance.calm();

	const { settings } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
	await instance.n8n.api.updateWorkflow(endpoint.workflowId, { settings: { ...settings, engineType: 'v2' } });
	expect((await send(endpoint.url)).status).not.toBe(200);
	await instance.calm();
	expect(instance.sink.deliveries).toEqual([]);

	await instance.n8n.api.updateWorkflow(endpoint.workflowId, { settings: { ...settings, engineType: 'v1' } });
	await instance.n8n.api.publish(endpoint.workflowId);
	expect((await send(endpoint.url)).status).toBe(200);
	await until('the event after the change back', () => instance.sink.from('events').length === 1);
	expect(instance.sink.from('events')[0]?.items).toMatchObject([{ event_type: 'purchase', user_id: 'p-1' }]);
}, 120_000);
