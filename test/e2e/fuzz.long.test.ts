import { forLoad } from '../../lab/environment';
import fc from 'fast-check';
import { mutatedRequests } from '../support/mutatedRequests';
import { undocumented } from '../support/openApiAnswers';
import { post, withKey } from '../support/sender';
import { gameWorkflow } from '../support/workflow';
import { residentMb } from '../support/residentMb';
import { API_KEY, Instance } from './instance';

/** GAME_INSIGHTS_FUZZ_N8N=20000 takes its time; GAME_INSIGHTS_FUZZ_SEED repeats a run. */
const REQUESTS = Number(process.env.GAME_INSIGHTS_FUZZ_N8N ?? 1_000);
const SEED = Number(process.env.GAME_INSIGHTS_FUZZ_SEED ?? Date.now() % 2 ** 31);
const CONNECTIONS = 16;
/** Fewer than the requests that may wait, so that "busy" is rare. */
const MAX_PENDING_EVENTS = 100_000;

const SCHEMA = JSON.stringify({
	properties: {
		properties: {
			additionalProperties: { anyOf: [{ type: ['number', 'string'] }, { items: { $ref: '#' } }] },
		},
	},
});

let instance: Instance;
beforeAll(async () => {
	instance = await Instance.start('fuzz', forLoad);
}, 120_000);
afterAll(async () => {
	await instance.remove();
}, 60_000);

/** The trigger with nodes that do nothing behind it, whose executions leave nothing in the database. */
async function endpoint(): Promise<string> {
	const { path, nodes, ...workflow } = gameWorkflow({
		credentials: await instance.credential('apiKey'),
		sinkUrl: instance.sink.url,
		settings: { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' },
		parameters: {
			authentication: 'apiKey',
			options: {
				executionPer: 'group',
				maxPendingEvents: MAX_PENDING_EVENTS,
				eventSchemas: { schemas: [{ eventType: 'purchase', schema: SCHEMA }] },
			},
		},
	});
	const quiet = nodes.map((node) =>
		(node as { type: string }).type === 'n8n-nodes-base.httpRequest'
			? { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} }
			: node,
	);
	const { id } = await instance.n8n.api.createWorkflow({ ...workflow, nodes: quiet });
	await instance.n8n.api.publish(id);
	return instance.n8n.webhookUrl(path);
}

it(`${REQUESTS} requests as nobody should send them get only answers of the contract (seed ${SEED})`, async () => {
	const url = await endpoint();
	const requests = fc
		.sample(mutatedRequests, { numRuns: Math.ceil(REQUESTS / 25), seed: SEED })
		.flat()
		.slice(0, REQUESTS);
	const seen = new Map<string, number>();
	const undocumentedAnswers: string[] = [];
	const rssMb: number[] = [];
	const startedAtMs = Date.now();
	let next = 0;
	const sender = async (): Promise<void> => {
		while (next < requests.length) {
			const which = next++;
			if (which % Math.ceil(REQUESTS / 10) === 0) rssMb.push(residentMb(instance.n8n.pid));
			const { body = '', headers = [] } = requests[which] ?? {};
			const answer = await post(url, body, withKey(which % 50 === 0 ? 'wrong' : API_KEY, headers[0]?.[1]));
			const kind = `${answer.status} ${answer.body?.error?.code ?? 'taken'}`;
			seen.set(kind, (seen.get(kind) ?? 0) + 1);
			const faults = undocumented(answer);
			if (faults.length > 0)
				undocumentedAnswers.push(`request ${which}: ${answer.text.slice(0, 300)}: ${faults.join('; ')}`);
		}
	};
	await Promise.all(Array.from({ length: CONNECTIONS }, sender));
	rssMb.push(residentMb(instance.n8n.pid));
	process.stdout.write(
		`${requests.length} requests, seed ${SEED}, ${Math.round((Date.now() - startedAtMs) / 1000)} s; RSS of n8n ${rssMb.join(' ')} MB; ${[
			...seen,
		]
			.sort()
			.map(([kind, times]) => `${kind}: ${times}`)
			.join(', ')}\n`,
	);
	expect(undocumentedAnswers).toEqual([]);
	// The line may be full or n8n slow on a busy machine; everything else is the request's own doing.
	const expected = [
		'200 taken',
		'400 invalid_body',
		'400 invalid_events',
		'401 unauthorized',
		'415 unsupported_media_type',
	];
	expect([...seen.keys()].filter((kind) => kind !== '429 busy').sort()).toEqual(expected);
	expect(instance.n8n.log.join('\n')).not.toContain('could not be started');
	// And it is still well.
	const answer = await post(url, '{"event_type":"still_well"}', withKey(API_KEY));
	expect(answer.status).toBe(200);
}, 3_600_000);
