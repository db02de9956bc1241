import { setTimeout as pause } from 'node:timers/promises';
import { post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DurableEndpoints, TableView } from './journalAccess';

const MAX_BYTES = 2_000_000;
const OTHER_TABLE = 'of_another_workflow';

let instance: Instance;
let endpoints: DurableEndpoints;

beforeAll(async () => {
	instance = await Instance.start('full', {
		N8N_DATA_TABLES_MAX_SIZE_BYTES: String(MAX_BYTES),
		N8N_DATA_TABLES_SIZE_CHECK_CACHE_DURATION_MS: '500',
	});
	endpoints = await DurableEndpoints.in(instance);
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

const send = async (endpoint: Endpoint, n: number) =>
	await post(endpoint.url, JSON.stringify({ event_type: 'a', n }), withKey(API_KEY));
const items = (output: 'events' | 'deadLetter'): any[] =>
	instance.sink.succeeded(output).flatMap(({ items: own }) => own);

it('another workflow fills up n8n: what was taken is delivered, senders get 429, a notice says so; then it goes on', async () => {
	const endpoint = await endpoints.make({ options: { executionPer: 'event', maxConcurrentExecutions: 1 } });
	instance.sink.behave = async () => {
		await pause(300);
		return 200;
	};
	for (let n = 0; n < 30; n++) expect((await send(endpoint, n)).status).toBe(200);
	const other = await TableView.make(instance.n8n, OTHER_TABLE, [{ name: 'text', type: 'string' }]);
	const filler = { text: 'x'.repeat(250_000) };
	await until(
		'n8n to be full',
		async () =>
			!(await other.insert([filler, filler]).then(
				() => true,
				() => false,
			)),
	);
	const deliveredBefore = items('events').length;
	expect(deliveredBefore).toBeLessThan(25);

	const fullAtMs = Date.now();
	const answer = await send(endpoint, 100);
	expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([429, true]);
	await until(
		() => `30 events, not ${items('events').length}`,
		() => new Set(items('events').map(({ n }) => n as number)).size === 30,
		30_000,
	);
	const tookMs = Date.now() - fullAtMs;
	await until('the notice', () => items('deadLetter').some(({ reason }) => reason === 'table_full'));
	process.stderr.write(
		`Full after ${deliveredBefore} of 30 events, the others were delivered in ${tookMs} ms\n`,
	);

	await other.delete((await other.rows()).map(({ id }) => id));
	await until('room again', async () => (await send(endpoint, 101)).status === 200, 30_000);
	await until('the event', () => items('events').some(({ n }) => n === 101));
	await endpoints.untilNoRows(endpoint);
	expect(items('events').filter(({ n }) => n < 30)).toHaveLength(30);
}, 120_000);
