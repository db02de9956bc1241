import type { INodeProperties } from 'n8n-workflow';
import { shownWhenBatching } from './operations';

/** How to send. */
export const sendingProperties: INodeProperties[] = [
	{
		displayName: 'Events Per Request',
		name: 'eventsPerRequest',
		type: 'number',
		noDataExpression: true,
		typeOptions: { minValue: 1, maxValue: 1000, numberPrecision: 0 },
		default: 100,
		description: 'How many events one request may have. With 1, each event is a request of its own.',
		displayOptions: shownWhenBatching,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownWhenBatching,
		options: [
			{
				displayName: 'Add Event IDs',
				name: 'addEventIds',
				type: 'boolean',
				default: true,
				description:
					'Whether to give an event without "event_id" a new one, so that it is not run twice when a request has to be sent again',
				displayOptions: { show: { '/resource': ['event'] } },
			},
			{
				displayName: 'Compress',
				name: 'compress',
				type: 'boolean',
				default: false,
				description: 'Whether to send the body gzipped. Worth it for large batches.',
			},
			{
				displayName: 'Initial Delay (Milliseconds)',
				name: 'initialDelay',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 60000 },
				default: 1000,
				description: 'How long to wait before a request is sent again. Each further wait is twice as long.',
			},
			{
				displayName: 'Max Delay (Milliseconds)',
				name: 'maxDelay',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 300000 },
				default: 60000,
				description:
					'The longest wait before a request is sent again. If the receiver asks for a longer wait, it is not sent again.',
			},
			{
				displayName: 'Max Retries',
				name: 'maxRetries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
				default: 3,
				description:
					'How often a request is sent again when there is no answer, or one that says to try again later (408, 429, 5xx)',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 300 },
				default: 30,
				description: 'How long to wait for an answer',
			},
		],
	},
];
