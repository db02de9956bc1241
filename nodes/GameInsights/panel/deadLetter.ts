import type { INodeProperties } from 'n8n-workflow';

const shownToRedrive: INodeProperties['displayOptions'] = {
	show: { resource: ['deadLetter'], operation: ['redrive'] },
};

/** Which dead letters to send again. */
export const deadLetterProperties: INodeProperties[] = [
	{
		displayName: 'Dead Letter',
		name: 'deadLetter',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		description:
			'The item of the Dead Letter output, as it came or as you stored it. Its fields may be JSON text, as tables keep them.',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Max Redrives',
		name: 'maxRedrives',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		default: 3,
		description:
			'How often the same event may be sent again. After that it is not sent: an error, or an item "not_sent" beside others that were.',
		displayOptions: { show: { resource: ['deadLetter'], operation: ['redrive', 'redriveMatching'] } },
	},
];
