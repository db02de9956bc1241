import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { numbersIn } from '../support/ledger';
import { post, withKey } from '../support/sender';
import type { SinkDelivery } from '../support/sink';
import { TRIGGER } from '../support/workflow';
import { isQuick } from '../support/quick';
import { API_KEY, type Endpoint, Instance, until } from './instance';

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.start('lifecycle');
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const itemsFrom = (output: SinkDelivery['output']) =>
	instance.sink.from(output).flatMap((delivery) => delivery.items);
const executionsOf = async (endpoint: Endpoint) =>
	await instance.n8n.api.executions({ workflowId: endpoint.workflowId });

/** Twenty events that failed once and wait three seconds for their retry. */
async function twentyWaitForRetry(): Promise<Endpoint> {
	const endpoint = await instance.endpoint('apiKey', {
		parameters: { initialDelay: 3_000, options: { jitter: false, maxConcurrentExecutions: 20 } },
	});
	instance.sink.behave = () => 500;
	await Promise.all(Array.from({ length: 20 }, (_, n) => send(endpoint, { event_type: 'a', n })));
	await until(
		'20 failed executions',
		async () => (await executionsOf(endpoint)).filter(({ status }) => status === 'error').length === 20,
	);
	expect(itemsFrom('events')).toHaveLength(20);
	instance.sink.reset();
	return endpoint;
}

async function expectAllTwentyRetried(): Promise<void> {
	await until('20 retried events', () => itemsFrom('retry').length >= 20, 30_000);
	expect(
		itemsFrom('retry')
			.map((item) => item.n)
			.sort((a, b) => a - b),
	).toEqual(Array.from({ length: 20 }, (_, n) => n));
	for (const item of itemsFrom('retry')) expect(item._delivery.attempt).toBe(2);
}

describe('waiting retries survive', () => {
	it('deactivate and activate', async () => {
		const endpoint = await twentyWaitForRetry();
		await instance.n8n.api.unpublish(endpoint.workflowId);
		expect((await send(endpoint, { event_type: 'too late' })).status).toBe(404);
		await pause(4_000);
		expect(itemsFrom('retry')).toHaveLength(0);
		await instance.n8n.api.publish(endpoint.workflowId);
		await expectAllTwentyRetried();
	}, 60_000);

	it('a rename of the node', async () => {
		const endpoint = await twentyWaitForRetry();
		const { nodes, connections } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
		await instance.n8n.api.updateWorkflow(endpoint.workflowId, {
			nodes: nodes.map((node: { name: string }) =>
				node.name === TRIGGER ? { ...node, name: 'Renamed' } : node,
			),
			connections: { Renamed: connections[TRIGGER] },
		});
		await instance.n8n.api.publish(endpoint.workflowId);
		await expectAllTwentyRetried();
	}, 60_000);

	it('a new published version', async () => {
		const endpoint = await twentyWaitForRetry();
		const { nodes } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
		await instance.n8n.api.updateWorkflow(endpoint.workflowId, {
			nodes: nodes.map((node: { position: number[] }) => ({ ...node, position: [node.position[0], 999] })),
		});
		await instance.n8n.api.publish(endpoint.workflowId);
		await expectAllTwentyRetried();
	}, 60_000);
});

it('an execution that is running when the workflow is deactivated gets time to finish', async () => {
	const endpoint = await instance.endpoint('apiKey');
	instance.sink.behave = async () => {
		await pause(2_000);
		return 200;
	};
	await send(endpoint, { event_type: 'a' });
	await instance.n8n.api.unpublish(endpoint.workflowId);
	expect((await executionsOf(endpoint)).map(({ status }) => status)).toEqual(['success']);
});

it('an execution that goes to sleep in a Wait node counts as taken', async () => {
	const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100 } });
	const { nodes } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
	const sleeper = {
		id: randomUUID(),
		name: 'Sleep',
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		position: [200, 0],
		webhookId: randomUUID(),
		parameters: { amount: 2, unit: 'hours' },
	};
	await instance.n8n.api.updateWorkflow(endpoint.workflowId, {
		nodes: [...nodes, sleeper],
		connections: { [TRIGGER]: { main: [[{ node: 'Sleep', type: 'main', index: 0 }]] } },
	});
	await instance.n8n.api.publish(endpoint.workflowId);
	expect((await send(endpoint, { event_type: 'a' })).status).toBe(200);
	await pause(2_000);
	expect((await executionsOf(endpoint)).map(({ status }) => status)).toEqual(['waiting']);
});

