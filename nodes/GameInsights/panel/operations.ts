import type { INodeProperties } from 'n8n-workflow';

/** What the node can do. */
export const operationProperties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Dead Letter', value: 'deadLetter' },
			{ name: 'Endpoint', value: 'endpoint' },
			{ name: 'Event', value: 'event' },
		],
		default: 'event',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get Story',
				value: 'getStory',
				action: 'Get the story of an event',
				description:
					'Find out what happened to an event: when it came, its executions and attempts, and where it is now',
			},
			{
				name: 'Send',
				value: 'send',
				action: 'Send events',
				description: 'Send signed events to a Game Insights Webhook, alone or in batches',
			},
			{
				name: 'Send Test Event',
				value: 'sendTest',
				action: 'Send a test event',
				description:
					'Send a sample event to a Game Insights Webhook, so that you see its fields before you have a sender',
			},
		],
		default: 'send',
		displayOptions: { show: { resource: ['event'] } },
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Find',
				value: 'find',
				action: 'Find dead letters',
				description: 'Find dead letters in the Data Table of a trigger with Durable',
			},
			{
				name: 'Redrive',
				value: 'redrive',
				action: 'Redrive dead letters',
				description: 'Send the events of dead letters to the webhook again',
			},
			{
				name: 'Redrive Matching',
				value: 'redriveMatching',
				action: 'Redrive all dead letters that match',
				description:
					'Send all dead letters that match the filters again, a few each second. For triggers with Durable.',
			},
		],
		default: 'redrive',
		displayOptions: { show: { resource: ['deadLetter'] } },
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get Figures',
				value: 'getFigures',
				action: 'Get figures of an endpoint',
				description:
					'Count what a Game Insights Webhook accepted, refused, retried and gave up, and what waits',
			},
		],
		default: 'getFigures',
		displayOptions: { show: { resource: ['endpoint'] } },
	},
];

/** The operations that send something, and therefore have to authenticate. */
export const SENDING = ['send', 'sendTest', 'redrive'];
/** The operations that send many events, in batches and with retries. */
const BATCHING = ['send', 'redrive'];

/** Shown for all operations that send something. */
export const shownWhenSending: INodeProperties['displayOptions'] = { show: { operation: SENDING } };
/** Shown for all operations that send many events. */
export const shownWhenBatching: INodeProperties['displayOptions'] = { show: { operation: BATCHING } };
