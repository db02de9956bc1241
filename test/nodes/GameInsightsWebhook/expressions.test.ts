import { type INode, type INodeProperties, type INodeParameters, NodeHelpers } from 'n8n-workflow';
import { expressionsIn, refuseExpressions } from '../../../nodes/GameInsightsWebhook/expressions';
import { GameInsightsWebhookTrigger } from '../../../nodes/GameInsightsWebhook/GameInsightsWebhookTrigger.node';
import { FaultyIntakeSettings } from '../../../nodes/GameInsightsWebhook/intake/rules';

const { description } = new GameInsightsWebhookTrigger();
const node = { type: description.name, typeVersion: 1 } as INode;

/** The parameters of a stored workflow as n8n 2 gives them to the node. */
const asN8nGives = (parameters: INodeParameters): INodeParameters =>
	NodeHelpers.getNodeParameters(description.properties, parameters, true, false, node, description) ?? {};

/** Every parameter of the trigger, those inside collections and their rows too, and where it stands. */
function* all(properties: INodeProperties[], way: string[] = []): Generator<[string, INodeProperties]> {
	for (const property of properties) {
		yield [[...way, property.name].join('.'), property];
		for (const option of property.options ?? []) {
			if ('values' in option) yield* all(option.values, [...way, property.name, option.name]);
			else if ('type' in option) yield* all([option], [...way, property.name]);
		}
	}
}
const everyParameter = [...all(description.properties)];

describe('the panel', () => {
	it.each(everyParameter)('offers no expression for %s', (_, { noDataExpression }) => {
		expect(noDataExpression).toBe(true);
	});

	it('was walked to its ends', () => {
		const names = everyParameter.map(([name]) => name);
		for (const name of ['authentication', 'options.maxAge', 'options.eventSchemas.schemas.schema']) {
			expect(names).toContain(name);
		}
	});
});

it('nothing that n8n reads of the webhook for each request is an expression', () => {
	expect(JSON.stringify(description.webhooks)).not.toMatch(/"=|\{\{/);
});

it.each<[string, INodeParameters, string[]]>([
	[
		'an option',
		{ options: { eventTypes: '={{ "purchase, login" }}' } },
		['Options → Validation: Event Types'],
	],
	['a number', { maxRetries: '={{ 5 }}' }, ['Max Retries']],
	['a switch', { retry: '={{ false }}' }, ['Retry Failed Executions']],
	['a choice', { authentication: '={{ "jwt" }}' }, ['Authentication']],
	[
		'a text with an expression in it',
		{ options: { endpointName: '=game {{ $json.a }}' } },
		['Options → Output: Endpoint Name'],
	],
	['lines of it', { options: { ipAllowlist: '={{\n$vars.ips\n}}' } }, ['Options → Access: IP Allowlist']],
	[
		'an element of a list',
		{ options: { nonRetryableErrors: ['a', '={{ $vars.b }}'] } },
		['Options → Failure: Non-Retryable Errors'],
	],
	[
		'a list',
		{ options: { nonRetryableErrors: '={{ ["a"] }}' } },
		['Options → Failure: Non-Retryable Errors'],
	],
	[
		'a schema',
		{ options: { eventSchemas: { schemas: [{ eventType: 'a', schema: '={{ $vars.schema }}' }] } } },
		['Options → Validation: Event Schemas → Schema'],
	],
	[
		'the type of a schema in a later row',
		{
			options: {
				eventSchemas: {
					schemas: [
						{ eventType: 'a', schema: '{}' },
						{ eventType: '={{ "b" }}', schema: '{}' },
					],
				},
			},
		},
		['Options → Validation: Event Schemas → Event Type'],
	],
	['a hidden option', { options: { binaryData: '={{ true }}' } }, ['Options → Binary Data']],
	['several', { respond: '={{ 1 }}', batches: '={{ 2 }}' }, ['Batches', 'Respond']],
])('finds an expression in %s, by its name in the panel', (_, parameters, names) => {
	expect(expressionsIn(parameters).sort()).toEqual(names);
	expect(expressionsIn(asN8nGives(parameters)).sort()).toEqual(names);
});

it.each<[string, INodeParameters, string[]]>([
	['without braces', { options: { endpointName: '=x' } }, ['Options → Output: Endpoint Name']],
	['of a whole collection', { options: '={{ {} }}' }, ['Options']],
	['of all rows', { options: { eventSchemas: '={{ {} }}' } }, ['Options → Validation: Event Schemas']],
	['in a parameter of another version', { later: { thing: '={{ 1 }}' } }, ['later → thing']],
	['under an inherited name', JSON.parse('{"__proto__": "=1", "toString": "=2"}'), ['__proto__', 'toString']],
])('finds an expression %s where n8n leaves it in', (_, parameters, names) => {
	expect(expressionsIn(parameters)).toEqual(names);
});

it('finds none in what a user writes', () => {
	const parameters = {
		...asN8nGives({}),
		options: {
			endpointName: 'a = b',
			eventTypes: 'purchase, {login}',
			nonRetryableErrors: ['code == 5', '}} {{'],
			eventSchemas: { schemas: [{ eventType: 'a', schema: '{"properties":{"a":{"type":"string"}}}' }] },
			maxAge: 5,
			jitter: false,
		},
	};
	expect(expressionsIn(parameters)).toEqual([]);
	expect(() => refuseExpressions(parameters)).not.toThrow();
	expect(expressionsIn(asN8nGives({ options: { eventSchemas: { schemas: [{ eventType: 'a' }] } } }))).toEqual(
		[],
	);
});

it.each([
	[{ batches: '=1' }, '"Batches" holds an expression, and'],
	[{ batches: '=1', respond: '=1' }, '"Batches" and "Respond" hold expressions, and'],
	[
		{ batches: '=', respond: '=', retry: '=', durable: '=', x: '=' },
		'"Batches", "Respond", "Retry Failed Executions" and 2 more hold',
	],
])('says what to do: %j', (parameters, words) => {
	expect(() => refuseExpressions(parameters)).toThrow(FaultyIntakeSettings);
	expect(() => refuseExpressions(parameters)).toThrow(words);
	expect(() => refuseExpressions(parameters)).toThrow('this node takes none: write the value itself there.');
});
