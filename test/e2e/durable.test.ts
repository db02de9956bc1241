import { setTimeout as pause } from 'node:timers/promises';
import { sendNumbered, tally } from '../support/ledger';
import { post, signed, withKey } from '../support/sender';
import { inFull, isQuick } from '../support/quick';
import { API_KEY, type Endpoint, HMAC_SECRET, Instance, until } from './instance';
import { DEAD_LETTERS, DurableEndpoints, SCOPES, TableView, accessWith, apiKeyFor } from './journalAccess';

/** How often n8n is killed under load. Twenty were seen to lose nothing; each takes some fifteen seconds. */
const KILLS = Number(process.env.DURABLE_KILLS ?? (isQuick ? 1 : 3));

let instance: Instance;
let endpoints: DurableEndpoints;

beforeAll(async () => {
	instance = await Instance.start('durable');
	endpoints = await DurableEndpoints.in(instance);
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const durable: DurableEndpoints['make'] = async (...args) => await endpoints.make(...args);
const rowsOf: DurableEndpoints['rowsOf'] = async (endpoint) => await endpoints.rowsOf(endpoint);
const n8nCredential = async (apiKey: string) => await accessWith(instance.n8n, apiKey);
const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const eventsSeen = () =>
	instance.sink.deliveries.filter(({ output }) => output !== 'deadLetter').flatMap(({ items }) => items);

it('an event is a row before it is answered, and the row goes when it is processed', async () => {
	const endpoint = await durable();
	let release = (): void => undefined;
	const released = new Promise<void>((resolve) => (release = resolve));
	instance.sink.behave = async () => {
		await released;
		return 200;
	};
	const answer = await send(endpoint, { event_type: 'purchase', user_id: 'u1', n: 1 });
	expect([answer.status, answer.body.status]).toEqual([200, 'accepted']);
	const rows = await rowsOf(endpoint);
	expect(rows).toHaveLength(1);
	expect(rows[0]).toMatchObject({
		state: 'running',
		summary: 'Attempt 1 is running.',
		attempt: 1,
		events: 1,
		event_type: 'purchase',
		user_id: 'u1',
		payload: '{"event_type":"purchase","user_id":"u1","n":1}',
	});
	release();
	await endpoints.untilNoRows(endpoint);
	expect(eventsSeen()).toHaveLength(1);
	expect(eventsSeen()[0]).toMatchObject({ event_type: 'purchase', n: 1 });
});

it('a retry waits as a row, and a dead letter stays one until it is sent again by the table view', async () => {
	const endpoint = await durable({ maxRetries: 1, initialDelay: 500 });
	instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
	await send(endpoint, [{ event_type: 'level', user_id: 'u2', n: 1 }]);
	const [row] = await endpoints.untilDeadLetters(endpoint, 1);
	expect(row).toMatchObject({
		state: 'dead',
		event_type: 'level',
		attempt: 2,
		payload: '{"event_type":"level","user_id":"u2","n":1}',
	});
	expect(row?.summary).toContain('could not be processed: after 2 attempts');
	expect(row?.last_error).toContain('sink says 500');
	expect(instance.sink.from('deadLetter')[0]?.items[0].redrive).toEqual({ count: 0, of: null });

	const view = await TableView.of(instance.n8n, DEAD_LETTERS);
	await view?.set(row?.id ?? 0, { state: 'redrive' });
	await until('a second dead letter', () => instance.sink.from('deadLetter').length === 2);
	const [again] = instance.sink.from('deadLetter')[1]?.items ?? [];
	expect(again.redrive).toEqual({ count: 1, of: again._delivery.id });
	const [dead] = await endpoints.untilDeadLetters(endpoint, 1);

	instance.sink.behave = () => 200;
	const payload = '{"event_type":"level","user_id":"u2","n":2}';
	await view?.set(dead?.id ?? 0, { state: 'redrive', payload });
	await until('the corrected event', () => eventsSeen().some(({ n }) => n === 2));
	await endpoints.untilNoRows(endpoint);
	expect(await endpoints.deadLettersOf(endpoint)).toEqual([]);
	expect(eventsSeen().at(-1)).toMatchObject({ n: 2 });
});

it('invalid events and unreadable bodies are dead letters of the table, too', async () => {
	const endpoint = await durable();
	expect((await send(endpoint, [{ event_type: 'a', n: 1 }, { no: 'type' }])).status).toBe(200);
	const broken = await post(endpoint.url, '{"event_type"', withKey(API_KEY));
	expect(broken.status).toBe(400);
	const letters = await endpoints.untilDeadLetters(endpoint, 2);
	expect(letters.map(({ payload }) => payload).sort()).toEqual(['{"event_type"', '{"no":"type"}']);
	expect(instance.sink.from('deadLetter').flatMap(({ items }) => items)).toHaveLength(2);
});

inFull(() => {
	it('ten workflows that share a table keep to their own rows', async () => {
		const ten = await Promise.all(
			Array.from({ length: 10 }, async () => await durable({ initialDelay: 15_000 })),
		);
		const rows = async () => (await Promise.all(ten.map(rowsOf))).flat();
		instance.sink.behave = ({ output }) => (output === 'events' ? 500 : 200);
		await Promise.all(ten.map(async (endpoint, to) => await send(endpoint, { event_type: 'a', to })));
		await until(
			'all to wait for their retry',
			async () => (await rows()).filter(({ state }) => state === 'retrying').length === 10,
		);
		await until('no rows', async () => (await rows()).length === 0);
		const retried = instance.sink.from('retry').flatMap(({ items }) => items.map(({ to }) => to as number));
		expect(retried.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
		for (const endpoint of ten) {
			const executions = await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
			expect(executions.map(({ status }) => status)).toEqual(['error', 'success']);
			await instance.n8n.api.unpublish(endpoint.workflowId);
		}
	}, 120_000);
});

it('a key that is wrong, or may not do enough, refuses to publish with what to do', async () => {
	await expect(durable({}, await n8nCredential('wrong'))).rejects.toThrow(/does not accept the API key/);
	const weak = await apiKeyFor(instance.n8n, ['dataTable:list']);
	await expect(durable({ options: { journalTable: 'other' } }, await n8nCredential(weak))).rejects.toThrow(
		/may not use Data Tables/,
	);
});

it('503 with Retry-After while the table can not be written to, and nothing is taken', async () => {
	const { id, rawApiKey } = await instance.n8n.api.call('POST', '/api-keys', {
		label: 'to be deleted',
		scopes: SCOPES,
		expiresAt: null,
	});
	const endpoint = await durable({}, await n8nCredential(rawApiKey));
	await instance.n8n.api.call('DELETE', `/api-keys/${id}`);
	const answer = await send(endpoint, { event_type: 'a' });
	expect([answer.status, answer.headers['retry-after']]).toEqual([503, '60']);
	expect(answer.body.error.code).toBe('unavailable');
	expect(await rowsOf(endpoint)).toEqual([]);
	expect(instance.sink.deliveries).toEqual([]);
	await instance.n8n.api.unpublish(endpoint.workflowId);
});

it('the test of the credential says what is missing', async () => {
	const test = async (data: Record<string, unknown>) => await instance.testOf('gameInsightsN8nApi', data);
	const { baseUrl } = instance.n8n;
	const all = await apiKeyFor(instance.n8n, [...SCOPES, 'execution:read']);
	expect(await test({ baseUrl: `${baseUrl}/`, apiKey: all })).toEqual({
		status: 'OK',
		message: 'n8n can keep events in its Data Tables',
	});
	expect(await test({ baseUrl, apiKey: 'wrong' })).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('does not accept the API key'),
	});
	for (const scope of SCOPES) {
		const others = SCOPES.filter((each) => each !== scope);
		expect(await test({ baseUrl, apiKey: await apiKeyFor(instance.n8n, others) })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(
				scope === 'dataTable:list' ? 'may not use Data Tables' : `lacks these scopes: ${scope}.`,
			),
		});
	}
	expect(await test({ baseUrl: 'http://127.0.0.1:9', apiKey: 'any' })).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('could not be reached'),
	});
});

