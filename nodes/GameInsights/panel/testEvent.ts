import type { INodeProperties } from 'n8n-workflow';
import { FORMATS } from '../../shared/formats/formats';

const shown = { resource: ['event'], operation: ['sendTest'] };
const shownWithSchema: INodeProperties['displayOptions'] = { show: { ...shown, sample: ['schema'] } };
const formats = [...FORMATS];

/** Which sample to send. */
export const testEventProperties: INodeProperties[] = [
	{
		displayName:
			'In the receiving workflow, open the Game Insights Webhook, copy its test URL into the field above, and click "Execute step" there. Then execute this node: the event appears in the trigger.',
		name: 'testEventNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: shown },
	},
	{
		displayName: 'Sample Of',
		name: 'sample',
		type: 'options',
		noDataExpression: true,
		options: [
			...formats.map(([value, { displayName: name, description }]) => ({ name, value, description })),
			{
				name: 'Game Insights',
				value: 'gameInsights',
				description: 'A purchase, with event_type',
			},
			{
				name: 'Your Own Schema',
				value: 'schema',
				description: 'An event made from your JSON Schema, and from its examples if it has some',
			},
		].sort((one, other) => (one.name < other.name ? -1 : 1)),
		default: 'gameInsights',
		description:
			'Which event to send: one in the Event Format of the trigger, or one of your own JSON Schema',
		displayOptions: { show: shown },
	},
	{
		displayName: 'Schema Event Type',
		name: 'schemaEventType',
		type: 'string',
		default: '',
		placeholder: 'e.g. purchase',
		description: 'The event_type of the event. Leave empty if the schema already says it.',
		displayOptions: shownWithSchema,
	},
	{
		displayName: 'Schema',
		name: 'schema',
		type: 'json',
		typeOptions: { rows: 12 },
		default: '{}',
		required: true,
		description:
			'A JSON Schema for the whole event, as in the option Validation: Event Schemas of the trigger',
		displayOptions: shownWithSchema,
	},
	{
		displayName: 'With a Dead Letter',
		name: 'withDeadLetter',
		type: 'boolean',
		default: true,
		description:
			'Whether to send an event that is not valid as well, so that you also see the fields of Dead Letter',
		displayOptions: { show: shown },
	},
];
