import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { outputOf } from '../../lab/api';
import { generation } from '../../lab/paths';
import { post, signed } from '../support/sender';
import { senders } from '../support/senders';
import { MailSink } from '../support/mailSink';
import { HMAC_SECRET, Instance, until } from './instance';
import { accessWith, apiKeyFor } from './journalAccess';

/**
 * Each workflow of examples/ in a real n8n, as a user imports it: only credentials are chosen. The webhook of
 * Discord is one here. Slack's node knows no address but Slack's, so a request with its message takes its
 * place.
 */
const folder = path.join(__dirname, '../../examples');
const TRIGGER = 'Game Insights Webhook';

/**
 * These keep in Data Tables with a version of n8n's node (1.1) that n8n 1 does not have: examples/README.md
 * says so.
 */
const withTables = (name: string, test: () => Promise<void>, timeoutMs?: number): void => {
	if (generation !== '1') it(name, test, timeoutMs);
};

let instance: Instance;
let mail: MailSink;
let projectId: string;

beforeAll(async () => {
	mail = await MailSink.start();
	instance = await Instance.shared();
	({ id: projectId } = await instance.n8n.api.call('GET', '/projects/personal'));
}, 240_000);

afterAll(async () => {
	await instance.remove();
	await mail.stop();
}, 60_000);

beforeEach(async () => await instance.calm());

interface Example {
	readonly workflowId: string;
	readonly url: string;
	/** The webhook ids of its nodes, by name. */
	readonly addresses: Readonly<Record<string, string>>;
	readonly send: (...events: object[]) => Promise<void>;
	/** Starts it at one of its other triggers, and waits until it has run. */
	readonly run: (triggerName: string) => Promise<any>;
}

/** Whether n8n gives the node an address. */
const hasAddress = ({ name, type }: { name: string; type: string }): boolean =>
	name === TRIGGER || type.includes('.form');

/** What a user puts into the single fields of an example. */
interface Choices {
	readonly credentials?: Record<string, object>;
	/** By node: parameters that are replaced. */
	readonly parameters?: Record<string, Record<string, unknown>>;
}

const SLACK = 'n8n-nodes-base.slack';
const SCHEDULE = 'n8n-nodes-base.scheduleTrigger';

/** Posts what the Slack node would send, with the node's own expression for the message. */
const insteadOfSlack = ({ text }: { text: string }): object => ({
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	credentials: {},
	parameters: {
		method: 'POST',
		url: `${instance.sink.url}/slack`,
		sendBody: true,
		bodyParameters: { parameters: [{ name: 'text', value: text }] },
		options: {},
	},
});

/** A credential for Discord's node whose webhook is the sink. */
const discordHere = async (): Promise<object> => {
	const data = { webhookUri: `${instance.sink.url}/discord` };
	const name = 'Discord channel';
	const { id } = await instance.n8n.api.createCredential({ name, type: 'discordWebhookApi', data });
	return { id, name };
};