inFull(() => {
	it('a full journal is answered 429, and takes events again when there is room', async () => {
		const endpoint = await durable({
			initialDelay: 3_600_000,
			options: { journalTable: 'small_journal', maxJournalSize: 1, maxDelay: 86_400_000 },
		});
		const view = await TableView.of(instance.n8n, 'small_journal');
		const large = { event_type: 'large', filler: 'x'.repeat(700_000) };
		instance.sink.behave = ({ items }) => (items[0].event_type === 'large' ? 500 : 200);
		for (let n = 0; n < 2; n++) expect((await send(endpoint, large)).status).toBe(200);
		let busy = await send(endpoint, { event_type: 'a' });
		await until('the size to be noticed', async () => {
			busy = await send(endpoint, { event_type: 'a' });
			return busy.status === 429;
		});
		expect([busy.headers['retry-after'], busy.body.error.code]).toEqual(['30', 'busy']);
		expect(instance.n8n.log.join('\n')).toContain('option Max Journal Size');
		await view?.delete((await view.rows()).map(({ id }) => id));
		await until(
			'room again',
			async () => (await send(endpoint, { event_type: 'a', n: 'later' })).status === 200,
		);
		await until('the event', () => eventsSeen().some(({ n }) => n === 'later'));
		await instance.n8n.api.unpublish(endpoint.workflowId);
	}, 90_000);
});

