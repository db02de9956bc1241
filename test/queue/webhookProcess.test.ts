import { API_KEY, HMAC_SECRET, until } from '../e2e/instance';
import { sendNumbered, tally } from '../support/ledger';
import { post, signed, withKey } from '../support/sender';
import type { SinkDelivery } from '../support/sink';
import { QueueInstance } from './instance';

let instance: QueueInstance;

beforeAll(async () => {
	instance = await QueueInstance.start('queue-webhook');
}, 300_000);

afterAll(async () => {
	await instance.remove();
}, 90_000);

beforeEach(async () => await instance.calm());

const itemsFrom = (output: SinkDelivery['output']) =>
	instance.sink.from(output).flatMap((delivery) => delivery.items);

describe('events that come through a dedicated webhook process', () => {
	it('are checked as in main: forged, malformed and stale requests start nothing', async () => {
		const endpoint = await instance.endpoint('hmac');
		const { webhookProcessUrl: url } = endpoint;
		const body = '{"event_type":"a"}';
		const answers = [
			await post(url, body, signed(body, 'not the secret that was agreed on')),
			await post(url, body, signed(body, HMAC_SECRET, Date.now() - 3_600_000)),
			await post(url, '{"event_type":', signed('{"event_type":', HMAC_SECRET)),
			await post(url, '{"event_type":5}', signed('{"event_type":5}', HMAC_SECRET)),
		];
		expect(answers.map(({ status, body: answer }) => [status, answer.error.code])).toEqual([
			[401, 'unauthorized'],
			[401, 'unauthorized'],
			[400, 'invalid_body'],
			[400, 'invalid_events'],
		]);
		const executions = await instance.executionsAtRest(endpoint.workflowId);
		expect(executions.filter(({ status }) => status === 'success').length).toBe(
			itemsFrom('deadLetter').length,
		);
		expect(itemsFrom('events')).toEqual([]);
	});

	it('become the same items, handed over directly, and say that nothing retries them', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const body = '[{"event_type":"good","n":9007199254740993},{"event_type":5}]';
		const direct = await post(endpoint.webhookProcessUrl, body, withKey(API_KEY));
		expect(direct).toMatchObject({ status: 200, body: { received: 2, accepted: 1, dead_lettered: 1 } });
		await until('the event and the dead letter', () => instance.sink.deliveries.length === 2);
		const [direct1] = itemsFrom('events');
		const [directLetter] = itemsFrom('deadLetter');
		instance.sink.reset();
		await post(endpoint.url, body, withKey(API_KEY));
		await until('the same through main', () => instance.sink.deliveries.length === 2);
		const [main1] = itemsFrom('events');
		const [mainLetter] = itemsFrom('deadLetter');

		expect(direct1._delivery).toMatchObject({ attempt: 1, automatic_retry: false });
		expect(main1._delivery).toMatchObject({ attempt: 1, automatic_retry: true });
		expect(withoutDelivery(direct1)).toEqual(withoutDelivery(main1));
		expect(directLetter).toMatchObject({ event: { event_type: 5 }, reason: 'invalid_event' });
		expect(Object.keys(directLetter)).toEqual(Object.keys(mainLetter));
		expect(directLetter.summary).toBe(mainLetter.summary);
	});

	it('are shown as failed when their workflow fails, once, and run again only by hand', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { initialDelay: 100 } });
		instance.sink.behave = () => 500;
		const answer = await post(endpoint.webhookProcessUrl, '{"event_type":"a","n":1}', withKey(API_KEY));
		expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
		await until('the attempt', () => itemsFrom('events').length === 1);
		await new Promise((resolve) => setTimeout(resolve, 2_000));
		const [failed, ...others] = await instance.executionsAtRest(endpoint.workflowId);
		expect([failed?.status, others]).toEqual(['error', []]);
		expect(itemsFrom('retry')).toEqual([]);

		instance.sink.reset();
		await instance.api.call('POST', `/executions/${failed?.id}/retry`, { loadWorkflow: true });
		await until('the event again', () => instance.sink.succeeded('events').length === 1);
	});

	it('add up to the event under load', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const { sent, accepted, otherAnswers } = await sendNumbered({
			...{ url: endpoint.webhookProcessUrl, headers: withKey(API_KEY), connections: 10 },
			goesOn: (count) => count < 150,
		});
		expect([sent, accepted.length, otherAnswers]).toEqual([150, 150, {}]);
		await until('all of them', () => itemsFrom('events').length >= 150, 60_000);
		expect(await instance.executionsAtRest(endpoint.workflowId)).toHaveLength(150);
		expect(await tally(accepted, instance.sink, instance.api, endpoint.workflowId)).toEqual({
			...{ accepted: 150, processed: 150, deadLettered: 0, visible: {}, lost: [], processedTwice: 0 },
		});
	}, 120_000);
});

function withoutDelivery({ _delivery, ...event }: Record<string, unknown>): Record<string, unknown> {
	return event;
}
