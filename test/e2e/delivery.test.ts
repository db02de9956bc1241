import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, post, withKey } from '../support/sender';
import type { SinkDelivery } from '../support/sink';
import { TRIGGER, type WorkflowOptions } from '../support/workflow';
import { inFull, isQuick } from '../support/quick';
import { API_KEY, type Endpoint, Instance, until } from './instance';

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.shared();
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

/** An endpoint whose retries come quickly. */
async function quickEndpoint(
	parameters: Record<string, unknown> = {},
	more: Partial<WorkflowOptions> = {},
): Promise<Endpoint> {
	const { options, ...others } = parameters;
	return await instance.endpoint('apiKey', {
		...more,
		parameters: {
			initialDelay: 100,
			...others,
			options: { jitter: false, ...(options as object | undefined) },
		},
	});
}

const send = async (endpoint: Endpoint, body: unknown): Promise<Answer> =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));

const itemsFrom = (output: SinkDelivery['output']) =>
	instance.sink.from(output).flatMap((delivery) => delivery.items);

async function executionsOf(endpoint: Endpoint) {
	return await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
}

async function atRest(endpoint: Endpoint, count: number) {
	await until(`${count} executions at rest`, async () => {
		const executions = await executionsOf(endpoint);
		return (
			executions.length >= count && executions.every(({ status }) => status !== 'new' && status !== 'running')
		);
	});
	const executions = await executionsOf(endpoint);
	expect(executions).toHaveLength(count);
	return executions;
}

describe('retry', () => {
	it('brings an event back until the workflow works, on Retry, with attempt and last error', async () => {
		const endpoint = await quickEndpoint();
		instance.sink.behave = () => (instance.sink.deliveries.length <= 2 ? 500 : 200);
		const answer = await send(endpoint, { event_type: 'purchase', amount: 9.99 });
		expect(answer).toMatchObject({
			status: 200,
			body: { status: 'accepted', received: 1, accepted: 1, dead_lettered: 0 },
		});

		const executions = await atRest(endpoint, 3);
		expect(executions.map(({ status }) => status)).toEqual(['error', 'error', 'success']);
		const [first] = itemsFrom('events');
		const [second, third] = itemsFrom('retry');
		expect(first._delivery).toMatchObject({
			attempt: 1,
			max_attempts: 4,
			automatic_retry: true,
		});
		expect(first._delivery).not.toHaveProperty('last_error');
		expect(second._delivery).toMatchObject({
			id: first._delivery.id,
			attempt: 2,
			last_error: { node: 'events', execution_id: executions[0]?.id },
		});
		expect(second._delivery.last_error.message).toContain('sink says 500');
		expect(third._delivery).toMatchObject({
			attempt: 3,
			last_error: { node: 'retry', execution_id: executions[1]?.id },
		});
		expect(third).toMatchObject({ event_type: 'purchase', amount: 9.99 });

		const [one, two, three] = instance.sink.deliveries.map(({ atMs }) => atMs) as [number, number, number];
		expect(two - one).toBeGreaterThanOrEqual(100);
		expect(three - two).toBeGreaterThanOrEqual(200);
	});

	it('leaves on Events when nothing is connected to Retry', async () => {
		const endpoint = await quickEndpoint({}, { connected: ['events', 'deadLetter'] });
		instance.sink.behave = () => (instance.sink.deliveries.length === 1 ? 500 : 200);
		await send(endpoint, { event_type: 'a' });
		await atRest(endpoint, 2);
		expect(itemsFrom('events').map((item) => item._delivery.attempt)).toEqual([1, 2]);
	});
});

