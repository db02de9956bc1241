import { existsSync } from 'node:fs';
import path from 'node:path';
import { type INode, type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';
import { GameInsightsWebhook } from '../../../../nodes/GameInsights/GameInsightsWebhook.node';
import sendingCodex from '../../../../nodes/GameInsights/GameInsightsWebhook.node.json';
import codex from '../../../../nodes/GameInsightsWebhook/GameInsightsWebhookTrigger.node.json';
import { GameInsightsWebhookTrigger } from '../../../../nodes/GameInsightsWebhook/GameInsightsWebhookTrigger.node';
import { compileEventSchema } from '../../../../nodes/GameInsightsWebhook/intake/validate/schema/eventSchema';
import { eventSchemasOption } from '../../../../nodes/GameInsightsWebhook/panel/options/eventSchemas';
import { expressionsIn } from '../../../../nodes/GameInsightsWebhook/panel/expressions';
import { optionsProperties } from '../../../../nodes/GameInsightsWebhook/panel/options';
import { SENDER_CODE } from '../../../../nodes/GameInsightsWebhook/panel/senderCode';
import { NUMBER_BOUNDS } from '../../../../nodes/GameInsightsWebhook/panel/numberBounds';
import { readSettings } from '../../../../nodes/GameInsightsWebhook/panel/settings';

const { description } = new GameInsightsWebhookTrigger();
const options = (optionsProperties[0]?.options ?? []) as INodeProperties[];
const option = (name: string) => options.find((candidate) => candidate.name === name);

const node: INode = {
	id: 'id',
	name: 'Game Insights Webhook',
	type: description.name,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What n8n would show of the options when the node has these parameters. */
function shown(parameters: Record<string, unknown> & { options?: object }): string[] {
	const root = { retry: true, ...parameters } as any;
	return options
		.filter((property) =>
			NodeHelpers.displayParameter({ ...parameters.options } as any, property, node, description, root),
		)
		.map(({ name }) => name);
}

describe('the panel', () => {
	it('asks in the order a user thinks: who sends, what arrives, what happens on failure, limits', () => {
		const order = description.properties.filter(({ type }) => type !== 'notice').map(({ name }) => name);
		const marks = ['authentication', 'batches', 'respond', 'retry', 'maxRetries', 'options'];
		expect(order.filter((name) => marks.includes(name))).toEqual(marks);
		expect(order.slice(order.indexOf('options'))).toEqual([
			...['options', 'senderCode', 'apiKeyCurl', 'apiKeyNode', 'hmacCurl', 'hmacNode', 'jwtCurl', 'jwtNode'],
		]);
	});

	it('shows code only to who asks for it, a terminal first, and for the authentication that is chosen', () => {
		const codes = (parameters: INodeParameters) =>
			description.properties
				.filter(({ name }) => /(Curl|Node)$/.test(name))
				.filter((property) => NodeHelpers.displayParameter(parameters, property, node, description))
				.map(({ name }) => name);
		expect(codes({ authentication: 'hmac', senderCode: 'none' })).toEqual([]);
		expect(codes({ authentication: 'hmac', senderCode: 'curl' })).toEqual(['hmacCurl']);
		expect(codes({ authentication: 'jwt', senderCode: 'node' })).toEqual(['jwtNode']);
		const { options: tools = [] } = description.properties.find(({ name }) => name === 'senderCode') ?? {};
		expect(tools.map((tool) => 'value' in tool && tool.value)).toEqual(['none', 'curl', 'node']);
		for (const byTool of Object.values(SENDER_CODE))
			for (const code of Object.values(byTool)) expect(expressionsIn({ code })).toEqual([]);
	});

	it('offers what belongs to retries only when there are any', () => {
		const ofRetries = ['isolateFailures', 'jitter', 'maxDelay', 'nonRetryableErrors'];
		expect(shown({ retry: true })).toEqual(expect.arrayContaining(ofRetries));
		expect(shown({ retry: false }).filter((name) => ofRetries.includes(name))).toEqual([]);
	});

	it('offers what belongs to the journal only with Durable', () => {
		const ofJournal = ['journalTable', 'keepProcessed', 'maxJournalSize'];
		expect(shown({ durable: true })).toEqual(expect.arrayContaining(ofJournal));
		expect(shown({ durable: false }).filter((name) => ofJournal.includes(name))).toEqual([]);
		expect(shown({}).filter((name) => ofJournal.includes(name))).toEqual([]);
	});

	it('names the unit of every time, size and rate, so that nobody has to open a tooltip', () => {
		const unit = /\((Milliseconds|Seconds|Hours|Megabytes|Requests Per Minute)\)$/;
		const measured = [...options, ...description.properties].filter(({ displayName }) =>
			unit.test(displayName),
		);
		expect(measured.map(({ name }) => name).sort()).toEqual([
			...['acceptTimeout', 'deduplicationWindow', 'initialDelay', 'keepProcessed', 'maxAge', 'maxDelay'],
			...['maxJournalSize', 'rateLimit', 'rateLimitPerAddress', 'silenceAlert'],
		]);
		for (const { name, description: text = '' } of measured) {
			expect([name, /\bin (milli)?seconds|\bin hours|\bin megabytes/.test(text)]).toEqual([name, false]);
		}
	});

	it('groups the options by the question that they answer, the word for it first', () => {
		const visible = options.filter(({ type }) => type !== 'hidden');
		const groups = visible.map(({ displayName }) => displayName.split(': ')[0]);
		expect([...new Set(groups)]).toEqual([
			...['Access', 'Failure', 'Output', 'Speed', 'Storage', 'Validation'],
		]);
		expect(groups).toEqual([...groups].sort());
	});

	it('says beside a test that has not run yet what to connect', () => {
		const [hint] = description.hints ?? [];
		expect(hint).toMatchObject({ whenToDisplay: 'beforeExecution', location: 'outputPane' });
		expect(hint?.displayCondition).toBeUndefined();
	});

	it('offers the size of a group only for groups', () => {
		expect(shown({ options: { executionPer: 'group' } })).toContain('maxEventsPerExecution');
		expect(shown({ options: { executionPer: 'request' } })).not.toContain('maxEventsPerExecution');
		expect(shown({})).not.toContain('maxEventsPerExecution');
	});

	it('has a description that ends without a full stop when it is one sentence, by the guidelines of n8n', () => {
		for (const { description: text = '', name } of options) {
			const isOneSentence = !/[.?!] [A-Z0-9"]/.test(text);
			expect([name, isOneSentence && text.endsWith('.')]).toEqual([name, false]);
		}
	});

	it('bounds the same numbers as the settings, with the same defaults', () => {
		for (const [name, { default: usual, min, max }] of Object.entries(NUMBER_BOUNDS)) {
			const property = [...options, ...description.properties].find((candidate) => candidate.name === name);
			expect([
				name,
				property?.default,
				property?.typeOptions?.minValue,
				property?.typeOptions?.maxValue,
			]).toEqual([name, usual, min, max]);
		}
	});

	it('starts a schema with an example that can be used as it is', () => {
		const [row] = eventSchemasOption.options as Array<{ name: string; values: INodeProperties[] }>;
		const example = row?.values.find(({ name }) => name === 'schema')?.default as string;
		const { faultsOf } = compileEventSchema(example);
		expect(
			faultsOf({ event_type: 'purchase', user_id: 'u', properties: { amount: 9.99, currency: 'EUR' } }),
		).toEqual([]);
		expect(
			faultsOf({ event_type: 'purchase', user_id: 'u', properties: { amount: '9,99', currency: 'EUR' } }),
		).toHaveLength(1);
		expect(
			readSettings({
				options: { eventSchemas: { [row?.name ?? '']: [{ eventType: 'a', schema: example }] } },
			}).intake.eventSchemas,
		).toEqual([{ eventType: 'a', schema: example }]);
	});

	it('shows an example of what to type wherever text is typed', () => {
		const typed = options.filter(({ type }) => type === 'string');
		expect(typed.map(({ name, placeholder }) => [name, placeholder?.startsWith('e.g. ')])).toEqual(
			typed.map(({ name }) => [name, true]),
		);
		expect(option('ipAllowlist')?.placeholder).toContain('2001:db8::/32');
	});
});

describe('the codex', () => {
	it('leads to pages that are there, without an anchor: n8n puts its own parameters at the end', () => {
		const repository = 'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/';
		for (const { resources } of [codex, sendingCodex]) {
			const links = [...resources.primaryDocumentation, ...resources.credentialDocumentation];
			for (const { url } of links) {
				expect([url, url.startsWith(repository), url.includes('#')]).toEqual([url, true, false]);
				const page = path.join(__dirname, '../../../..', url.slice(repository.length));
				expect([url, existsSync(page)]).toEqual([url, true]);
			}
		}
	});

	it('lets users find the node by what they look for', () => {
		expect(codex.node).toBe(`n8n-nodes-game-insights.${description.name}`);
		for (const word of [
			'durable',
			'twitch',
			'webhook',
			'hmac',
			'signature',
			'jwt',
			'event',
			'game',
			'json schema',
			'retry',
			'dead letter',
			'queue',
		]) {
			expect(codex.alias).toContain(word);
		}
		expect(new Set(codex.alias).size).toBe(codex.alias.length);
	});

	it('makes one entry of trigger and actions: n8n pairs them by name, and finds the entry by the words of the actions', () => {
		const actions = new GameInsightsWebhook().description;
		expect(description.name).toBe(`${actions.name}Trigger`);
		expect(sendingCodex.node).toBe(`n8n-nodes-game-insights.${actions.name}`);
		expect(sendingCodex.alias).toEqual(codex.alias);
	});
});
