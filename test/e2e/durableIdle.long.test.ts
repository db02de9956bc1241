import { setTimeout as pause } from 'node:timers/promises';
import { CountingProxy } from '../support/countingProxy';
import { post, withKey } from '../support/sender';
import { API_KEY, Instance, until } from './instance';
import { DurableEndpoints, accessWith, apiKeyFor } from './journalAccess';

/** It is looked often for half a minute after a start. */
const SETTLING_MS = 45_000;
const MEASURED_MS = 120_000;

let instance: Instance;
let endpoints: DurableEndpoints;
let proxy: CountingProxy;

beforeAll(async () => {
	instance = await Instance.start('idle');
	endpoints = await DurableEndpoints.in(instance);
	proxy = await CountingProxy.before(instance.n8n.baseUrl);
}, 120_000);

afterAll(async () => {
	await instance.remove();
	await proxy.stop();
}, 60_000);

it('at rest fewer than 0.2 calls a second are made, and an event that comes then begins at once', async () => {
	const access = await accessWith(instance.n8n, await apiKeyFor(instance.n8n), proxy.url);
	const endpoint = await endpoints.make({}, access);
	await pause(SETTLING_MS);
	const before = proxy.calls.length;
	await pause(MEASURED_MS);
	const made = proxy.calls.slice(before);
	const perSecond = (made.length / MEASURED_MS) * 1_000;
	const sentAtMs = Date.now();
	const answer = await post(endpoint.url, '{"event_type":"a","n":1}', withKey(API_KEY));
	const answeredMs = Date.now() - sentAtMs;
	await until('the event', () => instance.sink.from('events').length === 1);
	const arrivedMs = (instance.sink.from('events')[0]?.atMs ?? Infinity) - sentAtMs;
	await endpoints.untilNoRows(endpoint);
	process.stderr.write(
		`At rest ${perSecond.toFixed(3)} calls a second; then answered after ${answeredMs} ms, delivered after ${arrivedMs} ms\n${made.join('\n')}\n`,
	);
	expect(answer.status).toBe(200);
	expect(perSecond).toBeLessThan(0.2);
	expect(arrivedMs).toBeLessThan(3_000);
}, 300_000);
