import type { INodeProperties } from 'n8n-workflow';

const shownToMatch: INodeProperties['displayOptions'] = {
	show: { resource: ['deadLetter'], operation: ['find', 'redriveMatching'] },
};
const shownToFind = { resource: ['deadLetter'], operation: ['find'] };
const shownToRedrive: INodeProperties['displayOptions'] = {
	show: { resource: ['deadLetter'], operation: ['redriveMatching'] },
};
const shownToTell: INodeProperties['displayOptions'] = {
	show: { resource: ['event'], operation: ['getStory'] },
};

/** What to look for, and where. */
export const lookUpProperties: INodeProperties[] = [
	{
		displayName: 'Journal Table',
		name: 'journalTable',
		type: 'string',
		default: 'game_insights_journal',
		placeholder: 'e.g. game_insights_journal',
		description: 'The Data Table of Durable, as the trigger’s option Journal Table names it',
		displayOptions: { show: { operation: ['find', 'getStory', 'redriveMatching'] } },
	},
	{
		displayName: 'Find By',
		name: 'findBy',
		type: 'options',
		options: [
			{ name: 'Event ID', value: 'event_id', description: 'The event’s own "event_id"' },
			{
				name: 'Request ID',
				value: 'request_id',
				description: 'The "request_id" that the sender was answered with: all events of that request',
			},
			{ name: 'User ID', value: 'user_id', description: 'All events with this "user_id"' },
		],
		default: 'event_id',
		description: 'What is known of the event',
		displayOptions: shownToTell,
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. order-4711',
		description: 'The ID to look for, to the letter',
		displayOptions: shownToTell,
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description: 'Whether to say only what would be sent again. Look at that first, then turn it off.',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Redrives Per Second',
		name: 'redrivesPerSecond',
		type: 'number',
		typeOptions: { minValue: 0.01, maxValue: 50 },
		default: 10,
		description:
			'How fast, so that what failed under load is not put under it again. The node runs for as long as that takes.',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: { show: shownToFind },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { ...shownToFind, returnAll: [false] } },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions: shownToMatch,
		options: [
			{
				displayName: 'Dead-Lettered After',
				name: 'after',
				type: 'dateTime',
				default: '',
				description: 'Only those that were given up at this time or later',
			},
			{
				displayName: 'Dead-Lettered Before',
				name: 'before',
				type: 'dateTime',
				default: '',
				description: 'Only those that were given up before this time',
			},
			{
				displayName: 'Event Type',
				name: 'eventType',
				type: 'string',
				default: '',
				placeholder: 'e.g. purchase',
				description: 'Only events of this type, to the letter',
			},
			{
				displayName: 'Reasons',
				name: 'reasons',
				type: 'multiOptions',
				options: [
					{ name: 'Expired', value: 'expired' },
					{ name: 'Invalid Event', value: 'invalid_event' },
					{ name: 'Malformed Body', value: 'malformed_body' },
					{ name: 'Non-Retryable', value: 'non_retryable' },
					{ name: 'Outcome Unknown', value: 'outcome_unknown' },
					{ name: 'Retries Exhausted', value: 'retries_exhausted' },
				],
				default: [],
				description: 'Only those with one of these reasons. Choose none for all.',
			},
			{
				displayName: 'Text',
				name: 'text',
				type: 'string',
				default: '',
				placeholder: 'e.g. timeout',
				description:
					'Only those that hold this text in their sentence, their last error or their event, in any case of its letters',
			},
			{
				displayName: 'User ID',
				name: 'userId',
				type: 'string',
				default: '',
				placeholder: 'e.g. player-1',
				description: 'Only events of this user, to the letter',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownToTell,
		options: [
			{
				displayName: 'Look Back (Hours)',
				name: 'lookBack',
				type: 'number',
				typeOptions: { minValue: 0.1, maxValue: 8760 },
				default: 24,
				description: 'How old executions may be that are looked through',
			},
			{
				displayName: 'Max Executions',
				name: 'maxExecutions',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 5000, numberPrecision: 0 },
				default: 200,
				description: 'How many executions of the workflow are looked through, the latest first',
			},
		],
	},
];
