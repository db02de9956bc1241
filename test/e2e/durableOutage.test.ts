import { setTimeout as pause } from 'node:timers/promises';
import { post, withKey } from '../support/sender';
import type { SinkDelivery } from '../support/sink';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DurableEndpoints } from './journalAccess';

const OUTAGE_MS = 60_000;
const LAYOUTS = ['memory', 'durable'] as const;

let instance: Instance;
let endpoints: DurableEndpoints;

beforeAll(async () => {
	instance = await Instance.start('outage');
	endpoints = await DurableEndpoints.in(instance);
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const sendTo = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
/** As a sender does it: again, until it is answered 200. */
async function sendUntilTaken(endpoint: Endpoint, body: unknown): Promise<void> {
	await until('an answer with 200', async () => (await sendTo(endpoint, body)).status === 200);
}

const isOf = (layout: string) => (item: any) => item._delivery?.endpoint === layout;
const itemsOf = (deliveries: readonly SinkDelivery[], layout: string) =>
	deliveries.flatMap(({ items }) => items).filter(isOf(layout));
const processed = (layout: string): Set<number> =>
	new Set(
		itemsOf([...instance.sink.succeeded('events'), ...instance.sink.succeeded('retry')], layout).map(
			({ n }) => n as number,
		),
	);
const letters = (layout: string) => itemsOf(instance.sink.from('deadLetter'), layout);
const notices = (layout: string): string[] =>
	letters(layout)
		.filter(({ stage }) => stage === 'notice')
		.map(({ reason }) => reason);

it('an outage of a minute under load costs no event, with and without Durable, and ends without a hand', async () => {
	const options = { endpointName: 'memory' };
	const memory = await instance.endpoint('apiKey', { parameters: { options } });
	const durable = await endpoints.make({ options: { endpointName: 'durable' } });
	const byLayout = { memory, durable };
	let isAway = true;
	instance.sink.behave = ({ output }) => (isAway && output !== 'deadLetter' ? 503 : 200);
	const awayUntilMs = Date.now() + OUTAGE_MS;

	let sent = 0;
	const batch = Array.from({ length: 300 }, () => ({ event_type: 'purchase', n: ++sent }));
	for (const layout of LAYOUTS) await sendUntilTaken(byLayout[layout], batch);
	const failedAtStart = sent;
	while (Date.now() < awayUntilMs + 6_000) {
		if (Date.now() >= awayUntilMs) isAway = false;
		const event = { event_type: 'level_complete', n: ++sent };
		await Promise.all(LAYOUTS.map(async (layout) => await sendUntilTaken(byLayout[layout], event)));
		await pause(2_000);
	}

	for (const layout of LAYOUTS) {
		await until(
			() => `${layout}: ${processed(layout).size} of ${sent}, ${JSON.stringify(notices(layout))}`,
			() => processed(layout).size === sent,
			150_000,
		);
		await until('both notices', () => notices(layout).length === 2);
		expect(notices(layout)).toEqual(['outage', 'recovered']);
		expect(letters(layout).filter(({ stage }) => stage !== 'notice')).toEqual([]);
		const [outage] = letters(layout);
		expect(outage).toMatchObject({ event: null, raw: null, stage: 'notice' });
		expect(outage.summary).toContain('Retries are paused');
		expect(outage.summary).toContain('sink says 503');
		expect(outage.summary).toContain(`/executions/${outage.attempts.history[0].execution_id}`);

		const executions = await instance.n8n.api.executions({ workflowId: byLayout[layout].workflowId });
		const failed = executions.filter(({ status }) => status === 'error').length;
		process.stderr.write(`${layout}: ${sent} events, ${executions.length} executions, ${failed} failed\n`);
		// One for each new event, and the batch's own, while the outage lasted.
		expect(failed).toBeLessThanOrEqual(sent - failedAtStart + 15);
	}
}, 400_000);

it('with Durable, kill -9 in an outage dead-letters nothing, and the next start tries at once', async () => {
	const endpoint = await endpoints.make({ options: { endpointName: 'killed', maxDelay: 20_000 } });
	let isAway = true;
	instance.sink.behave = ({ output }) => (isAway && output !== 'deadLetter' ? 503 : 200);
	const events = Array.from({ length: 40 }, (_, n) => ({ event_type: 'purchase', n }));
	await sendUntilTaken(endpoint, events);
	await until('the notice of an outage', () => notices('killed').includes('outage'), 60_000);
	await instance.n8n.kill();
	await instance.n8n.start();
	const startedAtMs = Date.now();
	const triesSince = () => instance.sink.from('retry').filter(({ atMs }) => atMs > startedAtMs);
	await until('a probe after the start', () => triesSince().length > 0, 20_000);
	expect(triesSince()[0]?.items).toHaveLength(1);
	isAway = false;
	await until(
		() => `40 processed, not ${processed('killed').size}`,
		() => processed('killed').size === 40,
		90_000,
	);
	expect(letters('killed').filter(({ stage }) => stage !== 'notice')).toEqual([]);
}, 300_000);
