import { randomUUID } from 'node:crypto';
import { API_KEY, Instance, until } from '../e2e/instance';
import { tally } from '../support/ledger';
import { type Answer, post, withKey } from '../support/sender';
import { TRIGGER, gameWorkflow } from '../support/workflow';

/** Senders that begin at the same moment, each with a single event. */
const SENDERS = Number(process.env.BURST_SENDERS ?? 400);
/** How long a request waits for its execution where its sender does not say how long it waits. */
const PATIENCE_MS = 20_000;
/**
 * Of what a bare Webhook answers in the same time. n8n makes an isolate for the request and one for its
 * execution, and only the latter for a bare Webhook: see "What stands in the way" in CONTRIBUTING.md.
 */
const LEAST_SHARE = { group: 1, request: 0.5 };
/** Sent one after the other before it begins, so that n8n has made what it makes once. */
const WARM_UP = 4;

jest.setTimeout(900_000);

interface Target {
	readonly workflowId: string;
	readonly url: string;
}

interface Answered {
	readonly n: number;
	readonly status: number;
	readonly tookMs: number;
}

let instance: Instance;
/** What n8n's own Webhook answers, which checks nothing. */
let ofWebhook: readonly Answered[] = [];

// Each burst meets a fresh n8n, as it comes: an isolate for each request and for each execution.
beforeEach(async () => {
	instance = await Instance.start('burst');
}, 240_000);

afterEach(async () => {
	await instance.remove();
}, 90_000);

it('n8n’s own Webhook is what the trigger is compared with', async () => {
	ofWebhook = await burst(await bareWebhook());
	report('a bare Webhook', ofWebhook);
	expect(acceptedWithin(ofWebhook, Infinity)).toBe(SENDERS);
});

it.each(['group', 'request'] as const)(
	'nobody is refused before its sender would give up, and nothing is lost: executions per %s',
	async (executionPer) => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { options: { executionPer } } });
		const answers = await burst(endpoint);
		report(executionPer, answers);
		const accepted = answers.filter(({ status }) => status === 200).map(({ n }) => n);
		const became = await tally(accepted, instance.sink, instance.n8n.api, endpoint.workflowId);
		const refused = answers.filter(({ status }) => status !== 200);
		expect(refused.filter(({ status, tookMs }) => status !== 429 || tookMs < PATIENCE_MS)).toEqual([]);
		expect(became).toMatchObject({ processed: accepted.length, lost: [], processedTwice: 0, visible: {} });
		expect(ofWebhook).toHaveLength(SENDERS);
		const least = LEAST_SHARE[executionPer] * acceptedWithin(ofWebhook, lastMs(answers));
		expect(accepted.length).toBeGreaterThanOrEqual(Math.floor(least));
	},
);

/** All senders at once; resolves when everything that came of it has ended. */
async function burst({ url, workflowId }: Target): Promise<Answered[]> {
	const send = async (n: number): Promise<Answer> =>
		await post(url, JSON.stringify({ event_type: 'numbered', event_id: `e${n}`, n }), withKey(API_KEY));
	for (let n = 0; n < WARM_UP; n++) await send(SENDERS + n);
	await atRest(workflowId);
	instance.sink.reset();
	const answers = await Promise.all(
		Array.from({ length: SENDERS }, async (_, n) => {
			const startedAtMs = Date.now();
			const { status } = await send(n);
			return { n, status, tookMs: Date.now() - startedAtMs };
		}),
	);
	await atRest(workflowId);
	return answers;
}

async function atRest(workflowId: string): Promise<void> {
	const isOver = async () =>
		(await instance.n8n.api.executions({ workflowId })).every(
			({ status }) => status !== 'new' && status !== 'running',
		);
	await until('all executions at rest', isOver, 300_000);
}

const acceptedWithin = (answers: readonly Answered[], milliseconds: number): number =>
	answers.filter(({ status, tookMs }) => status === 200 && tookMs <= milliseconds).length;

const lastMs = (answers: readonly Answered[]): number => Math.max(...answers.map(({ tookMs }) => tookMs));

function report(what: string, answers: readonly Answered[]): void {
	const last = lastMs(answers);
	const counts = [10_000, 20_000, 30_000, last].map((ms) => `${acceptedWithin(answers, ms)} in ${ms} ms`);
	const ofOther = acceptedWithin(ofWebhook, last);
	process.stderr.write(
		`burst of ${SENDERS}, ${what}: ${counts.join(', ')}; a bare Webhook in that time: ${ofOther}\n`,
	);
}

/** The same workflow behind n8n's own Webhook node, which answers as soon as its execution is there. */
async function bareWebhook(): Promise<Target> {
	const webhookId = randomUUID();
	const { nodes, connections, settings } = gameWorkflow({
		credentials: {},
		sinkUrl: instance.sink.url,
		connected: ['events'],
	});
	const trigger = {
		...nodes[0],
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		webhookId,
		credentials: undefined,
		parameters: { httpMethod: 'POST', path: webhookId, responseMode: 'onReceived', options: {} },
	};
	const { [TRIGGER]: wires } = connections as Record<string, { main: unknown[] }>;
	const { id } = await instance.n8n.api.createWorkflow({
		name: 'A bare Webhook',
		nodes: [trigger, ...nodes.slice(1)],
		connections: { [TRIGGER]: { main: wires?.main.slice(0, 1) } },
		settings,
	});
	await instance.n8n.api.publish(id);
	return { workflowId: id, url: instance.n8n.webhookUrl(webhookId) };
}
