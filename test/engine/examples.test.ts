import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runWorkflowInEngine } from '../../lab/engine';
import { GameInsightsWebhookTrigger } from '../../nodes/GameInsightsWebhook/GameInsightsWebhookTrigger.node';
import type { DeadLetter } from '../../nodes/shared/items/deadLetter';
import { outageNotice, recoveredNotice } from '../../nodes/GameInsightsWebhook/items/notice';

// n8n's nodes are read from disk when they are first used.
jest.setTimeout(60_000);

/** What the examples do with notices: n8n's own Filter, If, Summarize and Edit Fields, without a real n8n. */
const folder = path.join(__dirname, '../../examples');
const names = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace('.json', ''));
const read = (name: string) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
const TRIGGER = 'Game Insights Webhook';
const KEEP = 'Keep Dead Letter';

const lastFailure = {
	at: '2026-09-21T14:14:00.000Z',
	executionId: null,
	message: 'The shop is down',
	node: 'Your Workflow',
};
const report: Parameters<typeof outageNotice>[0] = {
	outage: { id: 'outage-1', sinceMs: 1_790_000_000_000, executions: 3, events: 25, lastFailure },
	waiting: 40,
	nowMs: 1_790_000_060_000,
	nextTryAtMs: 1_790_000_061_000,
	endpoint: 'test',
	id: 'notice-1',
};
const { letter: outage } = outageNotice(report);
const { letter: recovered } = recoveredNotice(report);
const letter: DeadLetter = {
	...outage,
	eventText: '{"user_id":"player-1"}',
	summary: 'Event 1 of 1 was not accepted: `event_type` is missing.',
	reason: 'invalid_event',
	stage: 'validate',
	delivery: { ...outage.delivery, id: 'r.0' },
};

const run = async (name: string, ...deadLetters: DeadLetter[]) => {
	const input = {
		job: null,
		attempt: 1,
		maxAttempts: 4,
		batches: 'split',
		includeDelivery: true,
		lastError: null,
		requests: [],
		deadLetters,
	};
	const result = await runWorkflowInEngine(read(name), {
		name: TRIGGER,
		nodeType: new GameInsightsWebhookTrigger(),
		input,
	});
	expect(result.error).toBeUndefined();
	expect(result.status).toBe('success');
	return result;
};
const having = (node: string) =>
	names.filter((name) => read(name).nodes.some((each: any) => each.name === node));

it('these keep dead letters', () => {
	expect(having(KEEP)).toEqual(['dead-letter-rate-alert', 'dead-letters-review']);
});

it.each(having(KEEP))('%s keeps letters, and no notice', async (name) => {
	const { items } = await run(name, outage, letter, recovered);
	expect(items(KEEP)).toMatchObject([{ reason: 'invalid_event' }]);
	const noticesAlone = await run(name, outage, recovered);
	expect(noticesAlone.items(KEEP)).toEqual([]);
	expect(noticesAlone.items('Make Table')).toEqual([]);
});

it('dead-letter-rate-alert sends notices to Slack at once, in their own sentence', async () => {
	const { items } = await run('dead-letter-rate-alert', outage, letter);
	expect(items('Slack Notice')).toEqual([{ text: outage.summary }]);
});

it('dead-letters-to-chat calls notices notices, with their whole sentence', async () => {
	const { items } = await run('dead-letters-to-chat', outage, letter, letter, recovered);
	const sent = [
		`1 notice: outage\n• ${outage.summary}`,
		`1 notice: recovered\n• ${recovered.summary}`,
		`2 dead letters: invalid event\n• ${letter.summary}\n• ${letter.summary}`,
	];
	expect(items('Slack').map(({ text }) => text)).toEqual(sent);
	expect(items('Discord').map(({ text }) => text)).toEqual(sent);
});

it('dead-letter-digest tells of the first of its kind and of each tenth, one message a group', async () => {
	const firstAt = '2026-09-21T14:14:00.000Z';
	const alike = Array.from({ length: 25 }, (_, count) => ({ ...letter, similar: { count, firstAt } }));
	const texts = async (...letters: DeadLetter[]) =>
		(await run('dead-letter-digest', ...letters)).items('Slack').map(({ text }) => text);
	expect(await texts(outage, ...alike.slice(0, 1))).toEqual([
		`Notice: outage\n${outage.summary}`,
		`Dead letters: invalid event\n${letter.summary}`,
	]);
	expect(await texts(...alike)).toEqual([
		`Dead letters: invalid event (number 20 of its kind since ${firstAt})\n${letter.summary}`,
	]);
	expect(await texts(...alike.slice(1, 9))).toEqual([]);
	const later = { ...letter, similar: { count: 0, firstAt: '2026-09-21T14:14:00.001Z' } };
	expect(await texts(...alike.slice(0, 1), later)).toEqual([
		`Dead letters: invalid event\n${letter.summary}`,
	]);
});

it.each(having('Alert'))('%s alerts of both, and calls each by its name', async (name) => {
	const { items } = await run(name, outage, letter);
	expect(items('Alert').map(({ text }) => text)).toEqual([
		`Notice: ${outage.summary}`,
		`Dead letter: ${letter.summary}`,
	]);
});
