import type { INodeProperties } from 'n8n-workflow';
import { numberField } from './numberBounds';

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
			'The dead letter: an item of the Dead Letter output, or the same out of a table. Objects in it may be JSON text.',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Max Redrives',
		name: 'maxRedrives',
		...numberField('maxRedrives'),
		description:
			'How often the same event may be sent again. An event that has reached this number is not sent.',
		displayOptions: { show: { resource: ['deadLetter'], operation: ['redrive', 'redriveMatching'] } },
	},
];