describe('dead letter', () => {
	it('comes after the last retry, with the whole story', async () => {
		const endpoint = await quickEndpoint({ maxRetries: 3, initialDelay: 50 });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		const event = { event_type: 'purchase', event_id: randomUUID(), properties: { amount: 1 } };
		await send(endpoint, event);
		const executions = await atRest(endpoint, 5);
		expect(executions.map(({ status }) => status)).toEqual(['error', 'error', 'error', 'error', 'success']);

		const [letter] = itemsFrom('deadLetter');
		expect(letter).toMatchObject({
			event,
			raw: null,
			reason: 'retries_exhausted',
			stage: 'deliver',
			attempts: { count: 4, max: 4 },
			redrive: { count: 0, of: null },
		});
		expect(letter.attempts.history.map((attempt: { execution_id: string }) => attempt.execution_id)).toEqual(
			executions.slice(0, 4).map(({ id }) => id),
		);
		expect(letter.attempts.history.map((attempt: { node: string }) => attempt.node)).toEqual([
			'events',
			'retry',
			'retry',
			'retry',
		]);
		expect(letter.attempts.history[0].execution_url).toBe(
			`${instance.n8n.baseUrl}/workflow/${endpoint.workflowId}/executions/${executions[0]?.id}`,
		);
		expect(letter.summary).toContain('purchase');
		expect(letter.summary).toContain('sink says 500');
		expect(JSON.stringify(letter)).not.toContain(API_KEY);

		// Its id may come again.
		instance.sink.reset();
		expect((await send(endpoint, event)).body).toMatchObject({ accepted: 1, duplicates: 0 });
		await until('the event again', () => itemsFrom('events').length === 1);
	});

	it('comes at once for an error that is not worth a retry', async () => {
		const endpoint = await quickEndpoint({ options: { nonRetryableErrors: ['sink says 422'] } });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 422);
		await send(endpoint, { event_type: 'a' });
		await atRest(endpoint, 2);
		expect(itemsFrom('deadLetter')).toMatchObject([{ reason: 'non_retryable', attempts: { count: 1 } }]);
	});

	it('is handed over once, also when its own branch fails', async () => {
		const endpoint = await quickEndpoint({ maxRetries: 0 });
		instance.sink.behave = () => 500;
		await send(endpoint, { event_type: 'a' });
		const executions = await atRest(endpoint, 2);
		expect(executions.map(({ status }) => status)).toEqual(['error', 'error']);
		await new Promise((resolve) => setTimeout(resolve, 1_000));
		expect(itemsFrom('deadLetter')).toHaveLength(1);
		await atRest(endpoint, 2);
	});

	it('with nothing connected shows the execution as failed, with the summary, and comes out when it is retried', async () => {
		const endpoint = await quickEndpoint({ maxRetries: 0 }, { connected: ['events'] });
		instance.sink.behave = () => 500;
		await send(endpoint, { event_type: 'lonely' });
		const [, second] = await atRest(endpoint, 2);
		const failed = await instance.n8n.api.execution(second?.id ?? '');
		expect(failed.status).toBe('error');
		expect(failed.data.resultData.error.message).toContain('lonely');
		expect(failed.data.resultData.error.description).toContain(
			'Nothing is connected to the Dead Letter output',
		);

		// As that description says: connect a node, then retry the execution with the currently saved workflow.
		instance.sink.reset();
		const { workflow } = await rewired(endpoint);
		await instance.n8n.api.updateWorkflow(endpoint.workflowId, workflow);
		await instance.n8n.api.call('POST', `/executions/${second?.id}/retry`, { loadWorkflow: true });
		await until('the dead letter', () => itemsFrom('deadLetter').length === 1);
		expect(itemsFrom('deadLetter')[0]).toMatchObject({
			event: { event_type: 'lonely' },
			reason: 'retries_exhausted',
		});
	});

	it('says outcome_unknown when n8n stopped the executions', async () => {
		const endpoint = await quickEndpoint({ maxRetries: 1 }, { settings: { executionTimeout: 1 } });
		instance.sink.behave = async ({ output }) => {
			if (output !== 'deadLetter') await new Promise((resolve) => setTimeout(resolve, 4_000));
			return 200;
		};
		await send(endpoint, { event_type: 'slow' });
		await until('the dead letter', () => itemsFrom('deadLetter').length === 1, 40_000);
		expect(itemsFrom('deadLetter')[0]).toMatchObject({
			reason: 'outcome_unknown',
			attempts: { count: 2, max: 2 },
		});
	}, 60_000);
});

async function rewired(endpoint: Endpoint): Promise<{ workflow: object }> {
	const { nodes, connections } = await instance.n8n.api.call('GET', `/workflows/${endpoint.workflowId}`);
	const [poster] = nodes.filter((node: { name: string }) => node.name === 'events');
	const deadLetter = {
		...poster,
		id: randomUUID(),
		name: 'deadLetter',
		parameters: { ...poster.parameters, url: `${instance.sink.url}/deadLetter` },
	};
	const [events] = connections[TRIGGER].main;
	return {
		workflow: {
			nodes: [...nodes, deadLetter],
			connections: { [TRIGGER]: { main: [events, [], [{ node: 'deadLetter', type: 'main', index: 0 }]] } },
		},
	};
}

