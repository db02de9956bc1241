import { setTimeout as pause } from 'node:timers/promises';
import { startN8n } from '../../lab/realN8n';
import { API_KEY, type Endpoint, until } from '../e2e/instance';
import {
	DEAD_LETTERS,
	DurableEndpoints,
	SCOPES,
	TableView,
	accessWith,
	apiKeyFor,
} from '../e2e/journalAccess';
import { sendNumbered, tally } from '../support/ledger';
import { post, withKey } from '../support/sender';
import { inFull } from '../support/quick';
import { AFTER_SLEEP, sleepyWorkflow } from '../support/sleepyWorkflow';
import { QueueInstance } from './instance';

/** How often a process is killed under load. Twenty were seen to lose nothing; each takes up to a minute. */
const KILLS = Number(process.env.DURABLE_KILLS ?? 4);

type DurableEndpoint = Endpoint & { readonly webhookProcessUrl: string };

let instance: QueueInstance;
let endpoints: DurableEndpoints<DurableEndpoint>;

beforeAll(async () => {
	instance = await QueueInstance.start('queue-durable');
	endpoints = await DurableEndpoints.in(instance);
}, 300_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

beforeEach(async () => await instance.calm());

const itemsFrom = (output: 'events' | 'retry' | 'deadLetter') =>
	instance.sink.from(output).flatMap(({ items }) => items);

/** Every tenth event fails at its first attempt. */
function ordinaryTrouble(): void {
	instance.sink.behave = async ({ output, items }) => {
		await pause(30);
		const fails = items.some(({ n, _delivery }) => n % 10 === 3 && _delivery.attempt === 1);
		return output !== 'deadLetter' && fails ? 500 : 200;
	};
}

it('an event that a webhook process took is retried like any other, a second later at most', async () => {
	const endpoint = await endpoints.make({ initialDelay: 200 });
	instance.sink.behave = ({ output }) => (output === 'events' ? 500 : 200);
	const startedAtMs = Date.now();
	const answer = await post(endpoint.webhookProcessUrl, '{"event_type":"a","n":1}', withKey(API_KEY));
	expect([answer.status, answer.body.status]).toEqual([200, 'accepted']);
	await until('the first attempt', () => itemsFrom('events').length === 1);
	process.stderr.write(`Through the webhook process: first attempt after ${Date.now() - startedAtMs} ms\n`);
	await until('the retry', () => itemsFrom('retry').length === 1);
	expect(itemsFrom('retry')[0]._delivery).toMatchObject({ attempt: 2, automatic_retry: true });
	await endpoints.untilNoRows(endpoint);
	await instance.api.unpublish(endpoint.workflowId);
}, 60_000);

it('duplicates are recognised whichever process takes them in', async () => {
	const endpoint = await endpoints.make();
	const body = '{"event_type":"a","event_id":"same","n":1}';
	for (const url of [endpoint.url, endpoint.webhookProcessUrl, endpoint.webhookProcessUrl, endpoint.url]) {
		expect((await post(url, body, withKey(API_KEY))).status).toBe(200);
	}
	await endpoints.untilNoRows(endpoint);
	await pause(2_000);
	expect(itemsFrom('events')).toHaveLength(1);
	expect(await endpoints.rowsOf(endpoint)).toEqual([]);
	await instance.api.unpublish(endpoint.workflowId);
}, 60_000);

it('of rows that somebody edited on PostgreSQL, one is set aside, and the others are delivered at once', async () => {
	const endpoint = await endpoints.make();
	const invalid = Array.from({ length: 10 }, (_, n) => ({ no: 'type', n }));
	const answer = await post(
		endpoint.webhookProcessUrl,
		JSON.stringify([...invalid, { event_type: 'good', n: -1 }]),
		withKey(API_KEY),
	);
	expect(answer.status).toBe(200);
	const rows = await endpoints.untilDeadLetters(endpoint, 10);
	const view = (await TableView.of(instance.n8n, DEAD_LETTERS)) as TableView;
	const edited = rows[3]?.id ?? 0;
	await view.set(edited, { details: '{}' });
	for (const [n, { id }] of rows.entries()) {
		await view.set(id, { state: n === 5 ? ' Redrive' : 'redrive', payload: `{"event_type":"a","n":${n}}` });
	}
	await until('nine events', () => itemsFrom('events').filter(({ n }) => n >= 0).length === 9);
	const left = await endpoints.untilDeadLetters(endpoint, 1);
	expect(left).toMatchObject([{ id: edited, last_error: expect.stringContaining('It was not sent again') }]);
	await instance.api.unpublish(endpoint.workflowId);
}, 60_000);

inFull(() => {
	it('an execution that sleeps is followed on PostgreSQL, although main and its worker are killed meanwhile', async () => {
		const key = await apiKeyFor(instance.n8n, [...SCOPES, 'execution:read']);
		const access = await accessWith(instance.n8n, key);
		const endpoint = await endpoints.make({ maxRetries: 1, initialDelay: 200 }, access);
		const { nodes } = await instance.api.call('GET', `/workflows/${endpoint.workflowId}`);
		await instance.api.updateWorkflow(endpoint.workflowId, sleepyWorkflow(nodes, instance.sink.url));
		await instance.api.publish(endpoint.workflowId);
		const went = (name: string) =>
			instance.sink.deliveries.filter(({ output }) => (output as string) === name);
		instance.sink.behave = ({ output }) => ((output as string) === 'after' ? 500 : 200);
		const asleep = async (times: number): Promise<void> => {
			await until('the event before its sleep', () => itemsFrom('events').length === times);
			await until('a sleeping row', async () => (await endpoints.rowsOf(endpoint))[0]?.state === 'sleeping');
		};
		/** As a click on a link in a message does. */
		const wake = async (): Promise<void> => {
			const { pathname, search } = new URL(itemsFrom('events').at(-1).wake);
			const woken = went('after').length;
			expect((await fetch(`${instance.n8n.baseUrl}${pathname}${search}`)).status).toBe(200);
			await until('the execution to go on', () => went('after').length > woken);
		};

		const answer = await post(endpoint.webhookProcessUrl, '{"event_type":"trial"}', withKey(API_KEY));
		expect(answer.status).toBe(200);
		await asleep(1);
		const { main, workers } = instance.queue;
		await Promise.all([main, ...workers].map(async (process) => await process.kill()));
		await main.start();
		await Promise.all(workers.map(async (process) => await process.start()));
		await wake();
		await asleep(2);
		expect(itemsFrom('events')[1]._delivery).toMatchObject({ attempt: 2, last_error: { node: AFTER_SLEEP } });
		await wake();
		await until('a dead letter', () => itemsFrom('deadLetter').length === 1);
		expect(itemsFrom('deadLetter')[0]).toMatchObject({
			...{ reason: 'retries_exhausted', event: { event_type: 'trial' } },
			attempts: { count: 2, history: [{ node: AFTER_SLEEP }, { node: AFTER_SLEEP }] },
		});
		await endpoints.untilDeadLetters(endpoint, 1);
		await instance.api.unpublish(endpoint.workflowId);
	}, 180_000);

	it('nothing that was answered with 200 is lost to kill -9 of any process', async () => {
		const endpoint = await endpoints.make({
			initialDelay: 500,
			options: { executionPer: 'group', maxConcurrentExecutions: 6 },
		});
		ordinaryTrouble();
		let isOver = false;
		const sending = sendNumbered({
			url: (n) => (n % 2 === 0 ? endpoint.url : endpoint.webhookProcessUrl),
			...{ headers: withKey(API_KEY), connections: 6, insists: true, pauseMs: 50 },
			goesOn: () => !isOver,
		});
		const { main, workers, webhookProcess } = instance.queue;
		const victims = [main, ...workers, ...(webhookProcess === null ? [] : [webhookProcess])];
		expect(victims).toHaveLength(4);
		for (let kill = 0; kill < KILLS; kill++) {
			await pause(2_000 + Math.random() * 3_000);
			const victim = victims[kill % victims.length];
			await victim?.kill();
			await victim?.start();
		}
		await pause(2_000);
		isOver = true;
		const { sent, accepted, otherAnswers } = await sending;
		await endpoints.untilNoRows(endpoint, 240_000);
		await instance.executionsAtRest(endpoint.workflowId);
		const became = await tally(accepted, instance.sink, instance.api, endpoint.workflowId);
		process.stderr.write(
			`${KILLS} times kill -9 of main, workers, webhook process: ${JSON.stringify({ sent, not200: otherAnswers, ...became })}\n`,
		);
		expect(accepted).toHaveLength(sent);
		expect(became).toMatchObject({ visible: {}, lost: [] });
		expect(sent).toBeGreaterThan(KILLS * 10);
		await instance.api.unpublish(endpoint.workflowId);
	}, 1_800_000);

	it('two mains that both believe to lead run no attempt twice', async () => {
		const endpoint = await endpoints.make({ initialDelay: 500 });
		ordinaryTrouble();
		const { userFolder, postgres, redis } = instance.queue;
		const second = await startN8n({
			userFolder,
			environment: {
				EXECUTIONS_MODE: 'queue',
				OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
				...postgres.environment,
				...redis.environment,
			},
			readyTimeoutMs: 120_000,
		});
		try {
			const secondUrl = second.webhookUrl(endpoint.workflow.path);
			const { sent, accepted } = await sendNumbered({
				url: (n) => [endpoint.url, secondUrl, endpoint.webhookProcessUrl][n % 3] as string,
				...{ headers: withKey(API_KEY), connections: 6, insists: true },
				goesOn: (count) => count < 200,
			});
			expect([sent, accepted.length]).toEqual([200, 200]);
			await endpoints.untilNoRows(endpoint, 180_000);
			const attempts = [...itemsFrom('events'), ...itemsFrom('retry')].map(
				({ n, _delivery }) => `${n}, attempt ${_delivery.attempt}`,
			);
			expect(attempts.filter((attempt, at) => attempts.indexOf(attempt) !== at)).toEqual([]);
			expect(await tally(accepted, instance.sink, instance.api, endpoint.workflowId)).toMatchObject({
				...{ accepted: 200, processed: 200, lost: [], processedTwice: 0 },
			});
		} finally {
			await second.stop();
		}
	}, 480_000);
});
