import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forLoad } from '../../lab/environment';
import { post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';
import { DurableEndpoints, accessWith, apiKeyFor } from './journalAccess';

let instance: Instance;
let endpoints: DurableEndpoints;

beforeAll(async () => {
	instance = await Instance.start('durable-burst', forLoad);
	endpoints = await DurableEndpoints.in(instance);
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

const durable: DurableEndpoints['make'] = async (...args) => await endpoints.make(...args);
const send = async (endpoint: Endpoint, body: unknown) =>
	await post(endpoint.url, JSON.stringify(body), withKey(API_KEY));
const eventsSeen = () =>
	instance.sink.deliveries.filter(({ output }) => output !== 'deadLetter').flatMap(({ items }) => items);

it('many requests that come together are written with few calls', async () => {
	let calls = 0;
	const counting = createServer((incoming, outgoing) => {
		calls++;
		const { method, url, headers } = incoming;
		const onward = httpRequest(
			{ host: '127.0.0.1', port: instance.n8n.port, method, path: url, headers },
			(answer) => {
				outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
				answer.pipe(outgoing);
			},
		);
		onward.on('error', () => outgoing.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
	const baseUrl = `http://127.0.0.1:${(counting.address() as AddressInfo).port}`;
	const access = await accessWith(instance.n8n, await apiKeyFor(instance.n8n), baseUrl);
	const endpoint = await durable({ options: { executionPer: 'group', maxConcurrentExecutions: 1 } }, access);
	const before = calls;
	const answers = await Promise.all(
		Array.from({ length: 300 }, async (_, n) => await send(endpoint, { event_type: 'a', n })),
	);
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
	await until('all of them', () => eventsSeen().length === 300);
	await endpoints.untilNoRows(endpoint);
	expect(calls - before).toBeLessThan(150);
	await instance.n8n.api.unpublish(endpoint.workflowId);
	counting.closeAllConnections();
	await new Promise((resolve) => counting.close(resolve));
}, 180_000);
