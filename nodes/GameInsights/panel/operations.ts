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
				name: 'Send',
				value: 'send',
				action: 'Send events',
				description: 'Send signed events to a Game Insights Webhook, alone or in batches',
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
				name: 'Redrive',
				value: 'redrive',
				action: 'Redrive dead letters',
				description: 'Send the events of dead letters to the webhook again',
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
					'How much a Game Insights Webhook has taken, refused, retried and given up, and how much waits',
			},
		],
		default: 'getFigures',
		displayOptions: { show: { resource: ['endpoint'] } },
	},
];

/** Of all that sends something. */
export const shownWhenSending: INodeProperties['displayOptions'] = { hide: { resource: ['endpoint'] } };
