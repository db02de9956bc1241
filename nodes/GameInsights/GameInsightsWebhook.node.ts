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
import { lookUpProperties } from './panel/lookUp';
import { SENDING, operationProperties } from './panel/operations';
import { sendingProperties } from './panel/options';
import { testEventProperties } from './panel/testEvent';

/** The operations that read a journal. */
const LOOKING = ['find', 'getStory', 'redriveMatching'];

/**
 * The sending counterpart of the trigger: sends signed events, and sends events of dead letters again.
 *
 * n8n's node panel shows this node and the trigger as one entry, because the trigger's name is this node's
 * name plus `Trigger`. The entry is found by this node's name and codex, so both codex files contain the same
 * texts.
 */
export class GameInsightsWebhook implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Game Insights Webhook',
		name: 'gameInsightsWebhook',
		icon: {
			light: 'file:../../icons/gameInsights.svg',
			dark: 'file:../../icons/gameInsights.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Sends signed game events to a Game Insights Webhook, finds dead letters and sends them once more',
		defaults: { name: 'Game Insights Webhook' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Repeated in both nodes, because n8n's scanner searches for `testedBy` in the node itself.
		credentials: [
			{
				name: 'gameInsightsApiKeyApi',
				required: true,
				testedBy: 'gameInsightsApiKeyApiTest',
				displayOptions: { show: { operation: SENDING, authentication: ['apiKey'] } },
			},
			{
				name: 'gameInsightsHmacApi',
				required: true,
				testedBy: 'gameInsightsHmacApiTest',
				displayOptions: { show: { operation: SENDING, authentication: ['hmac'] } },
			},
			{
				name: 'gameInsightsJwtApi',
				required: true,
				testedBy: 'gameInsightsJwtApiTest',
				displayOptions: { show: { operation: SENDING, authentication: ['jwt'] } },
			},
			{
				name: 'gameInsightsN8nApi',
				required: false,
				testedBy: 'gameInsightsN8nApiTest',
				displayOptions: { show: { operation: LOOKING } },
			},
		],
		properties: [
			...operationProperties,
			...destinationProperties,
			...testEventProperties,
			...eventProperties,
			...deadLetterProperties,
			...endpointProperties,
			...lookUpProperties,
			...sendingProperties,
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await (await running()).send(this);
	}
}
