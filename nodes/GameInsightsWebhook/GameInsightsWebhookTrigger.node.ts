import {
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests, running } from '../onFirstUse';
import { OUTPUT_NAMES } from './panel/outputs';
import { triggerParameters } from './panel/parameters';
import { triggerPanel } from './panel/triggerPanel';

/**
 * Receives game events through a webhook and passes them to the workflow: checked, split into items, tried
 * again when the workflow fails, and kept as dead letters when all attempts fail. `webhook()` takes requests,
 * `trigger()` opens the queue, and `execute()` is the first step of every execution. The registry connects
 * the three.
 */
export class GameInsightsWebhookTrigger implements INodeType {
	/** The webhook part contains no expression, because n8n would evaluate it for every request. */
	description: INodeTypeDescription = {
		displayName: 'Game Insights Webhook Trigger',
		name: 'gameInsightsWebhookTrigger',
		icon: { light: 'file:../../icons/gameInsights.svg', dark: 'file:../../icons/gameInsights.dark.svg' },
		group: ['trigger'],
		// Both versions run the same code. In version 2 n8n parses JSON bodies itself, instead of evaluating an
		// expression for each request.
		version: [1, 2],
		defaultVersion: 1,
		subtitle:
			'={{ { apiKey: "API Key", hmac: "HMAC Signature", jwt: "JWT" }[$parameter["authentication"]] }}',
		description:
			'Receives signed game events, alone or in batches, retries failed executions and keeps what fails as dead letters',
		defaults: { name: 'Game Insights Webhook' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: OUTPUT_NAMES,
		credentials: [
			{
				name: 'gameInsightsApiKeyApi',
				required: true,
				testedBy: 'gameInsightsApiKeyApiTest',
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
			{
				name: 'gameInsightsHmacApi',
				required: true,
				testedBy: 'gameInsightsHmacApiTest',
				displayOptions: { show: { authentication: ['hmac'] } },
			},
			{
				name: 'gameInsightsJwtApi',
				required: true,
				testedBy: 'gameInsightsJwtApiTest',
				displayOptions: { show: { authentication: ['jwt'] } },
			},
			{
				name: 'gameInsightsN8nApi',
				required: true,
				testedBy: 'gameInsightsN8nApiTest',
				displayOptions: { show: { durable: [true] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Empty, so that n8n answers with the return value of webhook().
				responseData: '',
				path: 'events',
			},
		],
		eventTriggerDescription:
			'Waiting for an event: send one to the test URL. When a request is refused, its answer says why.',
		activationMessage:
			'Events sent to the production URL now run this workflow. Give that URL to the sender: the test URL works only while you test.',
		triggerPanel,
		hints: [
			{
				message:
					'Connect a message to yourself (Slack, Discord, email) to the <b>Dead Letter</b> output: events that could not be processed go there',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
			},
		],
		properties: triggerParameters,
	};

	methods = { credentialTest: credentialTests };

	/**
	 * The address needs no registration at another service: senders only need the address and the secret. n8n
	 * calls this before it listens for a test event, and shows the error that is thrown. For a published
	 * workflow, `trigger()` makes the same checks.
	 */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				if (this.getMode() === 'manual') (await running()).beforeTest(this);
				return true;
			},
			create: async (): Promise<boolean> => true,
			delete: async (): Promise<boolean> => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await (await running()).takeIn(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await (await running()).goLive(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await (await running()).begin(this);
	}
}
