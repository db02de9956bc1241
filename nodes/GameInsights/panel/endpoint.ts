import type { INodeProperties } from 'n8n-workflow';

/** Which endpoint to look at. */
export const endpointProperties: INodeProperties[] = [
	{
		displayName: 'Workflow ID',
		name: 'workflowId',
		type: 'string',
		default: '={{ $workflow.id }}',
		required: true,
		description: 'The workflow whose Game Insights Webhook to look at, as in the address of n8n’s editor',
		displayOptions: { show: { operation: ['find', 'getFigures', 'getStory', 'redriveMatching'] } },
	},
];
