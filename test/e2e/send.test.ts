import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generation } from '../../lab/paths';
import { outputOf } from '../../lab/api';
import { freePort } from '../../lab/ports';
import { post, withKey } from '../support/sender';
import { API_KEY, type Endpoint, HMAC_SECRET, Instance, until } from './instance';

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.shared();
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const NODE = 'Send Events';

/** A workflow that gives the items of a request to the node, and answers with what it gives back. */
async function sender(
	parameters: Record<string, unknown>,
	credentials: object,
	more: object = {},
): Promise<{ workflowId: string; send: (...items: unknown[]) => Promise<any> }> {
	const path = randomUUID();
	const nodes = [
		{
			id: randomUUID(),
			name: 'In',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: path,
			parameters: {
				httpMethod: 'POST',
				path,
				responseMode: 'lastNode',
				responseData: 'allEntries',
				options: {},
			},
		},
		{
			id: randomUUID(),
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			position: [200, 0],
			parameters: { fieldToSplitOut: 'body.items', options: {} },
		},
		{
			id: randomUUID(),
			name: NODE,
			type: 'n8n-nodes-game-insights.gameInsightsWebhook',
			typeVersion: 1,
			position: [400, 0],
			parameters,
			credentials,
			...more,
		},
	];
	const connections = {
		In: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
		Items: { main: [[{ node: NODE, type: 'main', index: 0 }]] },
	};
	const { id: workflowId } = await instance.n8n.api.createWorkflow({
		name: `Sender ${path}`,
		nodes,
		connections,
	});
	await instance.n8n.api.publish(workflowId);
	const send = async (...items: unknown[]) => {
		const body = JSON.stringify({ items });
		return (await post(instance.n8n.webhookUrl(path), body, { 'content-type': 'application/json' })).body;
	};
	return { workflowId, send };
}

const lastError = async (workflowId: string) => {
	const executions = await instance.n8n.api.executions({ workflowId });
	const { data } = await instance.n8n.api.execution(executions.at(-1)?.id ?? '');
	return data.resultData.error;
};

const arrived = (output: 'events' | 'deadLetter') => instance.sink.from(output).flatMap(({ items }) => items);

const requestsOf = (endpoint: Endpoint) => instance.n8n.api.executions({ workflowId: endpoint.workflowId });

const quick = { eventsPerRequest: 100, options: { initialDelay: 50 } };
const purchase = (n: number) => ({ event_type: 'purchase', event_id: randomUUID(), n });