describe('isolation', () => {
	it.each(isQuick ? [37] : [0, 37, 99])(
		'one poison event among 100, at place %i, is one dead letter and 99 processed events',
		async (poison) => {
			const endpoint = await quickEndpoint({ initialDelay: 10 });
			instance.sink.behave = ({ output, items }) =>
				output !== 'deadLetter' && items.some((item) => item.n === poison) ? 500 : 200;
			await send(
				endpoint,
				Array.from({ length: 100 }, (_, n) => ({ event_type: 'a', n })),
			);
			await until('the dead letter', () => itemsFrom('deadLetter').length === 1, 60_000);
			await until('all others', () => processed().length >= 99, 60_000);
			const executions = await executionsOf(endpoint);
			const deadLetterExecutions = 1;
			const attempts = 4;
			expect(executions.length - deadLetterExecutions).toBeLessThanOrEqual(attempts + 2 * Math.log2(100) + 2);
			expect(itemsFrom('deadLetter')).toMatchObject([{ event: { n: poison }, reason: 'retries_exhausted' }]);
			expect(processed().sort((a, b) => a - b)).toEqual(
				Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== poison),
			);

			function processed(): number[] {
				return [...instance.sink.from('events'), ...instance.sink.from('retry')]
					.filter((delivery) => !delivery.items.some((item) => item.n === poison))
					.flatMap((delivery) => delivery.items.map((item) => item.n as number));
			}
		},
		120_000,
	);
});

describe('units', () => {
	it('by request: one execution a request', async () => {
		const endpoint = await quickEndpoint();
		await send(endpoint, [{ event_type: 'a' }, { event_type: 'b' }]);
		await atRest(endpoint, 1);
		expect(instance.sink.from('events').map(({ items }) => items.length)).toEqual([2]);
	});

	it('by event: one execution an event', async () => {
		const endpoint = await quickEndpoint({ options: { executionPer: 'event' } });
		await send(endpoint, [{ event_type: 'a' }, { event_type: 'b' }, { event_type: 'c' }]);
		await atRest(endpoint, 3);
		expect(
			itemsFrom('events')
				.map((item) => item.event_type)
				.sort(),
		).toEqual(['a', 'b', 'c']);
	});

	it('by group: events gather while all slots are busy, and at low load none waits', async () => {
		const endpoint = await quickEndpoint({
			options: { executionPer: 'group', maxConcurrentExecutions: 1, acceptTimeout: 20 },
		});
		instance.sink.behave = async () => {
			await new Promise((resolve) => setTimeout(resolve, 300));
			return 200;
		};
		const answers = await Promise.all(
			Array.from({ length: 60 }, (_, n) => send(endpoint, { event_type: 'a', n })),
		);
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
		await until('all events', () => itemsFrom('events').length === 60);
		const sizes = instance.sink.from('events').map(({ items }) => items.length);
		expect(sizes.length).toBeLessThan(15);
		expect(new Set(itemsFrom('events').map((item) => item.n)).size).toBe(60);
	});

	it('keep: a request is one item', async () => {
		const endpoint = await quickEndpoint({ batches: 'keep' });
		await send(endpoint, [{ event_type: 'a' }, { event_type: 'b' }]);
		await until('the item', () => itemsFrom('events').length === 1);
		expect(itemsFrom('events')).toMatchObject([
			{ events: [{ event_type: 'a' }, { event_type: 'b' }], _delivery: { batch: { size: 2 } } },
		]);
	});
});

describe('backpressure', () => {
	inFull(() => {
		it('a flood of ten times the line: accepted + refused = sent, accepted = processed + dead-lettered', async () => {
			const endpoint = await quickEndpoint({
				maxRetries: 1,
				options: { maxPendingEvents: 20, maxConcurrentExecutions: 2, acceptTimeout: 30 },
			});
			instance.sink.behave = async ({ output, items }) => {
				await new Promise((resolve) => setTimeout(resolve, 100));
				return output !== 'deadLetter' && items.some((item) => item.n % 5 === 0) ? 500 : 200;
			};
			const sent = Array.from({ length: 220 }, (_, n) => n);
			const answers = await Promise.all(sent.map((n) => send(endpoint, { event_type: 'a', n })));
			const accepted = sent.filter((n) => answers[n]?.status === 200);
			const refused = answers.filter(({ status }) => status === 429);
			expect(accepted.length + refused.length).toBe(220);
			expect(refused.length).toBeGreaterThan(100);
			for (const { headers, body } of refused) {
				expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
				expect(body.error.code).toBe('busy');
			}
			const numbers = (items: Array<{ n: number }>) => items.map(({ n }) => n).sort((a, b) => a - b);
			const isBad = (n: number) => n % 5 === 0;
			const processed = () => numbers(itemsFrom('events')).filter((n) => !isBad(n));
			const deadLettered = () => numbers(itemsFrom('deadLetter').map(({ event }) => event));
			await until(
				'all that was accepted',
				() => processed().length + deadLettered().length >= accepted.length,
				60_000,
			);
			await until('n8n at rest', async () =>
				(await executionsOf(endpoint)).every(({ status }) => status === 'success' || status === 'error'),
			);
			expect(processed()).toEqual(accepted.filter((n) => !isBad(n)));
			expect(deadLettered()).toEqual(accepted.filter(isBad));
			const failed = (await executionsOf(endpoint)).filter(({ status }) => status === 'error');
			expect(failed).toHaveLength(2 * deadLettered().length);
		}, 120_000);
	});

	it('a batch is taken whole or refused whole', async () => {
		const endpoint = await quickEndpoint({
			options: { maxPendingEvents: 10, maxConcurrentExecutions: 1, acceptTimeout: 20 },
		});
		instance.sink.behave = async () => {
			await new Promise((resolve) => setTimeout(resolve, 5_000));
			return 200;
		};
		const batch = (size: number) => Array.from({ length: size }, () => ({ event_type: 'a' }));
		const after = async (milliseconds: number, size: number): Promise<Answer> => {
			await pause(milliseconds);
			return await send(endpoint, batch(size));
		};
		const [running, waiting, tooMany, fits] = await Promise.all([
			after(0, 3),
			after(1_000, 8),
			after(2_000, 3),
			after(3_000, 2),
		]);
		expect([running, waiting, tooMany, fits].map(({ status }) => status)).toEqual([200, 200, 429, 200]);
		await until('what was accepted', () => itemsFrom('events').length === 13);
	}, 60_000);
});

