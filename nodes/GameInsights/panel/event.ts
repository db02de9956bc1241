import type { INodeProperties } from 'n8n-workflow';

const shownToSend = { resource: ['event'], operation: ['send'] };
const shownForFields: INodeProperties['displayOptions'] = {
	show: { ...shownToSend, eventsFrom: ['fields'] },
};

/** Which events to send. */
export const eventProperties: INodeProperties[] = [
	{
		displayName: 'Events From',
		name: 'eventsFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Fields Below',
				value: 'fields',
				description: 'One event for each input item, made from the fields below',
			},
			{
				name: 'Input Items',
				value: 'input',
				description: 'Each input item is an event. A list named "events" in it counts as several.',
			},
		],
		default: 'input',
		description: 'Where the events come from',
		displayOptions: { show: shownToSend },
	},
	{
		displayName: 'Event Type',
		name: 'eventType',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. purchase',
		description: 'What happened, in one word',
		displayOptions: shownForFields,
	},
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		default: '',
		placeholder: 'e.g. player-1',
		description: 'The player or user',
		displayOptions: shownForFields,
	},
	{
		displayName: 'Properties',
		name: 'properties',
		type: 'json',
		default: '{}',
		description: 'More about the event, as a JSON object',
		displayOptions: shownForFields,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Event ID',
				name: 'eventId',
				type: 'string',
				default: '',
				placeholder: 'e.g. order-4711',
				description: 'Identifies the event: a second event with the same ID is not run again',
			},
			{
				displayName: 'Timestamp',
				name: 'timestamp',
				type: 'string',
				default: '',
				placeholder: 'e.g. 2026-01-31T12:00:00Z',
				description: 'When it happened: date and time, with Z or an offset such as +01:00 at the end',
			},
		],
		displayOptions: shownForFields,
	},
];
