import type { INodeProperties } from 'n8n-workflow';
import { numberField } from '../numberBounds';

/** Speed: how events share executions, and how many may wait. */
export const speedOptions: INodeProperties[] = [
	{
		displayName: 'Speed: Accept Timeout (Seconds)',
		name: 'acceptTimeout',
		...numberField('acceptTimeout'),
		description:
			'How long a request may wait until its execution starts. After that it gets 429, and its events are not accepted. Without this option: 20, or less for senders that wait less, such as 2 for Slack and 4 for Shopify.',
	},
	{
		displayName: 'Speed: Events Per Execution',
		name: 'executionPer',
		type: 'options',
		options: [
			{
				name: 'All of a Request',
				value: 'request',
				description: 'The events of a request share an execution',
			},
			{
				name: 'One',
				value: 'event',
				description: 'Each event is an execution of its own',
			},
			{
				name: 'As Many as Wait',
				value: 'group',
				description:
					'Events that wait while all executions are busy share the next one. Fastest, and nothing waits when traffic is low.',
			},
		],
		default: 'request',
		description: 'How many events run in one execution',
	},
	{
		displayName: 'Speed: Max Concurrent Executions',
		name: 'maxConcurrentExecutions',
		...numberField('maxConcurrentExecutions'),
		description: 'How many executions of this endpoint may run at the same time. Further events wait.',
	},
	{
		displayName: 'Speed: Max Events Per Execution',
		name: 'maxEventsPerExecution',
		...numberField('maxEventsPerExecution'),
		displayOptions: { show: { executionPer: ['group'] } },
		description: 'How many events may share one execution',
	},
	{
		displayName: 'Speed: Max Pending Events',
		name: 'maxPendingEvents',
		...numberField('maxPendingEvents'),
		description:
			'How many events may wait for an execution. Above that, senders get 429 and the time after which to try again.',
	},
	{
		displayName: 'Speed: Order By',
		name: 'orderBy',
		type: 'string',
		default: '',
		placeholder: 'e.g. user_id',
		description:
			'A field of the events. Events with the same value run one after the other, in the order in which they came; others do not wait for them. For a field inside an object use dots: properties.team. Events without the field do not wait.',
	},
];
