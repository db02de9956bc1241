import type { INodeProperties } from 'n8n-workflow';
import { type EventFormat } from '../../GameInsightsWebhook/intake/formats/format';
import { PRESETS } from '../../GameInsightsWebhook/intake/formats/presets';

const shown = { resource: ['event'], operation: ['sendTest'] };
const shownWithSchema: INodeProperties['displayOptions'] = { show: { ...shown, sample: ['schema'] } };
const presets: ReadonlyArray<[name: string, preset: EventFormat]> = Object.entries(PRESETS);

/** Which sample to send. */
export const testEventProperties: INodeProperties[] = [
	{
		displayName:
			'Open the receiving workflow, click "Execute step" on its Game Insights Webhook, and copy its test URL to the field above. Then run this: the fields appear there.',
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
			...presets.map(([value, { displayName: name, description }]) => ({ name, value, description })),
			{
				name: 'Game Insights',
				value: 'gameInsights',
				description: 'An event with event_type, one purchase',
			},
			{
				name: 'Your Own Schema',
				value: 'schema',
				description: 'An event that your JSON Schema describes, out of its examples where it has some',
			},
		].sort((one, other) => one.name.localeCompare(other.name)),
		default: 'gameInsights',
		description: 'What the trigger has as its Event Format, or a schema as it has under Event Schemas',
		displayOptions: { show: shown },
	},
	{
		displayName: 'Schema Event Type',
		name: 'schemaEventType',
		type: 'string',
		default: '',
		placeholder: 'e.g. purchase',
		description: 'The event_type that the schema is for. Leave empty if the schema itself says it.',
		displayOptions: shownWithSchema,
	},
	{
		displayName: 'Schema',
		name: 'schema',
		type: 'json',
		typeOptions: { rows: 12 },
		default: '{}',
		required: true,
		description: 'A JSON Schema for the whole event, as the trigger has it under Event Schemas',
		displayOptions: shownWithSchema,
	},
	{
		displayName: 'With a Dead Letter',
		name: 'withDeadLetter',
		type: 'boolean',
		default: true,
		description:
			'Whether an event that is not valid goes along, so that the fields of Dead Letter can be seen as well',
		displayOptions: { show: shown },
	},
];