describe('Event: Send', () => {
	const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const pems = {
		keyType: 'publicKey',
		publicKey: ec.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		privateKey: ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		algorithms: [],
		sending: true,
	};

	it.each([
		['apiKey', {}],
		['hmac', {}],
		['hmac', { scheme: 'standardWebhooks', secretKey: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }],
		['jwt', {}],
		['jwt', pems],
	] as Array<['apiKey' | 'hmac' | 'jwt', object]>)(
		'signs with one credential what a trigger takes with the same one: %s %j',
		async (authentication, data) => {
			const credentials = await instance.credential(authentication, data);
			const endpoint = await instance.endpoint(authentication, { credentials });
			const { send } = await sender({ authentication, url: endpoint.url, ...quick }, credentials);
			const events = [purchase(1), purchase(2), { event_type: 5 }];
			const items = await send(...events);
			expect(items.map((item: any) => [item.status, item.request.http_status, item.event])).toEqual([
				['accepted', 200, events[0]],
				['accepted', 200, events[1]],
				['dead_lettered', 200, { event_type: 5, event_id: expect.any(String) }],
			]);
			await until('the events', () => arrived('events').length === 2 && arrived('deadLetter').length === 1);
			expect(arrived('events').map((item) => [item.n, item._delivery.auth.method])).toEqual([
				[1, authentication],
				[2, authentication],
			]);
		},
	);

	it('gathers items into requests up to a size, gzipped on demand, and links each item to its own', async () => {
		const endpoint = await instance.endpoint('hmac');
		const { workflowId, send } = await sender(
			{ authentication: 'hmac', url: endpoint.url, eventsPerRequest: 2, options: { compress: true } },
			await instance.credential('hmac'),
		);
		const items = await send(...[1, 2, 3, 4, 5].map(purchase));
		expect(items.map((item: any) => [item.status, item.request.index, item.request.size])).toEqual([
			['accepted', 0, 2],
			['accepted', 1, 2],
			['accepted', 0, 2],
			['accepted', 1, 2],
			['accepted', 0, 1],
		]);
		await until('the events', () => arrived('events').length === 5);
		expect(await requestsOf(endpoint)).toHaveLength(3);
		const [execution] = await instance.n8n.api.finishedExecutions(workflowId, 1);
		const [run] = execution?.data.resultData.runData[NODE] ?? [];
		expect(run.data.main[0].map((item: any) => item.pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
	});

	it('tells a repeat, and gives an id to events that have none', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const { send } = await sender({ url: endpoint.url, ...quick }, await instance.credential('apiKey'));
		const event = purchase(1);
		expect(await send(event)).toMatchObject([{ status: 'accepted' }]);
		await until('the event', () => arrived('events').length === 1);
		await until('its execution at rest', async () =>
			(await requestsOf(endpoint)).every(({ status }) => status === 'success'),
		);
		expect(await send(event)).toMatchObject([{ status: 'duplicate' }]);
		const [first] = await send({ event_type: 'a' });
		expect(first.event_id).toMatch(/^[0-9a-f-]{36}$/);
	});

	it('makes an event out of fields', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const { send } = await sender(
			{
				url: endpoint.url,
				eventsFrom: 'fields',
				eventType: '={{ $json.kind }}',
				userId: '={{ $json.who }}',
				properties: '={{ { "level": $json.level } }}',
				additionalFields: { eventId: '={{ $json.kind }}-{{ $json.level }}' },
			},
			await instance.credential('apiKey'),
		);
		await send({ kind: 'level', who: 'player-1', level: 7 });
		await until('the event', () => arrived('events').length === 1);
		const [{ _delivery, ...event }] = arrived('events');
		expect(_delivery.attempt).toBe(1);
		expect(event).toEqual({
			event_type: 'level',
			user_id: 'player-1',
			event_id: 'level-7',
			properties: { level: 7 },
		});
	});

	it("uses the credential's Webhook URL when the node names none", async () => {
		const endpoint = await instance.endpoint('apiKey');
		const credentials = await instance.credential('apiKey', { webhookUrl: endpoint.url, sending: true });
		const { send } = await sender({ ...quick }, credentials);
		expect(await send(purchase(1))).toMatchObject([{ status: 'accepted' }]);
	});

	it('sends again as long as it is asked to, and waits as long as it is told to', async () => {
		const times: number[] = [];
		const receipt = {
			...{ status: 'accepted', request_id: 'r', received: 1 },
			...{ accepted: 1, dead_lettered: 0, duplicates: 0, ignored: 0, errors: [] },
		};
		const server = createServer((request, response) => {
			request.resume().on('end', () => {
				times.push(Date.now());
				const isBusy = times.length === 1;
				response.writeHead(isBusy ? 429 : 200, isBusy ? { 'retry-after': '1' } : {});
				// The second time a 200 that is no receipt of ours.
				response.end(times.length === 2 ? '{"status":"error"}' : JSON.stringify(receipt));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const { send } = await sender({ url, ...quick }, await instance.credential('apiKey'));
		expect(await send(purchase(1))).toMatchObject([{ status: 'accepted', request: { attempts: 3 } }]);
		expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
		await new Promise((resolve) => server.close(resolve));
	});

	it('fails with what to do about it', async () => {
		const endpoint = await instance.endpoint('hmac');
		const wrong = await instance.credential('hmac', { secretKey: 'another secret of some length...' });
		const { workflowId, send } = await sender({ authentication: 'hmac', url: endpoint.url, ...quick }, wrong);
		await send(purchase(1), purchase(2));
		const error = await lastError(workflowId);
		expect(error.message).toContain('The webhook answered 401 (unauthorized)');
		expect(error.message).toContain(
			'Choose the same authentication and credential as in the receiving trigger',
		);
		expect(error.context.itemIndex).toBe(0);
		expect(JSON.stringify(error)).not.toContain(HMAC_SECRET);
	});

	it("fails with the receiver's first fault, and where it is", async () => {
		const endpoint = await instance.endpoint('apiKey', {
			parameters: { options: { invalidEvents: 'rejectRequest' } },
		});
		const { workflowId, send } = await sender(
			{ url: endpoint.url, ...quick },
			await instance.credential('apiKey'),
		);
		await send(purchase(1), { event_type: 5 });
		expect((await lastError(workflowId)).message).toContain(
			'First fault: event 2 of 2, `event_type` must be text, it is the number 5.',
		);
	});

	it('says so when there is nothing to send', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const { send } = await sender({ url: endpoint.url, ...quick }, await instance.credential('apiKey'));
		expect(await send({ events: [] }, purchase(1))).toMatchObject([
			{ status: 'not_sent', message: 'The list "events" is empty: nothing was sent.', request: null },
			{ status: 'accepted', request: { size: 1 } },
		]);
	});

	it('goes on with what else there is when it continues on errors', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const nobody = `http://127.0.0.1:${await freePort()}`;
		const { send } = await sender(
			{ url: '={{ $json.to }}', ...quick, options: { maxRetries: 1, initialDelay: 10 } },
			await instance.credential('apiKey'),
			{ onError: 'continueRegularOutput' },
		);
		const items = await send(
			{ event_type: 'a', to: nobody },
			{ event_type: 'b', to: endpoint.url },
			{ event_type: 'c', to: 'not an address' },
			{ event_type: 'd', to: endpoint.url },
			{ to: endpoint.url, events: ['no event'] },
		);
		expect(items.map((item: any) => item.status)).toEqual([
			'failed',
			'accepted',
			'rejected',
			'accepted',
			'rejected',
		]);
		expect(items[0].message).toContain('The webhook did not answer');
		expect(items[0].request.attempts).toBe(2);
		expect(items[2].message).toContain('must be an address');
		expect(items[4].message).toContain('this list holds something else');
		expect(items.map((item: any) => typeof item.error)).toEqual([
			'string',
			'undefined',
			'string',
			'undefined',
			'string',
		]);
	});

	it('gives what failed to its error output, and the rest to the first one', async () => {
		const endpoint = await instance.endpoint('apiKey');
		const { workflowId, send } = await sender(
			{ url: '={{ $json.to }}', ...quick },
			await instance.credential('apiKey'),
			{ onError: 'continueErrorOutput' },
		);
		await send(
			{ event_type: 'a', to: endpoint.url },
			{ event_type: 'b', to: `${endpoint.url}/nowhere` },
			{ event_type: 'c', to: '' },
		);
		const [execution] = await instance.n8n.api.finishedExecutions(workflowId, 1);
		if (execution === undefined) throw new Error('There is no execution');
		const accepted = { status: 'accepted', event_type: 'a' };
		const error = expect.stringContaining('The webhook answered 404');
		const failed = { error, details: { status: 'failed', request: { http_status: 404 } } };
		const unsent = { error: expect.stringContaining('Fill in the Webhook URL') };
		// n8n 1 leaves an item with more than an error where it is: docs/scaling.md says so.
		const isOld = generation === '1';
		expect(outputOf(execution, NODE, 0)).toMatchObject(isOld ? [accepted, failed, unsent] : [accepted]);
		expect(outputOf(execution, NODE, 1)).toMatchObject(isOld ? [] : [{ event_type: 'b', ...failed }, unsent]);
	});

	it('says what is wrong with a credential before anything is sent', async () => {
		const endpoint = await instance.endpoint('hmac');
		const stripe = await instance.credential('hmac', { scheme: 'stripe' });
		const { workflowId, send } = await sender(
			{ authentication: 'hmac', url: endpoint.url, ...quick },
			stripe,
		);
		await send(purchase(1));
		expect((await lastError(workflowId)).message).toContain('Stripe sends messages of its own');
	});
});

describe('Dead Letter: Redrive', () => {
	const redrive = { resource: 'deadLetter', operation: 'redrive', ...quick };

	/** An endpoint whose workflow fails until the sink is told otherwise, with a dead letter of it. */
	async function deadLetterOf(event: object, endpoint: Endpoint) {
		instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
		await post(endpoint.url, JSON.stringify(event), withKey(API_KEY));
		await until('the dead letter', () => arrived('deadLetter').length > 0);
		const [letter] = arrived('deadLetter');
		instance.sink.reset();
		return letter;
	}

	it('sends the event again with its id, counted, and the trigger runs it although it knows it', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { maxRetries: 0 } });
		const { send } = await sender({ ...redrive, url: endpoint.url }, await instance.credential('apiKey'));
		const event = purchase(1);
		const letter = await deadLetterOf(event, endpoint);
		expect(letter.redrive).toEqual({ count: 0, of: null });
		// The sender has sent it again by itself meanwhile, and it was processed.
		await post(endpoint.url, JSON.stringify(event), withKey(API_KEY));
		await until('the event', () => arrived('events').length === 1);

		const of = letter._delivery.id;
		expect(await send(letter)).toMatchObject([
			{ status: 'accepted', event_id: event.event_id, redrive: { count: 1, of }, event },
		]);
		await until('the redriven event', () => arrived('events').length === 2);
		expect(arrived('events')[1]).toMatchObject({ ...event, _delivery: { redrive: { count: 1, of } } });
		await until('its execution at rest', async () =>
			(await requestsOf(endpoint)).every(({ status }) => status !== 'running' && status !== 'new'),
		);
		// The same redrive once more, as after an answer that was lost.
		expect(await send(letter)).toMatchObject([{ status: 'duplicate', redrive: { count: 1, of } }]);
		expect(arrived('events')).toHaveLength(2);
	});

	it('counts on when the event fails again, until it was sent again often enough', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { maxRetries: 0 } });
		const { workflowId, send } = await sender(
			{ ...redrive, url: endpoint.url, maxRedrives: 2 },
			await instance.credential('apiKey'),
		);
		let letter = await deadLetterOf(purchase(1), endpoint);
		const of = letter._delivery.id;
		for (const count of [1, 2]) {
			instance.sink.behave = ({ output }) => (output === 'deadLetter' ? 200 : 500);
			expect(await send(letter)).toMatchObject([{ status: 'accepted', redrive: { count, of } }]);
			await until('the next dead letter', () => arrived('deadLetter').length > 0);
			[letter] = arrived('deadLetter');
			expect(letter).toMatchObject({ redrive: { count, of }, _delivery: { redrive: { count, of } } });
			instance.sink.reset();
		}
		await send(letter);
		expect((await lastError(workflowId)).message).toBe(
			'The event was sent again 2 times already, and Max Redrives is 2. Raise it to send the event once more.',
		);
		expect(arrived('events')).toEqual([]);

		const onErrors = await sender(
			{ ...redrive, url: endpoint.url, maxRedrives: 2 },
			await instance.credential('apiKey'),
			{ onError: 'continueRegularOutput' },
		);
		const message =
			'The event was sent again 2 times already, and Max Redrives is 2. Raise it to send the event once more.';
		expect(await onErrors.send(letter)).toMatchObject([
			{ status: 'not_sent', message, error: message, redrive: { count: 2, of } },
		]);
	});

	it('takes dead letters as text, several at once, and says which hold no event', async () => {
		const endpoint = await instance.endpoint('apiKey', { parameters: { maxRetries: 0 } });
		const { send } = await sender(
			{ ...redrive, url: endpoint.url, deadLetter: '={{ $json.letter }}' },
			await instance.credential('apiKey'),
		);
		const letter = await deadLetterOf(purchase(1), endpoint);
		const items = await send(
			{ letter: JSON.stringify(letter) },
			{ letter: { ...letter, event: null, raw: '{"event_type":' } },
			{ letter: { event: { event_type: 'other' }, redrive: '{"count":1,"of":"an-id"}' } },
		);
		expect(items).toMatchObject([
			{ status: 'accepted', redrive: { count: 1 }, request: { size: 2 } },
			{ status: 'not_sent', message: expect.stringContaining('No event could be read') },
			{ status: 'accepted', redrive: { count: 2, of: 'an-id' }, request: { size: 2 } },
		]);
		await until('the events', () => arrived('events').length === 2);
	});
});

