import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CountingProxy } from '../support/countingProxy';
import { post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DEAD_LETTERS, DurableEndpoints, TableView, accessWith, apiKeyFor } from './journalAccess';

const LETTERS = Number(process.env.DURABLE_LETTERS ?? 100_000);
/** An hour in all with `DURABLE_MINUTES=15`. */
const MINUTES = Number(process.env.DURABLE_MINUTES ?? 2);
const SETTLING_MS = 45_000;
const REQUESTS_A_SECOND = 3;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

let instance: Instance;
let endpoints: DurableEndpoints;
let proxy: CountingProxy;

beforeAll(async () => {
	instance = await Instance.start('letters', { N8N_DATA_TABLES_MAX_SIZE_BYTES: '2000000000' });
	endpoints = await DurableEndpoints.in(instance);
	proxy = await CountingProxy.before(instance.n8n.baseUrl);
}, 120_000);

afterAll(async () => {
	await instance.remove();
	await proxy.stop();
}, 60_000);

/** What n8n's process has used of a processor since it started, in milliseconds. */
function processorMs(): number {
	const fields = readFileSync(`/proc/${instance.n8n.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

interface Measured {
	readonly callsASecond: number;
	readonly processorMsASecond: number;
}

async function measured(work: () => Promise<void>): Promise<Measured> {
	const [calls, usedMs, startedAtMs] = [proxy.calls.length, processorMs(), Date.now()];
	await work();
	const seconds = (Date.now() - startedAtMs) / 1_000;
	return {
		callsASecond: (proxy.calls.length - calls) / seconds,
		processorMsASecond: (processorMs() - usedMs) / seconds,
	};
}

interface Answers {
	readonly medianMs: number;
	/** How many requests were not answered with 200. */
	readonly refused: number;
}

/** Sends requests at a steady rate, until their events are processed. */
async function load(endpoint: Endpoint): Promise<Answers> {
	const answers: Array<Promise<{ status: number; tookMs: number }>> = [];
	for (let n = 0; n < MINUTES * 60 * REQUESTS_A_SECOND; n++) {
		const sentAtMs = performance.now();
		answers.push(
			post(endpoint.url, JSON.stringify({ event_type: 'a', n }), withKey(API_KEY)).then(({ status }) => ({
				status,
				tookMs: performance.now() - sentAtMs,
			})),
		);
		await pause(1_000 / REQUESTS_A_SECOND);
	}
	const all = await Promise.all(answers);
	await endpoints.untilNoRows(endpoint);
	const tookMs = all.map((answer) => answer.tookMs).sort((one, other) => one - other);
	return {
		medianMs: tookMs[Math.floor(tookMs.length / 2)] ?? NaN,
		refused: all.filter(({ status }) => status !== 200).length,
	};
}

interface Round {
	readonly rest: Measured;
	readonly loaded: Measured;
	readonly answers: Answers;
}

async function round(endpoint: Endpoint): Promise<Round> {
	await pause(SETTLING_MS);
	const rest = await measured(async () => void (await pause(MINUTES * 60_000)));
	let answers: Answers = { medianMs: NaN, refused: NaN };
	const loaded = await measured(async () => {
		answers = await load(endpoint);
	});
	return { rest, loaded, answers };
}

it(`with ${LETTERS} dead letters it costs no more than with one, at rest and under load`, async () => {
	const access = await accessWith(instance.n8n, await apiKeyFor(instance.n8n), proxy.url);
	const endpoint = await endpoints.make({ retry: false, options: { executionPer: 'group' } }, access);
	instance.sink.behave = ({ output, items }) => (output !== 'deadLetter' && items[0].bad ? 500 : 200);
	await post(endpoint.url, '{"event_type":"purchase","user_id":"u1","bad":true}', withKey(API_KEY));
	const [letter] = await endpoints.untilDeadLetters(endpoint, 1);
	const few = await round(endpoint);

	const view = (await TableView.of(instance.n8n, DEAD_LETTERS)) as TableView;
	const { id, createdAt, updatedAt, ...cells } = letter as unknown as Record<string, unknown>;
	void [createdAt, updatedAt];
	for (let left = LETTERS; left > 0; left -= 500) {
		await view.insert(Array.from({ length: Math.min(500, left) }, () => cells));
	}
	const many = await round(endpoint);

	const ratio = (one: number, other: number): string => (other / one).toFixed(2);
	process.stderr.write(
		[
			`With 1 dead letter: ${JSON.stringify(few)}`,
			`With ${LETTERS}: ${JSON.stringify(many)}`,
			`Ratios at rest: calls ${ratio(few.rest.callsASecond, many.rest.callsASecond)}, processor ${ratio(few.rest.processorMsASecond, many.rest.processorMsASecond)}`,
			`Ratios under load: calls ${ratio(few.loaded.callsASecond, many.loaded.callsASecond)}, processor ${ratio(few.loaded.processorMsASecond, many.loaded.processorMsASecond)}, answers ${ratio(few.answers.medianMs, many.answers.medianMs)}`,
			'',
		].join('\n'),
	);
	expect([few.answers.refused, many.answers.refused]).toEqual([0, 0]);
	expect(few.rest.callsASecond).toBeLessThan(0.21);
	expect(many.rest.callsASecond).toBeLessThan(0.21);

	// One of them is sent again, and found.
	await view.set(Number(id) + Math.ceil(LETTERS / 2), {
		state: 'redrive',
		payload: '{"event_type":"again"}',
	});
	await until(
		'the one that was sent again',
		() => instance.sink.from('events').some(({ items }) => items[0].event_type === 'again'),
		60_000,
	);
}, 7_200_000);
