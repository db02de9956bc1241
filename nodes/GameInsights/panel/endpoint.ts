import type { INodeProperties } from 'n8n-workflow';

/** Which endpoint to look at. */
export const endpointProperties: INodeProperties[] = [
	{
		displayName: 'Workflow ID',
		name: 'workflowId',
		type: 'string',
		default: '={{ $workflow.id }}',
		required: true,
		description:
			'The ID of the workflow with the Game Insights Webhook trigger: in the address of n8n’s editor, it comes after /workflow/. As it is, this workflow.',
		displayOptions: { show: { operation: ['find', 'getFigures', 'getStory', 'redriveMatching'] } },
	},
];
