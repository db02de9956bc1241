import { API_KEY, Instance, until } from '../e2e/instance';
import { tally } from '../support/ledger';
import { post, withKey } from '../support/sender';

/** Senders that begin at the same moment, each with a single event. */
const SENDERS = Number(process.env.BURST_SENDERS ?? 400);
/** How long a request waits for its execution where its sender does not say how long it waits. */
const PATIENCE_MS = 20_000;

jest.setTimeout(900_000);

let instance: Instance;

beforeAll(async () => {
	// n8n as it comes: an isolate for each request and for each execution.
	instance = await Instance.start('burst');
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

it.each(['group', 'request'])(
	'nobody is refused before its sender would give up, and nothing is lost: executions per %s',
	async (executionPer) => {
		instance.sink.reset();
		const endpoint = await instance.endpoint('apiKey', { parameters: { options: { executionPer } } });
		const send = async (n: number) => {
			const body = JSON.stringify({ event_type: 'numbered', event_id: `${executionPer}-${n}`, n });
			const startedAtMs = Date.now();
			const { status } = await post(endpoint.url, body, withKey(API_KEY));
			return { n, status, tookMs: Date.now() - startedAtMs };
		};
		const answers = await Promise.all(Array.from({ length: SENDERS }, async (_, n) => await send(n)));
		const accepted = answers.filter(({ status }) => status === 200).map(({ n }) => n);
		const refused = answers.filter(({ status }) => status !== 200);
		const atRest = async () =>
			(await instance.n8n.api.executions({ workflowId: endpoint.workflowId })).every(
				({ status }) => status !== 'new' && status !== 'running',
			);
		await until('all executions at rest', atRest, 300_000);
		const became = await tally(accepted, instance.sink, instance.n8n.api, endpoint.workflowId);
		const longestMs = Math.max(...answers.map(({ tookMs }) => tookMs));
		process.stderr.write(
			`burst of ${SENDERS}, ${executionPer}: ${accepted.length} answered, last after ${longestMs} ms\n`,
		);
		expect(refused.filter(({ status, tookMs }) => status !== 429 || tookMs < PATIENCE_MS)).toEqual([]);
		expect(accepted.length).toBeGreaterThan(0);
		expect(became).toMatchObject({ processed: accepted.length, lost: [], processedTwice: 0, visible: {} });
	},
);
