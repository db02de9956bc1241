import { setTimeout as pause } from 'node:timers/promises';
import { API_KEY, type Endpoint, until } from '../e2e/instance';
import { sendNumbered, tally } from '../support/ledger';
import { post, withKey } from '../support/sender';
import type { SinkDelivery } from '../support/sink';
import { isQuick } from '../support/quick';
import { QueueInstance } from './instance';

let instance: QueueInstance;

beforeAll(async () => {
	instance = await QueueInstance.start('queue-main');
}, 300_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

beforeEach(async () => await instance.calm());

const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const itemsFrom = (output: SinkDelivery['output']) =>
	instance.sink.from(output).flatMap((delivery) => delivery.items);

async function quickEndpoint(parameters: Record<string, unknown> = {}) {
	const { options, ...others } = parameters;
	return await instance.endpoint('apiKey', {
		parameters: {
			initialDelay: 200,
			...others,
			options: { jitter: false, acceptTimeout: 30, ...(options as object) },
		},
	});
}

describe('events that come through main', () => {
	it('are run by workers, and retried on Retry until they work', async () => {
		const endpoint = await quickEndpoint();
		instance.sink.behave = () => (instance.sink.deliveries.length <= 2 ? 500 : 200);
		expect(await send(endpoint, { event_type: 'a', n: 1 })).toMatchObject({
			status: 200,
			body: { status: 'accepted', accepted: 1 },
		});
		await until('the successful retry', () => instance.sink.succeeded('retry').length === 1);
		expect(itemsFrom('events')).toMatchObject([{ n: 1, _delivery: { attempt: 1, automatic_retry: true } }]);
		expect(itemsFrom('retry')).toMatchObject([
			{ n: 1, _delivery: { attempt: 2, last_error: { node: 'events' } } },
			{ n: 1, _delivery: { attempt: 3, last_error: { node: 'retry' } } },
		]);
		const executions = await instance.executionsAtRest(endpoint.workflowId);
		expect(executions.map(({ status }) => status)).toEqual(['error', 'error', 'success']);
		const byWorkers = instance.queue.workers.flatMap(({ log }) => log).filter((line) => /Worker/.test(line));
		for (const { id } of executions)
			expect(byWorkers.some((line) => line.includes(`execution ${id}`))).toBe(true);
	});

	it('leave on Dead Letter after the last retry, with the history of all attempts', async () => {
		const endpoint = await quickEndpoint({ maxRetries: 2 });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		await send(endpoint, { event_type: 'a', n: 2 });
		await until('the dead letter', () => instance.sink.succeeded('deadLetter').length === 1);
		const [letter] = itemsFrom('deadLetter');
		expect(letter).toMatchObject({
			event: { event_type: 'a', n: 2 },
			reason: 'retries_exhausted',
			attempts: { count: 3, max: 3 },
		});
		const executions = await instance.executionsAtRest(endpoint.workflowId);
		expect(executions.map(({ status }) => status)).toEqual(['error', 'error', 'error', 'success']);
		expect(letter.attempts.history.map((attempt: { execution_id: string }) => attempt.execution_id)).toEqual(
			executions.slice(0, 3).map(({ id }) => id),
		);
	});

	it('gather into groups while all slots are busy', async () => {
		const endpoint = await quickEndpoint({
			options: { executionPer: 'group', maxConcurrentExecutions: 2 },
		});
		instance.sink.behave = async () => {
			await pause(500);
			return 200;
		};
		const { sent, accepted } = await sendNumbered({
			...{ url: endpoint.url, headers: withKey(API_KEY), connections: 20 },
			goesOn: (count) => count < 120,
		});
		expect([sent, accepted.length]).toEqual([120, 120]);
		await until('all of them', () => itemsFrom('events').length === 120);
		const executions = await instance.executionsAtRest(endpoint.workflowId);
		expect(executions.length).toBeLessThan(60);
		expect(await tally(accepted, instance.sink, instance.api, endpoint.workflowId)).toMatchObject({
			...{ accepted: 120, processed: 120, processedTwice: 0, lost: [] },
		});
	}, 90_000);

	it('are retried when the worker that runs them dies', async () => {
		const endpoint = await quickEndpoint({ options: { maxConcurrentExecutions: 10 } });
		let isDead = false;
		instance.sink.behave = async () => {
			if (!isDead) await pause(6_000);
			return 200;
		};
		const sending = sendNumbered({
			...{ url: endpoint.url, headers: withKey(API_KEY), connections: 10 },
			goesOn: (count) => count < 10,
		});
		await until('all ten being processed', () => itemsFrom('events').length === 10, 30_000);
		const [first] = instance.queue.workers;
		await first?.kill();
		isDead = true;
		const { accepted } = await sending;
		expect(accepted).toHaveLength(10);
		// The sink has the first attempts too, although their worker died: only the executions tell what was
		// interrupted.
		const interrupted = async (): Promise<number> => {
			const executions = await instance.executionsAtRest(endpoint.workflowId);
			return executions.filter(({ status }) => status !== 'success').length;
		};
		await until(
			'a retry of every interrupted one',
			async () => {
				const expected = await interrupted();
				return expected > 0 && new Set(itemsFrom('retry').map(({ n }) => n)).size === expected;
			},
			60_000,
		);
		await first?.start();
		expect(itemsFrom('retry')).toHaveLength(await interrupted());
		expect(new Set(succeededNumbers()).size).toBe(10);
		for (const { _delivery } of itemsFrom('retry')) {
			expect(_delivery.last_error.message).toContain('failed to be processed too many times');
		}
		expect(await tally(accepted, instance.sink, instance.api, endpoint.workflowId)).toMatchObject({
			...{ accepted: 10, processed: 10, deadLettered: 0, visible: {}, lost: [] },
		});
	}, 150_000);

	it.each(isQuick ? (['kill -9'] as const) : (['kill -9', 'stop'] as const))(
		'are all executions that can be seen after a %s and a new start of main under load',
		async (how) => {
			const endpoint = await quickEndpoint({
				initialDelay: 1_000,
				options: { maxConcurrentExecutions: 10 },
			});
			instance.sink.behave = async ({ items }) => {
				await pause(50);
				return items.some(({ n, _delivery }) => n % 10 === 3 && _delivery.attempt === 1) ? 500 : 200;
			};
			let isDown = false;
			const sending = sendNumbered({
				...{ url: endpoint.url, headers: withKey(API_KEY), connections: 8 },
				goesOn: (count) => !isDown && count < 5_000,
			});
			await until('60 events at the sink', () => itemsFrom('events').length >= 60, 60_000);
			const { main } = instance.queue;
			const going = how === 'stop' ? main.stop() : main.kill();
			isDown = true;
			const { accepted } = await sending;
			await going;
			await main.start();
			await instance.executionsAtRest(endpoint.workflowId);
			await until('no retry under way', async () => {
				const before = instance.sink.deliveries.length;
				await pause(3_000);
				return instance.sink.deliveries.length === before;
			});
			const became = await tally(accepted, instance.sink, instance.api, endpoint.workflowId);
			process.stderr.write(`${how} of main under load: ${JSON.stringify(became)}\n`);
			// Without durable, a retry that waited in main's memory is gone; n8n shows the execution that failed.
			const visible = Object.values(became.visible).reduce((sum, count) => sum + count, 0);
			expect(became.lost).toEqual([]);
			expect(became.processed + became.deadLettered + visible).toBe(became.accepted);
			expect(became.accepted).toBeGreaterThanOrEqual(50);
		},
		180_000,
	);
});

function succeededNumbers(): number[] {
	return [...instance.sink.succeeded('events'), ...instance.sink.succeeded('retry')].flatMap(({ items }) =>
		items.map(({ n }) => n as number),
	);
}
