import { post, withKey } from '../support/sender';
import { API_KEY, Instance, until } from './instance';

/** All other tests run on n8n's default engine; this one as long as n8n has the older one. */
it("on n8n's older expression engine an event, a retry and a dead letter leave where they should", async () => {
	const instance = await Instance.start('legacy-engine', { N8N_EXPRESSION_ENGINE: 'legacy' });
	try {
		const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100 } });
		instance.sink.behave = ({ output, items }) =>
			output === 'events' && items[0].event_type === 'fails' ? 500 : 200;
		const body = '[{"event_type":"works"},{"event_type":5}]';
		expect((await post(endpoint.url, body, withKey(API_KEY))).body).toMatchObject({
			...{ status: 'accepted', accepted: 1, dead_lettered: 1 },
		});
		expect((await post(endpoint.url, '{"event_type":"fails"}', withKey(API_KEY))).status).toBe(200);
		await until('all of them', () => {
			const { sink } = instance;
			return sink.from('events').length === 2 && sink.from('retry').length === 1;
		});
		await until('the dead letter', () => instance.sink.from('deadLetter').length === 1);
		expect(instance.sink.from('retry')[0]?.items).toMatchObject([
			{ event_type: 'fails', _delivery: { attempt: 2 } },
		]);
		expect(instance.sink.from('deadLetter')[0]?.items).toMatchObject([{ reason: 'invalid_event' }]);
	} finally {
		await instance.remove();
	}
}, 240_000);
