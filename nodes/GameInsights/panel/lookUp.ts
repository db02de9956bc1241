import type { INodeProperties } from 'n8n-workflow';
import { numberField } from './numberBounds';

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

/** What to search for, and where. */
export const lookUpProperties: INodeProperties[] = [
	{
		displayName: 'Journal Table',
		name: 'journalTable',
		type: 'string',
		default: 'game_insights_journal',
		placeholder: 'e.g. game_insights_journal',
		description:
			'The Data Table in which the trigger keeps its events, as in its option Storage: Journal Table',
		displayOptions: { show: { operation: ['find', 'getStory', 'redriveMatching'] } },
	},
	{
		displayName: 'Find By',
		name: 'findBy',
		type: 'options',
		options: [
			{ name: 'Event ID', value: 'event_id', description: 'The "event_id" of the event' },
			{
				name: 'Request ID',
				value: 'request_id',
				description: 'The "request_id" in the answer that the sender got. Finds all events of that request.',
			},
			{ name: 'User ID', value: 'user_id', description: 'All events with this "user_id"' },
		],
		default: 'event_id',
		description: 'Which ID you know',
		displayOptions: shownToTell,
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. order-4711',
		description: 'The ID to look for, exactly as it was sent',
		displayOptions: shownToTell,
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description:
			'Whether to only show what would be sent again. Check that first, then turn this off to send.',
		displayOptions: shownToRedrive,
	},
	{
		displayName: 'Redrives Per Second',
		name: 'redrivesPerSecond',
		...numberField('redrivesPerSecond'),
		description:
			'How many events are sent again each second, so that they do not overload the workflow. The node runs until all are sent.',
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
		...numberField('limit'),
		description: 'Max number of results to return',
		displayOptions: { show: { ...shownToFind, returnAll: [false] } },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		...numberField('limit'),
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
				description: 'Only dead letters from this time or later',
			},
			{
				displayName: 'Dead-Lettered Before',
				name: 'before',
				type: 'dateTime',
				default: '',
				description: 'Only dead letters from before this time',
			},
			{
				displayName: 'Event Type',
				name: 'eventType',
				type: 'string',
				default: '',
				placeholder: 'e.g. purchase',
				description: 'Only events of this type, exactly as it was sent',
			},
			{
				displayName: 'Reasons',
				name: 'reasons',
				type: 'multiOptions',
				options: [
					{ name: 'Expired', value: 'expired', description: 'The event became older than Max Age' },
					{ name: 'Invalid Event', value: 'invalid_event', description: 'The event did not pass the checks' },
					{
						name: 'Malformed Body',
						value: 'malformed_body',
						description: 'No event could be read from the request',
					},
					{
						name: 'Non-Retryable',
						value: 'non_retryable',
						description: 'It failed with one of the Non-Retryable Errors',
					},
					{
						name: 'Outcome Unknown',
						value: 'outcome_unknown',
						description: 'It is not known how the last attempt ended',
					},
					{
						name: 'Retries Exhausted',
						value: 'retries_exhausted',
						description: 'It failed in all its attempts',
					},
				],
				default: [],
				description: 'Only dead letters with one of these reasons. Choose none to get all.',
			},
			{
				displayName: 'Text',
				name: 'text',
				type: 'string',
				default: '',
				placeholder: 'e.g. timeout',
				description:
					'Only dead letters with this text in their summary, last error or event. Capital and small letters are the same here.',
			},
			{
				displayName: 'User ID',
				name: 'userId',
				type: 'string',
				default: '',
				placeholder: 'e.g. player-1',
				description: 'Only events of this user, exactly as the ID was sent',
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
				...numberField('lookBack'),
				description: 'How far back the executions of the workflow are searched',
			},
			{
				displayName: 'Max Executions',
				name: 'maxExecutions',
				...numberField('maxExecutions'),
				description: 'How many executions of the workflow are searched, the latest first',
			},
		],
	},
];
