import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests, running } from '../onFirstUse';
import { deadLetterProperties } from './panel/deadLetter';
import { destinationProperties } from './panel/destination';
import { endpointProperties } from './panel/endpoint';
import { eventProperties } from './panel/event';
import { operationProperties } from './panel/operations';
import { sendingProperties } from './panel/options';

/** The resources that need a credential. */
const SENDING = ['event', 'deadLetter'];

/**
 * The way to a Game Insights Webhook: sends signed events, and the events of dead letters again.
 *
 * n8n's node panel shows it and the trigger as one entry, because the trigger's name is this one's with `Trigger` at its end.
 * The entry is found by this node's name and codex, so both codex files hold the same words.
 */
export class GameInsightsWebhook implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Game Insights Webhook',
		name: 'gameInsightsWebhook',
		icon: {
			light: 'file:../GameInsightsWebhook/gameInsights.svg',
			dark: 'file:../GameInsightsWebhook/gameInsights.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Sends signed game events to a Game Insights Webhook, and dead letters once more',
		defaults: { name: 'Game Insights Webhook' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Written out in both nodes: n8n's scanner looks for `testedBy` in the node itself.
		credentials: [
			{
				name: 'gameInsightsApiKeyApi',
				required: true,
				testedBy: 'gameInsightsApiKeyApiTest',
				displayOptions: { show: { resource: SENDING, authentication: ['apiKey'] } },
			},
			{
				name: 'gameInsightsHmacApi',
				required: true,
				testedBy: 'gameInsightsHmacApiTest',
				displayOptions: { show: { resource: SENDING, authentication: ['hmac'] } },
			},
			{
				name: 'gameInsightsJwtApi',
				required: true,
				testedBy: 'gameInsightsJwtApiTest',
				displayOptions: { show: { resource: SENDING, authentication: ['jwt'] } },
			},
		],
		properties: [
			...operationProperties,
			...destinationProperties,
			...eventProperties,
			...deadLetterProperties,
			...endpointProperties,
			...sendingProperties,
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await (await running()).send(this);
	}
}
