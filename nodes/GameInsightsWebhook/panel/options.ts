import type { INodeProperties } from 'n8n-workflow';
import { eventSchemasOption } from './eventSchemas';

/** Inside a collection, a path that begins with a slash refers to the parameters of the node itself. */
const shownWithRetry: INodeProperties['displayOptions'] = { show: { '/retry': [true] } };
const shownWhenDurable: INodeProperties['displayOptions'] = { show: { '/durable': [true] } };

/**
 * Settings that most users need not change. n8n sorts options by name and has no groups inside a collection.
 * So each name begins with its topic: Access for who may send, Validation for which events are valid.
 */
export const optionsProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		// binaryData keeps the body raw, so this node parses it, and answers invalid JSON.
		default: { binaryData: true },
		options: [
			{
				displayName: 'Access: Allowed Origins (CORS)',
				name: 'allowedOrigins',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://play.my-studio.com',
				description:
					'For games in browsers: the origins of the pages that may send and read the answer, separated by commas. Pages of other origins get 403. Empty: any page with the credential may send, none can read the answer. * allows all.',
			},
			{
				displayName: 'Access: IP Allowlist',
				name: 'ipAllowlist',
				type: 'string',
				default: '',
				placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24, 2001:db8::/32',
				description:
					'The addresses and networks that requests may come from, separated by commas. Others get 403. Empty allows all. If n8n is behind a proxy, set N8N_PROXY_HOPS.',
			},
			{
				displayName: 'Access: Rate Limit (Requests Per Minute)',
				name: 'rateLimit',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 600,
				description:
					'How many requests a minute are accepted. Further ones get 429 and the time after which to try again.',
			},
			{
				displayName: 'Access: Rate Limit Per Address (Requests Per Minute)',
				name: 'rateLimitPerAddress',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 60,
				description:
					'How many requests a minute are accepted from one IP address, for games in browsers whose key everybody can read. It comes before Rate Limit, so one player can not use that up for the others. If n8n is behind a proxy, set N8N_PROXY_HOPS.',
			},
			{
				displayName: 'Binary Data',
				name: 'binaryData',
				type: 'hidden',
				default: true,
			},
			{
				displayName: 'Failure: Max Age (Hours)',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue: 0.01, maxValue: 8760 },
				default: 24,
				description:
					'How old an event may become while it waits or is retried. An older event goes to Dead Letter as expired.',
			},
			{
				displayName: 'Failure: Max Delay (Milliseconds)',
				name: 'maxDelay',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 86400000 },
				default: 60000,
				displayOptions: shownWithRetry,
				description: 'The longest wait before a retry, however often it was tried',
			},
			{
				displayName: 'Failure: Non-Retryable Errors',
				name: 'nonRetryableErrors',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Text' },
				default: [],
				placeholder: 'e.g. Invalid currency',
				displayOptions: shownWithRetry,
				description:
					'A failure whose message contains one of these texts is not retried: its events go to Dead Letter at once',
			},
			{
				displayName: 'Failure: Pause After Failed Events',
				name: 'pauseAfterFailedEvents',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1000000, numberPrecision: 0 },
				default: 25,
				displayOptions: shownWithRetry,
				description:
					'When this many different events fail in a row, with no success in between, the trigger takes it for an outage: retries pause, and one event at a time is tried until one succeeds. 0 turns this off.',
			},
			{
				displayName: 'Failure: Random Delay',
				name: 'jitter',
				type: 'boolean',
				default: true,
				displayOptions: shownWithRetry,
				description:
					'Whether to make the wait before a retry a little longer or shorter at random, so that many retries do not start at once',
			},
			{
				displayName: 'Failure: Set Bad Events Aside',
				name: 'isolateFailures',
				type: 'boolean',
				default: true,
				displayOptions: shownWithRetry,
				description:
					'Whether an execution of several events that keeps failing is split up, so that only the events that make it fail go to Dead Letter',
			},
			{
				displayName: 'Failure: Silence Alert (Hours)',
				name: 'silenceAlert',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 8760 },
				default: 24,
				description:
					'After how many hours without any request a notice goes to Dead Letter, and another one when requests come again. 0 turns this off. In queue mode with webhook processes, this needs Durable.',
			},
			{
				displayName: 'Output: Endpoint Name',
				name: 'endpointName',
				type: 'string',
				default: '',
				placeholder: 'e.g. My Game, production',
				description:
					'A name for this endpoint, to tell several apart. It is in the delivery details of every item.',
			},
			{
				displayName: 'Output: Include Delivery Details',
				name: 'includeDelivery',
				type: 'boolean',
				default: true,
				description:
					'Whether items carry a "_delivery" field: attempt, request, sender, last error. If the sender has a field of that name, it becomes "sender_delivery".',
			},
			{
				displayName: 'Output: Response Body',
				name: 'responseBody',
				type: 'string',
				default: '',
				placeholder: 'e.g. OK',
				description:
					'What to answer when a request was accepted, for senders that expect a certain text or JSON, such as OK or {"status":1}. Empty: the usual receipt, or what the chosen sender expects. It does not change the answers to refused requests.',
			},
			{
				displayName: 'Speed: Accept Timeout (Seconds)',
				name: 'acceptTimeout',
				type: 'number',
				typeOptions: { minValue: 0.1, maxValue: 60 },
				default: 20,
				description:
					'How long a request may wait until its execution starts. After that it gets 429, and its events are not accepted. Without this option: 20, or less for senders that wait less, such as 2 for Slack and 4 for Shopify.',
			},
			{
				displayName: 'Speed: Events Per Execution',
				name: 'executionPer',
				type: 'options',
				options: [
					{
						name: 'All of a Request',
						value: 'request',
						description: 'The events of a request share an execution',
					},
					{
						name: 'One',
						value: 'event',
						description: 'Each event is an execution of its own',
					},
					{
						name: 'As Many as Wait',
						value: 'group',
						description:
							'Events that wait while all executions are busy share the next one. Fastest, and nothing waits when traffic is low.',
					},
				],
				default: 'request',
				description: 'How many events run in one execution',
			},
			{
				displayName: 'Speed: Max Concurrent Executions',
				name: 'maxConcurrentExecutions',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: 5,
				description: 'How many executions of this endpoint may run at the same time. Further events wait.',
			},
			{
				displayName: 'Speed: Max Events Per Execution',
				name: 'maxEventsPerExecution',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
				default: 100,
				displayOptions: { show: { executionPer: ['group'] } },
				description: 'How many events may share one execution',
			},
			{
				displayName: 'Speed: Max Pending Events',
				name: 'maxPendingEvents',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 1000,
				description:
					'How many events may wait for an execution. Above that, senders get 429 and the time after which to try again.',
			},
			{
				displayName: 'Speed: Order By',
				name: 'orderBy',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_id',
				description:
					'A field of the events. Events with the same value run one after the other, in the order in which they came; others do not wait for them. For a field inside an object use dots: properties.team. Events without the field do not wait.',
			},
			{
				displayName: 'Storage: Journal Table',
				name: 'journalTable',
				type: 'string',
				default: 'game_insights_journal',
				placeholder: 'e.g. game_insights_journal',
				displayOptions: shownWhenDurable,
				description:
					'Name of the journal, the Data Table that keeps the events. It is created when it is missing; several workflows may share it.',
			},
			{
				displayName: 'Storage: Keep Dead Letters (Days)',
				name: 'keepDeadLetters',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 3650 },
				default: 90,
				displayOptions: shownWhenDurable,
				description:
					'How long dead letters stay in their Data Table, which has the name of the journal with "_dead_letters" at its end. 0 keeps them until you delete them.',
			},
			{
				displayName: 'Storage: Keep Processed (Hours)',
				name: 'keepProcessed',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 720 },
				default: 0,
				displayOptions: shownWhenDurable,
				description:
					'How long processed events stay in the journal, the Data Table that keeps the events. 0 removes them at once.',
			},
			{
				displayName: 'Storage: Max Dead Letters',
				name: 'maxDeadLetters',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10000000, numberPrecision: 0 },
				default: 100000,
				displayOptions: shownWhenDurable,
				description:
					'How many dead letters of this node stay in their Data Table. Above that, the oldest ones are removed.',
			},
			{
				displayName: 'Storage: Max Journal Size (Megabytes)',
				name: 'maxJournalSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000 },
				default: 100,
				displayOptions: shownWhenDurable,
				description:
					"How large the journal, the Data Table that keeps the events, may become. Above that, senders get 429. Keep it below n8n's own limit for all Data Tables, which is 200 unless changed.",
			},
			{
				displayName: 'Validation: Deduplication Window (Seconds)',
				name: 'deduplicationWindow',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 86400 },
				default: 600,
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
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100000, numberPrecision: 0 },
				default: 1000,
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
		],
	},
];
