import type { INodeProperties } from 'n8n-workflow';

/** Which events are accepted, and how requests are answered. */
export const eventsProperties: INodeProperties[] = [
	{
		displayName: 'Batches',
		name: 'batches',
		type: 'options',
		options: [
			{
				name: 'Split Into Items',
				value: 'split',
				description: 'Each event of a batch becomes an item of its own',
			},
			{
				name: 'Keep Together',
				value: 'keep',
				description: 'The events of a request stay together in one item, as a list named "events"',
			},
		],
		default: 'split',
		description: 'What to do when a request has several events',
	},
	{
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{
				name: 'When Accepted',
				value: 'onAccept',
				description: 'Answer as soon as n8n has stored the events. Best for most senders.',
			},
			{
				name: 'When Finished',
				value: 'onFinish',
				description: 'Answer when the workflow has processed the events, at the latest after 25 seconds',
			},
		],
		default: 'onAccept',
		description: 'When the sender gets its answer',
	},
];