describe("a credential's test", () => {
	const test = async (kind: 'apiKey' | 'hmac' | 'jwt', data: object) => {
		const [reference] = Object.values(await instance.credential(kind, data)) as [{ id: string }];
		const credentials = await instance.n8n.api.call('GET', `/credentials/${reference.id}?includeData=true`);
		const { id, name, type } = credentials;
		const whole = {
			apiKey: { apiKey: API_KEY },
			hmac: { scheme: 'gameInsights', secretKey: HMAC_SECRET },
			jwt: {},
		};
		return await instance.n8n.api.call('POST', '/credentials/test', {
			credentials: { id, name, type, data: { ...whole[kind], ...data } },
		});
	};

	it('sends a signed ping that starts nothing', async () => {
		const endpoint = await instance.endpoint('hmac');
		expect(await test('hmac', { webhookUrl: endpoint.url, sending: true })).toEqual({
			status: 'OK',
			message: 'The endpoint at the Webhook URL knows this sender.',
		});
		expect(
			await test('hmac', {
				secretKey: 'another secret of some length...',
				webhookUrl: endpoint.url,
				sending: true,
			}),
		).toMatchObject({ status: 'Error', message: expect.stringContaining('does not know this sender') });
		expect(await requestsOf(endpoint)).toEqual([]);
	});

	it('says when nobody is there', async () => {
		const { url } = await instance.endpoint('apiKey', {}, false);
		expect(await test('apiKey', { webhookUrl: url, sending: true })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('publish the receiving workflow'),
		});
		expect(
			await test('apiKey', { webhookUrl: `http://127.0.0.1:${await freePort()}`, sending: true }),
		).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('did not answer'),
		});
	});

	it('looks at the credential alone when it only receives', async () => {
		expect(await test('apiKey', {})).toEqual({ status: 'OK', message: 'Ready to verify requests' });
	});
});
