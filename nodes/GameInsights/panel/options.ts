import type { INodeProperties } from 'n8n-workflow';
import { numberField } from './numberBounds';
import { shownWhenBatching } from './operations';

/** How to send. */
export const sendingProperties: INodeProperties[] = [
	{
		displayName: 'Events Per Request',
		name: 'eventsPerRequest',
		...numberField('eventsPerRequest'),
		noDataExpression: true,
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
				...numberField('initialDelay'),
				description: 'How long to wait before a request is sent again. Each further wait is twice as long.',
			},
			{
				displayName: 'Max Delay (Milliseconds)',
				name: 'maxDelay',
				...numberField('maxDelay'),
				description:
					'The longest wait before a request is sent again. If the receiver asks for a longer wait, it is not sent again.',
			},
			{
				displayName: 'Max Retries',
				name: 'maxRetries',
				...numberField('maxRetries'),
				description:
					'How often a request is sent again when there is no answer, or one that says to try again later (408, 429, 5xx)',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeout',
				...numberField('timeout'),
				description: 'How long to wait for an answer',
			},
		],
	},
];