it('a stop hands everything back: the next start goes on at once, and knows what was processed', async () => {
	const endpoint = await durable({ initialDelay: 1_000 });
	const event = { event_type: 'a', event_id: 'once', n: 1 };
	await send(endpoint, event);
	await endpoints.untilNoRows(endpoint);
	instance.sink.behave = () => 500;
	await send(endpoint, { event_type: 'a', n: 2 });
	await until('a retry to wait', async () => (await rowsOf(endpoint))[0]?.state === 'retrying');
	await instance.n8n.stop();
	instance.sink.behave = () => 200;
	await instance.n8n.start();
	const startedAtMs = Date.now();
	await until('the retry', () => instance.sink.from('retry').some(({ items }) => items[0].n === 2));
	// An owner that died is watched for 12 seconds; one that stopped is not.
	expect(Date.now() - startedAtMs).toBeLessThan(8_000);
	expect((await send(endpoint, event)).body).toMatchObject({ accepted: 0, duplicates: 1 });
	await instance.n8n.api.unpublish(endpoint.workflowId);
}, 90_000);

inFull(() => {
	it('a stop forgets no request that can still be replayed, however short the deduplication window is', async () => {
		const signing = await instance.credential('hmac', { timestampTolerance: 3600 });
		const endpoint = await durable(
			{ authentication: 'hmac', options: { deduplicationWindow: 1 } },
			{ ...(await n8nCredential(await apiKeyFor(instance.n8n))), ...signing },
		);
		const body = '{"event_type":"purchase"}';
		const recorded = signed(body, HMAC_SECRET, Date.now());
		expect((await post(endpoint.url, body, recorded)).body).toMatchObject({ accepted: 1 });
		await endpoints.untilNoRows(endpoint);
		await pause(2_000);
		await instance.n8n.stop();
		await instance.n8n.start();
		// The first requests may come before the trigger is live, and then it is not known what they repeat.
		const other = '{"event_type":"other"}';
		await post(endpoint.url, other, signed(other, HMAC_SECRET, Date.now()));
		await until('the trigger to be live', () =>
			eventsSeen().some(({ event_type: type }) => type === 'other'),
		);
		expect((await post(endpoint.url, body, recorded)).body).toMatchObject({ accepted: 0, duplicates: 1 });
		await instance.n8n.api.unpublish(endpoint.workflowId);
	}, 90_000);
});

