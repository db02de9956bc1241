import type { INodeProperties } from 'n8n-workflow';
import { numberField } from './numberBounds';

const shownWithRetry: INodeProperties['displayOptions'] = { show: { retry: [true] } };

const shownWhenDurable: INodeProperties['displayOptions'] = { show: { durable: [true] } };

/** What happens when the workflow fails, or n8n stops. */
export const failureProperties: INodeProperties[] = [
	{
		displayName: 'Retry Failed Executions',
		name: 'retry',
		type: 'boolean',
		default: true,
		description:
			'Whether events run again by themselves when the workflow fails. They come out of Retry if it is connected, else out of Events.',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		...numberField('maxRetries'),
		displayOptions: shownWithRetry,
		description: 'How often a failed event is tried again before it goes to Dead Letter',
	},
	{
		displayName: 'Initial Delay (Milliseconds)',
		name: 'initialDelay',
		...numberField('initialDelay'),
		displayOptions: shownWithRetry,
		description: 'How long to wait before the first retry',
	},
	{
		displayName: 'Backoff Multiplier',
		name: 'backoffMultiplier',
		...numberField('backoffMultiplier'),
		displayOptions: shownWithRetry,
		description: 'How many times longer each further wait is (exponential backoff). With 2: 1, 2, 4 seconds.',
	},
	{
		displayName: 'Durable',
		name: 'durable',
		type: 'boolean',
		default: false,
		description:
			'Whether to keep every event in a Data Table of n8n until it is processed, so that a crash or restart of n8n loses no event and no retry',
	},
	{
		displayName:
			'Create a key under <b>Settings → n8n API</b> with these scopes: <code>dataTable</code> list, read and create; <code>dataTableRow</code> read, create, update and delete. With <code>execution</code> read, executions that sleep in a Wait node are followed, and retried if they fail; without it they count as processed. With <code>execution</code> list, the action <b>Get Story</b> also finds executions. Put the key into a <b>Game Insights Data Tables API</b> credential and choose that above. The table is created automatically.',
		name: 'durableNotice',
		type: 'notice',
		default: '',
		displayOptions: shownWhenDurable,
	},
];
