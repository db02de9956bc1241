import { post, withKey } from '../support/sender';
import { API_KEY, Instance, until } from './instance';

let instance: Instance;

beforeAll(async () => {
	// n8n itself runs one execution at a time and lets the others wait, stored but not begun.
	instance = await Instance.start('accept-timeout', { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

it('a request whose execution does not begin in time is answered with 429 and never runs', async () => {
	const endpoint = await instance.endpoint('apiKey', { parameters: { options: { acceptTimeout: 1 } } });
	instance.sink.behave = async () => {
		await new Promise((resolve) => setTimeout(resolve, 3_000));
		return 200;
	};
	const send = async (name: string) =>
		await post(endpoint.url, JSON.stringify({ event_type: name, event_id: name }), withKey(API_KEY));

	const first = send('first');
	await until('the first execution', () => instance.sink.from('events').length === 1);
	const startedAtMs = Date.now();
	const second = await send('second');
	expect(second).toMatchObject({ status: 429, body: { error: { code: 'busy' } } });
	expect(Number(second.headers['retry-after'])).toBeGreaterThanOrEqual(1);
	expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(950);
	expect(Date.now() - startedAtMs).toBeLessThan(2_500);
	expect((await first).status).toBe(200);

	await until('both executions at rest', async () => {
		const executions = await instance.n8n.api.executions({ workflowId: endpoint.workflowId });
		return executions.length === 2 && executions.every(({ status }) => status === 'success');
	});
	expect(instance.sink.from('events').flatMap(({ items }) => items.map((item) => item.event_type))).toEqual([
		'first',
	]);

	// The sender comes again, as it was told to.
	instance.sink.behave = () => 200;
	expect(await send('second')).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 0 } });
	await until('the second event', () => instance.sink.from('events').length === 2);
}, 60_000);