inFull(() => {
	it('a large batch is kept packed, and goes on after kill -9 with every event as it was sent', async () => {
		const endpoint = await durable({ initialDelay: 1_000 });
		const events = Array.from({ length: 1_000 }, (_, n) => ({
			...{ event_type: 'purchase', event_id: `large-${n}`, user_id: `Spieler ${n % 50} 漢字`, n },
			properties: { sku: 'gem_pack_500', price: '4.99 €', level: n % 80 },
		}));
		instance.sink.behave = () => 500;
		expect((await send(endpoint, { events })).body).toMatchObject({ accepted: 1_000 });
		await until('a retry to wait', async () => (await rowsOf(endpoint))[0]?.state === 'retrying');
		const rows = await rowsOf(endpoint);
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({ events: 1_000, payload: expect.stringMatching(/^gzip:/) });
		expect(String(rows[0]?.payload).length).toBeLessThan(JSON.stringify({ events }).length / 4);
		await instance.n8n.kill();
		instance.sink.reset();
		await instance.n8n.start();
		await endpoints.untilNoRows(endpoint, 90_000);
		const seen = eventsSeen().map(({ _delivery, ...event }) => event);
		expect(seen.filter(({ n }, at) => seen.findIndex((other) => other.n === n) === at)).toEqual(events);
		await instance.n8n.api.unpublish(endpoint.workflowId);
	}, 180_000);
});

it('nothing that was answered with 200 is lost to kill -9, and a restart at rest runs nothing', async () => {
	const endpoint = await durable({
		initialDelay: 200,
		options: { executionPer: 'group', maxConcurrentExecutions: 3 },
	});
	// Every tenth fails once, every fiftieth always.
	const hasFailed = new Set<number>();
	instance.sink.behave = async ({ output, items }) => {
		await pause(30);
		if (output === 'deadLetter') return 200;
		const fails = items.filter(({ n }) => n % 50 === 7 || (n % 10 === 3 && !hasFailed.has(n)));
		for (const { n } of fails) hasFailed.add(n);
		return fails.length > 0 ? 500 : 200;
	};
	let isOver = false;
	const sending = sendNumbered({
		...{ url: endpoint.url, headers: withKey(API_KEY), connections: 6, insists: true },
		goesOn: () => !isOver,
	});
	for (let kill = 0; kill < KILLS; kill++) {
		await pause(1_500 + Math.random() * 3_000);
		await instance.n8n.kill();
		await instance.n8n.start();
	}
	await pause(2_000);
	isOver = true;
	const { sent, accepted, otherAnswers } = await sending;
	await endpoints.untilNoRows(endpoint, 180_000);
	const became = await tally(accepted, instance.sink, instance.n8n.api, endpoint.workflowId);
	process.stderr.write(
		`${KILLS} times kill -9: ${JSON.stringify({ sent, not200: otherAnswers, ...became })}\n`,
	);
	expect(accepted).toHaveLength(sent);
	expect(became).toMatchObject({ visible: {}, lost: [] });
	expect(sent).toBeGreaterThan(KILLS * 10);
	// What always fails is a dead row; nothing else is, but what kills took the attempts from.
	const dead = (await endpoints.deadLettersOf(endpoint)).map(
		({ payload }) => JSON.parse(String(payload)).n as number,
	);
	expect(accepted.filter((n) => n % 50 === 7 && !dead.includes(n))).toEqual([]);

	const before = (await instance.n8n.api.executions({ workflowId: endpoint.workflowId })).length;
	await instance.n8n.restart();
	await pause(15_000);
	expect((await instance.n8n.api.executions({ workflowId: endpoint.workflowId })).length).toBe(before);
}, 900_000);