async function imported(name: string, choices: Choices = {}): Promise<Example> {
	const json = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
	// As n8n's editor does it: examples have no addresses of their own, so that nobody can guess one.
	const addresses: Record<string, string> = {};
	for (const node of json.nodes) {
		if (hasAddress(node)) addresses[node.name] = node.webhookId = randomUUID();
	}
	const url = instance.n8n.webhookUrl(`${addresses[TRIGGER]}/events`);
	const chosen: Record<string, object> = {
		...(await instance.credential('hmac', { webhookUrl: url, sending: true })),
		discordWebhookApi: await discordHere(),
		...choices.credentials,
	};
	for (const node of json.nodes) {
		// Tests start an example themselves. Its own schedule must not start it as well, in the middle of a test.
		if (node.type === SCHEDULE) node.parameters = { rule: { interval: [{ field: 'months' }] } };
		if (node.type === SLACK) Object.assign(node, insteadOfSlack(node.parameters));
		for (const type of Object.keys(node.credentials ?? {})) {
			if (chosen[type] === undefined) throw new Error(`${name} needs a credential of the type ${type}`);
			node.credentials[type] = chosen[type];
		}
		Object.assign(node.parameters, choices.parameters?.[node.name]);
	}
	const { id: workflowId } = await instance.n8n.api.createWorkflow(json);
	await instance.n8n.api.publish(workflowId);

	const send = async (...events: object[]) => {
		const body = JSON.stringify({ events });
		const headers = { 'content-type': 'application/json', ...signed(body, HMAC_SECRET) };
		const { status } = await post(url, body, headers);
		// 400 says that none is valid; they become dead letters all the same.
		expect([200, 400]).toContain(status);
	};
	const run = async (triggerName: string) => {
		const { executionId } = await instance.n8n.api.call('POST', `/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: triggerName },
		});
		const isOver = async () =>
			!['new', 'running'].includes((await instance.n8n.api.execution(executionId)).status);
		await until(`${name} from ${triggerName}`, isOver);
		const execution = await instance.n8n.api.execution(executionId);
		expect(execution.data.resultData.error?.message).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	};
	return { workflowId, url, addresses, send, run };
}

/** The rows of a Data Table; none while it is not there. */
async function rowsOf(table: string): Promise<any[]> {
	const tables = `/projects/${projectId}/data-tables`;
	const { data } = await instance.n8n.api.call(
		'GET',
		`${tables}?filter=${encodeURIComponent(JSON.stringify({ name: table }))}`,
	);
	const found = data.find((candidate: any) => candidate.name === table);
	if (found === undefined) return [];
	return (await instance.n8n.api.call('GET', `${tables}/${found.id}/rows?take=100`)).data;
}

const toSink = (service: string) =>
	instance.sink.deliveries
		.filter(({ output }) => (output as string) === service)
		.map(({ items }) => items as any);

async function noneFailed({ workflowId }: Example) {
	const executions = await instance.n8n.api.executions({ workflowId });
	await until('all executions at rest', async () =>
		(await instance.n8n.api.executions({ workflowId })).every(
			({ status }) => status !== 'new' && status !== 'running',
		),
	);
	for (const { id } of executions) {
		const execution = await instance.n8n.api.execution(id);
		expect(execution.data.resultData.error?.message).toBeUndefined();
	}
	return executions;
}

const event = (more: object = {}) => ({
	event_type: 'purchase',
	event_id: randomUUID(),
	user_id: 'p-1',
	...more,
});
const LETTERS = 'game_insights_dead_letters';

it('each example is executed here', () => {
	const tested = readFileSync(__filename, 'utf8');
	for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
		expect(tested).toContain(`imported('${file.replace('.json', '')}'`);
	}
});

it('no example comes with an address that could be guessed, or would be taken by a second import', () => {
	for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
		expect([file, readFileSync(path.join(folder, file), 'utf8').includes('webhookId')]).toEqual([
			file,
			false,
		]);
	}
});

it('quick start: sums up purchases by item, and says what is wrong with the others', async () => {
	const example = await imported('quick-start');
	const buy = (amount: number) => event({ properties: { item: 'sword', amount } });
	await example.send(buy(1), event({ event_type: 'level' }), { user_id: 'x' }, buy(2));
	await until('both executions', async () => (await noneFailed(example)).length === 2);
	const executions = await instance.n8n.api.finishedExecutions(example.workflowId, 2);
	expect(executions.flatMap((execution) => outputOf(execution, 'Revenue by Item'))).toMatchObject([
		{ sum_properties_amount: 3, count_event_id: 2 },
	]);
	expect(executions.flatMap((execution) => outputOf(execution, 'Alert'))).toMatchObject([
		{ text: expect.stringContaining('event_type'), reason: 'invalid_event' },
	]);
});

it('high throughput: counts events by type, a group in one execution, with version 2 of the trigger', async () => {
	const example = await imported('high-throughput');
	await example.send(event(), event(), event({ event_type: 'level' }), { user_id: 'x' });
	await until('both executions', async () => (await noneFailed(example)).length === 2);
	const executions = await instance.n8n.api.finishedExecutions(example.workflowId, 2);
	const { nodes } = await instance.n8n.api.call('GET', `/workflows/${example.workflowId}`);
	expect(nodes.find(({ name }: any) => name === TRIGGER).typeVersion).toBe(2);
	const counts = executions.flatMap((execution) => outputOf(execution, 'Events by Type'));
	expect(counts.map((item: any) => [item.event_type, item.count_event_type]).sort()).toEqual([
		['level', 1],
		['purchase', 2],
	]);
	expect(executions.flatMap((execution) => outputOf(execution, 'Dead Letters'))).toMatchObject([
		{ reason: 'invalid_event' },
	]);
});

withTables('revenue dashboard: a row for each purchase, and a total for each item', async () => {
	const example = await imported('revenue-dashboard');
	const buy = (item: string, amount: number) => event({ properties: { item, amount, currency: 'EUR' } });
	const sword = buy('sword', 9.5);
	await example.send(
		sword,
		buy('sword', 0.5),
		buy('shield', 3),
		event({ event_type: 'level', properties: { item: 1, amount: 1 } }),
	);
	await until('the purchases', async () => (await rowsOf('game_insights_purchases')).length === 3);
	await noneFailed(example);
	const rows = await rowsOf('game_insights_purchases');
	expect(rows.find((row) => row.event_id === sword.event_id)).toMatchObject({
		item: 'sword',
		amount: 9.5,
		currency: 'EUR',
		user_id: 'p-1',
	});
	for (let hour = 0; hour < 2; hour++) {
		await example.run('Every Hour');
		const totals = await rowsOf('game_insights_revenue');
		expect(totals.map(({ item, purchases, revenue }) => [item, purchases, revenue]).sort()).toEqual([
			['shield', 1, 3],
			['sword', 2, 10],
		]);
	}
});

it('dead letters to Slack, Discord and e-mail: one message for a group', async () => {
	const { id, name } = await instance.n8n.api.createCredential({
		name: 'SMTP',
		type: 'smtp',
		data: {
			user: '',
			password: '',
			host: '127.0.0.1',
			port: mail.port,
			secure: false,
			disableStartTls: true,
		},
	});
	const example = await imported('dead-letters-to-chat', { credentials: { smtp: { id, name } } });
	await example.send({ user_id: 'a' }, { event_type: 5 }, { event_type: '' }, event());
	await until(
		'the messages',
		() => toSink('slack').length + toSink('discord').length + mail.mails.length >= 3,
	);
	const executions = await noneFailed(example);
	expect(executions).toHaveLength(2);
	const [{ text }] = toSink('slack');
	expect(text.split('\n')).toEqual([
		'3 dead letters: invalid event',
		expect.stringMatching(/^• .*event_type.* is missing/),
		expect.stringMatching(/^• .*must be text/),
		expect.stringMatching(/^• .*blank/),
	]);
	expect(toSink('discord')).toEqual([{ content: text }]);
	expect(mail.mails[0]).toContain('Subject: 3 dead letters: invalid event');
	expect(mail.mails[0]).toContain('To: team@example.com');
});

it('dead letters to Slack: the first of its kind, and each tenth', async () => {
	const example = await imported('dead-letter-digest');
	await example.send({ user_id: 'a' }, { event_type: 5 });
	await until('the first message', () => toSink('slack').length >= 1);
	await example.send(...Array.from({ length: 10 }, () => ({ user_id: 'a' })));
	await until('the tenth', () => toSink('slack').length >= 2);
	await noneFailed(example);
	expect(toSink('slack').map(({ text }) => text.split('\n'))).toEqual([
		[
			'Dead letters: invalid event',
			expect.stringMatching(/event_type.* is missing/),
			expect.stringMatching(/must be text/),
		],
		[
			expect.stringMatching(/^Dead letters: invalid event \(number 10 of its kind since 20/),
			expect.stringMatching(/event_type.* is missing/),
		],
	]);
});

/**
 * The review and the redrive workflows have a place for the user's own nodes: here it fails, or does nothing.
 */
const failing = { errorMessage: 'The shop is down' };

async function setFailing({ workflowId }: Example, isFailing: boolean) {
	const { nodes } = await instance.n8n.api.call('GET', `/workflows/${workflowId}`);
	for (const node of nodes) {
		if (node.name !== 'Your Workflow') continue;
		node.type = isFailing ? 'n8n-nodes-base.stopAndError' : 'n8n-nodes-base.noOp';
		node.parameters = isFailing ? failing : {};
	}
	await instance.n8n.api.updateWorkflow(workflowId, { nodes });
	await instance.n8n.api.publish(workflowId);
}

const quickRetries = { parameters: { [TRIGGER]: { maxRetries: 0 } } };
const statesOf = async (ids: string[]) =>
	(await rowsOf(LETTERS))
		.filter(({ letter }) => ids.includes(JSON.parse(letter).event?.event_id))
		.map(({ state, redrives }) => [state, redrives])
		.sort();

withTables(
	'dead letters in a Data Table: reviewed in a form, sent again or discarded',
	async () => {
		const auth = await instance.n8n.api.createCredential({
			name: 'Review',
			type: 'httpBasicAuth',
			data: { user: 'team', password: 'a password of the team' },
		});
		const example = await imported('dead-letters-review', {
			...quickRetries,
			credentials: { httpBasicAuth: auth },
		});
		await setFailing(example, true);
		const [good, bad] = [event(), event()];
		const ids = [good.event_id, bad.event_id];
		await example.send(good);
		await example.send(bad);
		await until('the rows', async () => (await statesOf(ids)).length === 2);
		await setFailing(example, false);

		const authorization = `Basic ${Buffer.from('team:a password of the team').toString('base64')}`;
		const form = async (url: string, fields: Record<string, string>) => {
			const body = new FormData();
			for (const [name, value] of Object.entries(fields)) body.append(name, value);
			return await fetch(url, { method: 'POST', headers: { authorization }, body });
		};
		/** Until somebody may open the page: before that n8n would keep them waiting. */
		const waits = async (waitingUrl: string, page: string) =>
			await until(`the page ${page}`, async () => {
				const [, id = ''] = /form-waiting\/(\d+)/.exec(waitingUrl) ?? [];
				const { status, data } = await instance.n8n.api.execution(id);
				return status === 'waiting' && data.resultData.lastNodeExecuted === page;
			});
		/** Goes through both pages: ticks the letters whose sentence is known, and decides. */
		const decide = async (eventId: string, decision: string) => {
			const first = `${instance.n8n.baseUrl}/form/${example.addresses.Review}`;
			expect((await fetch(first)).status).toBe(401);
			const answer: any = await (await form(first, { 'field-0': 'retries_exhausted' })).json();
			const waiting: string = answer.formWaitingUrl;
			await waits(waiting, 'Decide');
			const page = await (await fetch(waiting, { headers: { authorization } })).text();
			expect(page).toContain(eventId);
			const row = (await rowsOf(LETTERS)).find(
				({ letter }) => JSON.parse(letter).event?.event_id === eventId,
			);
			const sent = await form(waiting, {
				'field-0': JSON.stringify([`${row.id}: ${row.summary.slice(0, 300)}`]),
				'field-1': decision,
			});
			expect(sent.status).toBe(200);
			await waits(waiting, 'Done');
			const end = await (await fetch(waiting, { headers: { authorization } })).text();
			expect(end).toContain(`1 dead letter: ${decision === 'Discard' ? 'discarded' : 'redriven'}`);
		};
		await decide(good.event_id, 'Send again');
		await until('the redriven one', async () => (await statesOf([good.event_id]))[0]?.[0] === 'redriven');
		await decide(bad.event_id, 'Discard');
		await until('the discarded one', async () => (await statesOf([bad.event_id]))[0]?.[0] === 'discarded');
		expect(await statesOf(ids)).toEqual([
			['discarded', 0],
			['redriven', 0],
		]);
		const runs = await Promise.all(
			(await instance.n8n.api.executions({ workflowId: example.workflowId })).map(({ id }) =>
				instance.n8n.api.execution(id),
			),
		);
		const redriven = runs
			.flatMap((run) => outputOf(run, TRIGGER))
			.filter(({ _delivery }) => _delivery.redrive);
		expect(redriven).toMatchObject([{ event_id: good.event_id, _delivery: { redrive: { count: 1 } } }]);
		await instance.n8n.api.unpublish(example.workflowId);
	},
	120_000,
);

withTables(
	'scheduled redrive: what failed in an outage comes back, and is left alone after three times',
	async () => {
		const example = await imported('scheduled-redrive', {
			...quickRetries,
			credentials: (await accessWith(instance.n8n, await apiKeyFor(instance.n8n))) as Record<string, object>,
		});
		const letters = async () =>
			(await rowsOf('game_insights_journal'))
				.concat(await rowsOf('game_insights_journal_dead_letters'))
				.filter((row) => row.workflow_id === example.workflowId)
				.map(({ state, details }) => [state, JSON.parse(details).deadLetter?.redrive.count]);
		await setFailing(example, true);
		await example.send(event());
		for (const redrives of [0, 1, 2, 3]) {
			await until(`the dead letter of redrive ${redrives}`, async () =>
				(await letters()).some(([state, count]) => state === 'dead' && count === redrives),
			);
			const execution = await example.run('Every 15 Minutes');
			expect(outputOf(execution, 'Redrive').map(({ status }) => status)).toEqual(
				redrives < 3 ? ['redriven'] : [],
			);
		}
		await until('one dead letter', async () => JSON.stringify(await letters()) === '[["dead",3]]');
		await example.send(event());
		await until('the second dead letter', async () => (await letters()).length === 2);
		await setFailing(example, false);
		await example.run('Every 15 Minutes');
		await until('it to be done', async () => (await letters()).length === 1);
		await instance.n8n.api.unpublish(example.workflowId);
	},
	120_000,
);

withTables('figures dashboard: the counters of the endpoint as a row', async () => {
	const example = await imported('figures-dashboard');
	await example.send(event(), event(), { user_id: 'x' });
	await until('both executions', async () => (await noneFailed(example)).length === 2);
	await example.run('Every 5 Minutes');
	expect(await rowsOf('game_insights_figures')).toMatchObject([
		{
			...{ live: true, requests: 1, refused: 0, received: 3, accepted: 2, invalid: 1, processed: 2 },
			...{ dead_lettered: 1, waiting: 0, running: 0, oldest_received_at: '', breaker: 'closed' },
		},
	]);
});

withTables('rate alert: silent below the limit, one message above it', async () => {
	const before = (await rowsOf(LETTERS)).length;
	const limit = (name: string, value: number) => ({ id: name, name, type: 'number', value });
	// What the other examples left in the table is below the limit.
	const assignments = { assignments: [limit('most', before + 10), limit('minutes', 15)] };
	const example = await imported('dead-letter-rate-alert', { parameters: { Limits: { assignments } } });
	await example.send({ user_id: 'a' });
	await until('the row', async () => (await rowsOf(LETTERS)).length === before + 1);
	await example.run('Every 15 Minutes');
	expect(toSink('slack')).toEqual([]);
	await example.send(...Array.from({ length: 12 }, (_, n) => ({ user_id: `p-${n}` })));
	await until('the rows', async () => (await rowsOf(LETTERS)).length === before + 13);
	await example.run('Every 15 Minutes');
	expect(toSink('slack')).toEqual([
		{ text: expect.stringMatching(/^\d+ dead letters in the last 15 minutes: .*13 × invalid event/) },
	]);
});

/** A message as the sender itself signs it. */
async function sendAs(
	name: string,
	url: string,
	secret: string,
	body: object,
	more: Array<[string, string]> = [],
) {
	const sender = senders[name];
	if (sender === undefined) throw new Error(`There is no sender ${name}`);
	const text = JSON.stringify(body);
	const proof = Object.fromEntries([...sender.sign(text, Date.now(), secret), ...more]);
	return await post(url, text, { 'content-type': 'application/json', ...proof });
}

const credentialOf = async (scheme: string, secretKey: string) => ({
	credentials: (await instance.credential('hmac', { scheme, secretKey })) as Record<string, object>,
});

it('Twitch: answers the challenge, tells Discord of a follow', async () => {
	const secret = 'a-secret-for-twitch-eventsub';
	const { url } = await imported('twitch', await credentialOf('twitch', secret));
	const challenge = await sendAs('Twitch', url, secret, { challenge: 'pogchamp', subscription: {} });
	expect(challenge).toMatchObject({ status: 200, text: 'pogchamp' });
	const event = {
		user_id: '1',
		user_name: 'Viewer <@1>[x](https://evil.example)',
		broadcaster_user_id: '2',
		broadcaster_user_name: 'Streamer',
	};
	const subscription = { type: 'channel.follow' };
	expect((await sendAs('Twitch', url, secret, { subscription, event })).status).toBeLessThan(300);
	await until('the message', () => toSink('discord').length === 1);
	expect(toSink('discord')[0].content).toBe('Viewer 1xhttpsevilexample follows Streamer');
});

withTables('Roblox: keeps a request to forget a player, once', async () => {
	const secret = 'a-secret-for-roblox-webhooks';
	const example = await imported('roblox', await credentialOf('roblox', secret));
	const body = {
		NotificationId: randomUUID(),
		EventType: 'RightToErasureRequest',
		EventTime: '2026-01-15T11:59:58Z',
		EventPayload: { UserId: 1, GameIds: [1234, 5678] },
	};
	for (let time = 0; time < 2; time++) {
		expect((await sendAs('Roblox', example.url, secret, body)).status).toBe(200);
	}
	await until('the row', async () => (await rowsOf('game_insights_erasure_requests')).length === 1);
	await noneFailed(example);
	expect(await rowsOf('game_insights_erasure_requests')).toMatchObject([
		{ user_id: '1', games: '1234, 5678', state: 'open', notification_id: body.NotificationId },
	]);
});

withTables('Stripe: keeps a paid checkout', async () => {
	const secret = 'whsec_of_an_endpoint_in_this_test';
	const example = await imported('stripe', await credentialOf('stripe', secret));
	const object = {
		customer: 'cus_9',
		payment_status: 'paid',
		amount_total: 499,
		currency: 'eur',
		client_reference_id: 'p-1',
	};
	const body = { id: 'evt_42', type: 'checkout.session.completed', created: 1768478398, data: { object } };
	expect((await sendAs('Stripe', example.url, secret, body)).status).toBe(200);
	const unpaid = { ...body, id: 'evt_43', data: { object: { ...object, payment_status: 'unpaid' } } };
	expect((await sendAs('Stripe', example.url, secret, unpaid)).status).toBe(200);
	await until('the row', async () => (await rowsOf('game_insights_payments')).length === 1);
	await noneFailed(example);
	expect(await rowsOf('game_insights_payments')).toMatchObject([
		{ event_id: 'evt_42', customer: 'cus_9', amount: 499, currency: 'eur', reference: 'p-1' },
	]);
});

withTables(
	'quiet error workflow: silent while a retry is coming, not after the last attempt',
	async () => {
		const apiKey = await apiKeyFor(instance.n8n, ['execution:read']);
		const data = { apiKey, baseUrl: `${instance.n8n.baseUrl}/api/v1` };
		const n8nApi = await instance.n8n.api.createCredential({ name: 'n8n', type: 'n8nApi', data });
		const quiet = await imported('quiet-error-workflow', {
			credentials: { n8nApi },
			parameters: { 'Let n8n Store It': { amount: 1 } },
		});
		const endpoint = await instance.endpoint('hmac', {
			parameters: { maxRetries: 1, initialDelay: 100 },
		});
		const { workflowId } = endpoint;
		await instance.n8n.api.updateWorkflow(workflowId, { settings: { errorWorkflow: quiet.workflowId } });
		await instance.n8n.api.publish(workflowId);
		instance.sink.behave = () => 500;
		const sent = event();
		const body = JSON.stringify(sent);
		await post(endpoint.url, body, { 'content-type': 'application/json', ...signed(body, HMAC_SECRET) });
		const failed = async () =>
			(await instance.n8n.api.executions({ workflowId })).filter(({ status }) => status === 'error');
		await until('both attempts and the dead letter', async () => (await failed()).length === 3);
		const calls = await instance.n8n.api.finishedExecutions(quiet.workflowId, 3);
		const messages = calls.flatMap((execution) => outputOf(execution, 'Message'));
		const asked = calls.flatMap((execution) => outputOf(execution, 'Failed Execution'));
		expect(asked.map(({ customData }: any) => [customData.attempt, customData.reason]).sort()).toEqual([
			['1 of 2', undefined],
			['2 of 2', undefined],
			['2 of 2', 'retries_exhausted'],
		]);
		expect(asked[0].customData).toMatchObject({ event_types: 'purchase', event_id: sent.event_id });
		expect(messages).toEqual(
			Array(2).fill({ text: expect.stringMatching(/ failed: \S[\s\S]*\/executions\/\d+$/) }),
		);
	},
	60_000,
);
