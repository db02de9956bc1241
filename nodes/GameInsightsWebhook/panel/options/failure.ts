import type { INodeProperties } from 'n8n-workflow';
import { numberField } from '../numberBounds';

/** Inside a collection, a path that begins with a slash refers to the parameters of the node itself. */
const shownWithRetry: INodeProperties['displayOptions'] = { show: { '/retry': [true] } };

/** Failure: what happens after a failure, or when nothing comes. */
export const failureOptions: INodeProperties[] = [
	{
		displayName: 'Failure: Max Age (Hours)',
		name: 'maxAge',
		...numberField('maxAge'),
		description:
			'How old an event may become while it waits or is retried. An older event goes to Dead Letter as expired.',
	},
	{
		displayName: 'Failure: Max Delay (Milliseconds)',
		name: 'maxDelay',
		...numberField('maxDelay'),
		displayOptions: shownWithRetry,
		description: 'The longest wait before a retry, however often it was tried',
	},
	{
		displayName: 'Failure: Non-Retryable Errors',
		name: 'nonRetryableErrors',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Text' },
		default: [],
		placeholder: 'e.g. Invalid currency',
		displayOptions: shownWithRetry,
		description:
			'A failure whose message contains one of these texts is not retried: its events go to Dead Letter at once',
	},
	{
		displayName: 'Failure: Pause After Failed Events',
		name: 'pauseAfterFailedEvents',
		...numberField('pauseAfterFailedEvents'),
		displayOptions: shownWithRetry,
		description:
			'When this many different events fail in a row, with no success in between, the trigger takes it for an outage: retries pause, and one event at a time is tried until one succeeds. 0 turns this off.',
	},
	{
		displayName: 'Failure: Random Delay',
		name: 'jitter',
		type: 'boolean',
		default: true,
		displayOptions: shownWithRetry,
		description:
			'Whether to make the wait before a retry a little longer or shorter at random, so that many retries do not start at once',
	},
	{
		displayName: 'Failure: Set Bad Events Aside',
		name: 'isolateFailures',
		type: 'boolean',
		default: true,
		displayOptions: shownWithRetry,
		description:
			'Whether an execution of several events that keeps failing is split up, so that only the events that make it fail go to Dead Letter',
	},
	{
		displayName: 'Failure: Silence Alert (Hours)',
		name: 'silenceAlert',
		...numberField('silenceAlert'),
		description:
			'After how many hours without any request a notice goes to Dead Letter, and another one when requests come again. 0 turns this off. In queue mode with webhook processes, this needs Durable.',
	},
];