describe('respond when finished', () => {
	it('processed: 200', async () => {
		const endpoint = await quickEndpoint({ respond: 'onFinish' });
		const answer = await send(endpoint, { event_type: 'a' });
		expect(answer).toMatchObject({ status: 200, body: { status: 'processed', accepted: 1 } });
		expect(itemsFrom('events')).toHaveLength(1);
	});

	it('dead-lettered: 200', async () => {
		const endpoint = await quickEndpoint({ respond: 'onFinish', maxRetries: 1 });
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		const answer = await send(endpoint, { event_type: 'a' });
		expect(answer).toMatchObject({ status: 200, body: { status: 'dead_lettered' } });
		expect(itemsFrom('deadLetter')).toHaveLength(1);
	});

	it('failed with retry off: 500, no dead letter, and the event may come again', async () => {
		const endpoint = await quickEndpoint({ respond: 'onFinish', retry: false });
		instance.sink.behave = () => 500;
		const event = { event_type: 'a', event_id: randomUUID() };
		const answer = await send(endpoint, event);
		expect(answer).toMatchObject({ status: 500, body: { error: { code: 'workflow_failed' } } });
		await atRest(endpoint, 1);
		instance.sink.reset();
		expect(await send(endpoint, event)).toMatchObject({
			status: 200,
			body: { status: 'processed', duplicates: 0 },
		});
	});

	inFull(() => {
		it('longer than 25 seconds: 200 accepted', async () => {
			const endpoint = await quickEndpoint({ respond: 'onFinish' });
			instance.sink.behave = async () => {
				await new Promise((resolve) => setTimeout(resolve, 28_000));
				return 200;
			};
			const startedAtMs = Date.now();
			const answer = await send(endpoint, { event_type: 'a' });
			expect(answer).toMatchObject({ status: 200, body: { status: 'accepted' } });
			expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(24_900);
			expect(Date.now() - startedAtMs).toBeLessThan(27_500);
			await atRest(endpoint, 1);
		}, 60_000);
	});
});

describe('duplicates', () => {
	it('are acknowledged and not run, in flight and done', async () => {
		const endpoint = await quickEndpoint();
		instance.sink.behave = async () => {
			await new Promise((resolve) => setTimeout(resolve, 300));
			return 200;
		};
		const event = { event_type: 'a', event_id: randomUUID() };
		const [one, two] = await Promise.all([send(endpoint, event), send(endpoint, event)]);
		await atRest(endpoint, 1);
		const three = await send(endpoint, event);
		const counts = [one, two, three].map(({ status, body }) => [status, body.accepted, body.duplicates]);
		expect(counts.sort()).toEqual([
			[200, 0, 1],
			[200, 0, 1],
			[200, 1, 0],
		]);
		await atRest(endpoint, 1);
	});

	it('inside one batch count once', async () => {
		const endpoint = await quickEndpoint();
		const event_id = randomUUID();
		const answer = await send(endpoint, [
			{ event_type: 'a', event_id },
			{ event_type: 'a', event_id },
			{ event_type: 'b' },
		]);
		expect(answer.body).toMatchObject({ received: 3, accepted: 2, duplicates: 1 });
		await until('the events', () => itemsFrom('events').length === 2);
	});
});