describe('a test event', () => {
	it('makes one test execution with the same checks and the same items', async () => {
		const endpoint = await instance.endpoint('apiKey', {}, false);
		await instance.n8n.api.listenForTestEvent(endpoint.workflowId, TRIGGER);
		const forged = await post(endpoint.testUrl, '{"event_type":"a"}', withKey('wrong'));
		expect(forged).toMatchObject({
			status: 401,
			body: { error: { code: 'unauthorized', reason: 'The API key in the header "x-api-key" is wrong.' } },
		});
		expect(await executionsOf(endpoint)).toHaveLength(0);

		await instance.n8n.api.listenForTestEvent(endpoint.workflowId, TRIGGER);
		const body = '[{"event_type":"good","n":1},{"event_type":5}]';
		const answer = await post(endpoint.testUrl, body, withKey(API_KEY));
		expect(answer).toMatchObject({ status: 200, body: { received: 2, accepted: 1, dead_lettered: 1 } });
		await until('the execution', async () =>
			(await executionsOf(endpoint)).some(({ status }) => status === 'success'),
		);
		expect(await executionsOf(endpoint)).toMatchObject([{ mode: 'manual' }]);
		expect(itemsFrom('events')).toMatchObject([
			{ event_type: 'good', n: 1, _delivery: { attempt: 1, max_attempts: 4, test: true } },
		]);
		expect(itemsFrom('deadLetter')).toMatchObject([{ event: { event_type: 5 }, reason: 'invalid_event' }]);
	}, 60_000);
});

it('a restart at rest runs nothing', async () => {
	const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100, maxRetries: 1 } });
	instance.sink.behave = ({ items }) => (items.some((item) => item.fails === true) ? 500 : 200);
	await send(endpoint, [{ event_type: 'a' }, { event_type: 5 }]);
	await send(endpoint, { event_type: 'b', fails: true });
	await until('everything', () => itemsFrom('deadLetter').length === 2);
	await pause(500);
	const before = await executionsOf(endpoint);
	instance.sink.reset();
	await instance.n8n.restart();
	await pause(3_000);
	expect(await executionsOf(endpoint)).toEqual(before);
	expect(instance.sink.deliveries).toEqual([]);
}, 120_000);

it('a request right after a start still gets automatic retries, if its trigger is up within 2 s', async () => {
	const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100 } });
	await instance.n8n.stop();
	const isUp = instance.n8n.start();
	let tookMs = 0;
	await until(
		'the first answer that is not an error of n8n',
		async () => {
			const sentAtMs = Date.now();
			try {
				const { body } = await send(endpoint, { event_type: 'early' });
				tookMs = Date.now() - sentAtMs;
				return body?.status === 'accepted';
			} catch {
				return false;
			}
		},
		180_000,
	);
	await isUp;
	await until('the early event', () => itemsFrom('events').length === 1);
	// On a machine so busy that the wait was in vain the event still runs, once.
	expect(itemsFrom('events')[0]._delivery.automatic_retry || tookMs >= 2_000).toBe(true);
}, 240_000);

describe('kill -9 under load', () => {
	it.each(isQuick ? ['first'] : ['first', 'second', 'third'])(
		'at a random moment, the %s: every event answered with 200 has an execution',
		async () => {
			const endpoint = await instance.endpoint('apiKey', {
				parameters: { initialDelay: 200, options: { maxConcurrentExecutions: 10, acceptTimeout: 10 } },
			});
			instance.sink.behave = async ({ items }) => {
				await pause(20);
				return items.some((item) => item.n % 10 === 0) && items[0]._delivery.attempt === 1 ? 500 : 200;
			};
			const killAfterMs = Math.round(Math.random() * 3_000);
			const answered: number[] = [];
			let isOver = false;
			let next = 0;
			const sender = async (): Promise<void> => {
				while (!isOver && next < 5_000) {
					const n = next++;
					const answer = await send(endpoint, { event_type: 'a', n }).catch(() => undefined);
					if (answer?.body?.status === 'accepted') answered.push(n);
				}
			};
			const senders = Array.from({ length: 16 }, sender);
			await until('the first answers', () => answered.length >= 3);
			await pause(killAfterMs);
			isOver = true;
			const isKilled = instance.n8n.kill();
			await Promise.all(senders);
			await isKilled;
			await instance.n8n.start();
			await until(
				'everything at rest',
				async () =>
					(await executionsOf(endpoint)).every(({ status }) => status !== 'new' && status !== 'running'),
				60_000,
			);

			const found = new Map<number, string[]>();
			for (const { id } of await executionsOf(endpoint)) {
				const { status, data } = await instance.n8n.api.execution(id);
				for (const n of numbersIn(data)) found.set(n, [...(found.get(n) ?? []), status]);
			}
			const became: Record<string, number> = {};
			for (const n of answered) {
				const last = found.get(n)?.at(-1) ?? 'lost';
				became[last] = (became[last] ?? 0) + 1;
			}
			process.stderr.write(
				`Killed ${killAfterMs} ms after the first answers: ${answered.length} events answered with 200; their last executions: ${JSON.stringify(became)}\n`,
			);
			expect(answered.filter((n) => !found.has(n))).toEqual([]);
			expect(Object.values(became).reduce((sum, count) => sum + count)).toBe(answered.length);
			// Nothing else than these can become of an event.
			expect(['success', 'error', 'crashed']).toEqual(expect.arrayContaining(Object.keys(became)));
		},
		300_000,
	);
});
