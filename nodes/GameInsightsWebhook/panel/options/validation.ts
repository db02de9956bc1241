import type { INodeProperties } from 'n8n-workflow';
import { numberField } from '../numberBounds';
import { eventSchemasOption } from './eventSchemas';

/** Validation: which events are valid. */
export const validationOptions: INodeProperties[] = [
	{
		displayName: 'Validation: Deduplication Window (Seconds)',
		name: 'deduplicationWindow',
		...numberField('deduplicationWindow'),
		description:
			'How long an event is remembered, so that a repeat (a duplicate) is not run again. 0 turns this off. Events are recognized by sender and "event_id", or else by the signature of their request. Signed requests are remembered for at least twice the Timestamp Tolerance of the credential.',
	},
	eventSchemasOption,
	{
		displayName: 'Validation: Event Types',
		name: 'eventTypes',
		type: 'string',
		default: '',
		placeholder: 'e.g. purchase, level_complete',
		description:
			'The event types to accept, separated by commas. Others are ignored, and the answer says so. Empty accepts all.',
	},
	{
		displayName: 'Validation: Invalid Events',
		name: 'invalidEvents',
		type: 'options',
		options: [
			{
				name: 'Send to Dead Letter',
				value: 'deadLetter',
				description: 'Accept the valid events of a request; the others go to Dead Letter',
			},
			{
				name: 'Reject the Request',
				value: 'rejectRequest',
				description: 'Answer with 400 and accept nothing of a request with an event that is not valid',
			},
		],
		default: 'deadLetter',
		description: 'What to do with events that are not valid',
	},
	{
		displayName: 'Validation: Max Events Per Request',
		name: 'maxEventsPerRequest',
		...numberField('maxEventsPerRequest'),
		description: 'A request with more events gets 413',
	},
	{
		displayName: 'Validation: Required Fields',
		name: 'requiredFields',
		type: 'string',
		default: '',
		placeholder: 'e.g. user_id, properties.amount',
		description:
			'Fields that every event must have, separated by commas. For a field inside an object use dots: properties.amount.',
	},
];
