import { randomUUID } from 'node:crypto';

/** The name of the trigger in the workflows made here. */
export const TRIGGER = 'Game Insights Webhook';

/** A workflow to be created through n8n's REST interface, and where to send to. */
export interface TestWorkflow {
	readonly name: string;
	readonly nodes: object[];
	readonly connections: object;
	readonly settings: object;
	/** Below `/webhook/` or `/webhook-test/`. */
	readonly path: string;
}

/** What a test decides about its workflow. */
export interface WorkflowOptions {
	readonly credentials: object;
	/** Parameters of the trigger; `options.binaryData` is there unless `options` is given as a whole. */
	readonly parameters?: Record<string, unknown>;
	readonly sinkUrl: string;
	/** Which outputs post to the sink; all of them unless told. */
	readonly connected?: ReadonlyArray<'events' | 'retry' | 'deadLetter'>;
	/** More settings of the workflow, e.g. `{ executionTimeout: 2 }`. */
	readonly settings?: object;
	/** Of the trigger; 1 unless told. */
	readonly typeVersion?: 1 | 2;
}

const OUTPUTS = ['events', 'retry', 'deadLetter'] as const;

/**
 * Posts all items that reach it in one request, so one delivery at the sink is one execution of that output.
 */
const poster = (output: string, sinkUrl: string, place: number): object => ({
	id: randomUUID(),
	name: output,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	position: [300, place * 200],
	executeOnce: true,
	parameters: {
		method: 'POST',
		url: `${sinkUrl}/${output}`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ JSON.stringify($input.all().map((item) => item.json)) }}',
		options: {},
	},
});

/** The trigger with its outputs posting to a sink. */
export function gameWorkflow(options: WorkflowOptions): TestWorkflow {
	const connected = options.connected ?? OUTPUTS;
	const webhookId = randomUUID();
	const { options: givenOptions, ...parameters } = options.parameters ?? {};
	const trigger = {
		id: randomUUID(),
		name: TRIGGER,
		type: 'n8n-nodes-game-insights.gameInsightsWebhookTrigger',
		typeVersion: options.typeVersion ?? 1,
		position: [0, 0],
		webhookId,
		credentials: options.credentials,
		parameters: { ...parameters, options: { binaryData: true, ...(givenOptions as object | undefined) } },
	};
	return {
		name: `Test ${webhookId}`,
		nodes: [trigger, ...connected.map((output, place) => poster(output, options.sinkUrl, place))],
		connections: {
			[TRIGGER]: {
				main: OUTPUTS.map((output) =>
					connected.includes(output) ? [{ node: output, type: 'main', index: 0 }] : [],
				),
			},
		},
		settings: { executionOrder: 'v1', ...options.settings },
		path: `${webhookId}/events`,
	};
}
