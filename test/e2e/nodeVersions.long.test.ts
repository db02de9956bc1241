import { gzipSync } from 'node:zlib';
import { type Answer, type Headers, post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';

/** With both, n8n makes an isolate only for an expression that is really evaluated. */
const SWITCHES = {
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true',
};

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.start('node-versions', SWITCHES);
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

/** How many isolates n8n has made or taken for expressions since it was started. */
async function isolatesAcquired(): Promise<number> {
	const metrics = await (await fetch(`${instance.n8n.baseUrl}/metrics`)).text();
	const [, count] = /^n8n_expression_pool_acquired_total(?:\{[^}]*\})? (\d+)/m.exec(metrics) ?? [];
	return Number(count ?? NaN);
}

describe('whether a request evaluates an expression', () => {
	const REQUESTS = 200;
	const AT_A_TIME = 8;

	/** Sends so many requests, some at a time, and gives back how often each status came. */
	async function statusesOf({ url }: Endpoint, key: string): Promise<Record<number, number>> {
		const statuses: Record<number, number> = {};
		let left = REQUESTS;
		const sender = async () => {
			while (left-- > 0) {
				const body = JSON.stringify({ event_type: 'purchase', user_id: `p-${left}` });
				const { status } = await post(url, body, withKey(key));
				statuses[status] = (statuses[status] ?? 0) + 1;
			}
		};
		await Promise.all(Array.from({ length: AT_A_TIME }, sender));
		return statuses;
	}

	/** Nothing stands behind the trigger that would evaluate expressions of its own. */
	const endpointOf = async (typeVersion: 1 | 2) =>
		await instance.endpoint('apiKey', {
			typeVersion,
			connected: [],
			parameters: { options: { executionPer: 'group', acceptTimeout: 60 } },
		});

	async function acquiredBy(endpoint: Endpoint, key: string) {
		const before = await isolatesAcquired();
		const statuses = await statusesOf(endpoint, key);
		await instance.calm();
		return { statuses, acquired: (await isolatesAcquired()) - before };
	}

	it('no request to version 2 does, grouped or refused', async () => {
		const endpoint = await endpointOf(2);
		expect(await acquiredBy(endpoint, API_KEY)).toEqual({ statuses: { 200: REQUESTS }, acquired: 0 });
		const executions = await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
		expect(executions.length).toBeGreaterThan(0);
		expect(executions.every(({ status }) => status === 'success')).toBe(true);
		expect(await acquiredBy(endpoint, 'a-wrong-api-key')).toEqual({
			statuses: { 401: REQUESTS },
			acquired: 0,
		});
	}, 120_000);

	it('each request to version 1 does, so the count counts', async () => {
		const endpoint = await endpointOf(1);
		const { statuses, acquired } = await acquiredBy(endpoint, API_KEY);
		expect(statuses).toEqual({ 200: REQUESTS });
		expect(acquired).toBeGreaterThanOrEqual(REQUESTS);
	}, 120_000);
});

describe('what differs between the versions, and what does not', () => {
	const endpoints: Partial<Record<1 | 2, Endpoint>> = {};
	const answerOf = async (version: 1 | 2, body: string | Buffer, headers: Headers): Promise<Answer> => {
		endpoints[version] ??= await instance.endpoint('apiKey', { typeVersion: version });
		return await post(endpoints[version].url, body, headers);
	};
	/** Of n8n's N8N_PAYLOAD_SIZE_MAX. */
	const TOO_LARGE = 17 * 1024 * 1024;
	const EVENT = '{"event_type":"purchase"}';
	const json = (more: Headers = {}): Headers => ({ ...withKey(API_KEY), ...more });
	const form = (contentType: string): Headers => withKey(API_KEY, contentType);

	it.each<[string, string | Buffer, Headers, number]>([
		['an event', EVENT, json(), 200],
		['a packed event', gzipSync(EVENT), json({ 'content-encoding': 'gzip' }), 200],
		['events as lines', `${EVENT}\n${EVENT}\n`, form('application/x-ndjson'), 200],
		['an event as plain text', EVENT, form('text/plain'), 200],
		['an event that is not valid', '{"user_id":"p-1"}', json(), 400],
		['no body', '', json(), 400],
		['malformed lines', `${EVENT}\n{"event_type`, form('application/x-ndjson'), 200],
		['a wrong key', EVENT, withKey('a-wrong-api-key'), 401],
		['a form', 'event_type=purchase', form('application/x-www-form-urlencoded'), 200],
		['a form with files', '--x\r\n\r\n\r\n--x--\r\n', form('multipart/form-data; boundary=x'), 415],
	])('%s is answered alike', async (_, body, headers, status) => {
		for (const version of [1, 2] as const) {
			const answer = await answerOf(version, body, headers);
			expect([version, answer.status, answer.text]).toEqual([version, status, expect.any(String)]);
		}
	});

	it.each<[string, string | Buffer, Headers, number, number]>([
		['malformed JSON', '{"event_type', json(), 400, 422],
		['malformed JSON with a wrong key', '{"event_type', withKey('a-wrong-api-key'), 401, 422],
		['malformed XML', '<event', form('application/xml'), 415, 422],
		['an encoding nobody knows', EVENT, form('application/json; charset=nobody'), 415, 422],
		[
			'a body above 16 MiB',
			gzipSync(Buffer.alloc(TOO_LARGE, ' ')),
			json({ 'content-encoding': 'gzip' }),
			413,
			500,
		],
		[
			'a packed event whose coding is named in capitals',
			gzipSync(EVENT),
			json({ 'content-encoding': 'GZIP' }),
			200,
			422,
		],
		['a body that is not packed as it says', EVENT, json({ 'content-encoding': 'gzip' }), 400, 500],
	])('%s is not', async (_, body, headers, ofVersion1, ofVersion2) => {
		const first = await answerOf(1, body, headers);
		const second = await answerOf(2, body, headers);
		expect([first.status, second.status, second.text]).toEqual([ofVersion1, ofVersion2, expect.any(String)]);
	});

	it('malformed JSON becomes a dead letter with version 1 only', async () => {
		await answerOf(1, '{"event_type": 1', json());
		await answerOf(2, '{"event_type": 2', json());
		await answerOf(2, '{"user_id":"p-2"}', json());
		const letters = () => instance.sink.from('deadLetter').flatMap(({ items }) => items);
		await until('two dead letters', () => letters().length >= 2);
		await instance.n8n.api.finishedExecutions(endpoints[2]!.workflowId, 1).catch(() => undefined);
		expect(letters().map(({ reason, raw }) => [reason, raw])).toEqual([
			['malformed_body', '{"event_type": 1'],
			['invalid_event', null],
		]);
	});
});
