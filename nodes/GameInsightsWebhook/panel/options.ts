import type { INodeProperties } from 'n8n-workflow';
import { eventSchemasOption } from './eventSchemas';

/** Inside a collection, a slash leads to the parameters of the node itself. */
const shownWithRetry: INodeProperties['displayOptions'] = { show: { '/retry': [true] } };
const shownWhenDurable: INodeProperties['displayOptions'] = { show: { '/durable': [true] } };

/** Everything that most users leave as it is, in the alphabetical order n8n shows. */
export const optionsProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		// binaryData keeps the body raw: n8n then leaves parsing, and the answer to bad JSON, to this node.
		default: { binaryData: true },
		options: [
			{
				displayName: 'Accept Timeout (Seconds)',
				name: 'acceptTimeout',
				type: 'number',
				typeOptions: { minValue: 0.1, maxValue: 60 },
				default: 20,
				description:
					'How long a request may wait for its execution to begin. After that it is answered with 429, and its events are not taken. Without this option: 20, or what is known of the sender, e.g. 2 for Slack and 4 for Shopify.',
			},
			{
				displayName: 'Allowed Origins (CORS)',
				name: 'allowedOrigins',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://play.my-studio.com',
				description:
					'For games in browsers: the origins of the pages that may send and read the answer, separated by commas. Pages of others are answered with 403. Empty: pages may send what can prove who they are, and read nothing. * allows all.',
			},
			{
				displayName: 'Binary Data',
				name: 'binaryData',
				type: 'hidden',
				default: true,
			},
			{
				displayName: 'Deduplication Window (Seconds)',
				name: 'deduplicationWindow',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 86400 },
				default: 600,
				description:
					'How long an event is remembered so that a repeat is not run again. 0 turns this off. Events are told apart by sender and "event_id", else by the signature of their request. Signed requests are remembered for at least twice the Timestamp Tolerance of the credential.',
			},
			{
				displayName: 'Endpoint Name',
				name: 'endpointName',
				type: 'string',
				default: '',
				placeholder: 'e.g. My Game, production',
				description: 'A name for this endpoint, carried on every item, to tell several endpoints apart',
			},
			eventSchemasOption,
			{
				displayName: 'Event Types',
				name: 'eventTypes',
				type: 'string',
				default: '',
				placeholder: 'e.g. purchase, level_complete',
				description:
					'The event types to take, separated by commas. Others are answered as ignored. Empty takes all.',
			},
			{
				displayName: 'Events Per Execution',
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
							'Events that wait while all executions are busy go out together. Fastest, and low traffic waits for nothing.',
					},
				],
				default: 'request',
				description: 'How many events one execution is given',
			},
			{
				displayName: 'Include Delivery Details',
				name: 'includeDelivery',
				type: 'boolean',
				default: true,
				description:
					'Whether items carry a "_delivery" field: attempt, request, sender, last error. A field of that name that the sender wrote is always called "sender_delivery".',
			},
			{
				displayName: 'Invalid Events',
				name: 'invalidEvents',
				type: 'options',
				options: [
					{
						name: 'Send to Dead Letter',
						value: 'deadLetter',
						description: 'Take the good events of a request; the bad ones leave on Dead Letter',
					},
					{
						name: 'Reject the Request',
						value: 'rejectRequest',
						description: 'Answer with 400 and take nothing of a request that has a bad event',
					},
				],
				default: 'deadLetter',
				description: 'What to do with events that are not valid',
			},
			{
				displayName: 'IP Allowlist',
				name: 'ipAllowlist',
				type: 'string',
				default: '',
				placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24, 2001:db8::/32',
				description:
					'The addresses and networks that requests may come from, separated by commas. Others are answered with 403. Empty allows all. Behind a proxy, set N8N_PROXY_HOPS.',
			},
			{
				displayName: 'Journal Table',
				name: 'journalTable',
				type: 'string',
				default: 'game_insights_journal',
				placeholder: 'e.g. game_insights_journal',
				displayOptions: shownWhenDurable,
				description:
					'Name of the journal, the Data Table that keeps the events. Made when it is missing; several workflows may share it.',
			},
			{
				displayName: 'Keep Processed (Hours)',
				name: 'keepProcessed',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 720 },
				default: 0,
				displayOptions: shownWhenDurable,
				description:
					'How long processed events stay in the journal, the Data Table that keeps the events. 0 removes them at once.',
			},
			{
				displayName: 'Max Age (Hours)',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue: 0.01, maxValue: 8760 },
				default: 24,
				description: 'How old an event may become before it leaves on Dead Letter as expired',
			},
			{
				displayName: 'Max Concurrent Executions',
				name: 'maxConcurrentExecutions',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: 5,
				description: 'How many executions of this endpoint may run at the same time. Further events wait.',
			},
			{
				displayName: 'Max Delay (Milliseconds)',
				name: 'maxDelay',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 86400000 },
				default: 60000,
				displayOptions: shownWithRetry,
				description: 'The longest wait before a retry',
			},
			{
				displayName: 'Max Events Per Execution',
				name: 'maxEventsPerExecution',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10000, numberPrecision: 0 },
				default: 100,
				displayOptions: { show: { executionPer: ['group'] } },
				description: 'How many events may go out together in one execution',
			},
			{
				displayName: 'Max Events Per Request',
				name: 'maxEventsPerRequest',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100000, numberPrecision: 0 },
				default: 1000,
				description: 'A request with more events is answered with 413',
			},
			{
				displayName: 'Max Journal Size (Megabytes)',
				name: 'maxJournalSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000 },
				default: 100,
				displayOptions: shownWhenDurable,
				description:
					"How large the journal, the Data Table that keeps the events, may become. Above that, senders are told with 429 to come back. Keep it below n8n's own limit for all Data Tables, which is 200 unless changed.",
			},
			{
				displayName: 'Max Pending Events',
				name: 'maxPendingEvents',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 1000,
				description:
					'How many events may wait. When the queue is full, senders are told with 429 when to come back.',
			},
			{
				displayName: 'Non-Retryable Errors',
				name: 'nonRetryableErrors',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Text' },
				default: [],
				placeholder: 'e.g. Invalid currency',
				displayOptions: shownWithRetry,
				description:
					'A failure whose message contains one of these texts is not retried: its events leave on Dead Letter at once',
			},
			{
				displayName: 'Order By',
				name: 'orderBy',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_id',
				description:
					'A field of the events. Events with the same value run one after the other, in the order in which they came; other events go on meanwhile. A dot reaches into an object. Events without the field are not held.',
			},
			{
				displayName: 'Pause After Failed Events',
				name: 'pauseAfterFailedEvents',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1000000, numberPrecision: 0 },
				default: 25,
				displayOptions: shownWithRetry,
				description:
					'How many different events have to fail one after the other, with none going well, for retries to pause. Then one event at a time is tried until one goes well, and the others go on. 0 never pauses.',
			},
			{
				displayName: 'Random Delay',
				name: 'jitter',
				type: 'boolean',
				default: true,
				displayOptions: shownWithRetry,
				description:
					"Whether to vary the wait before a retry at random, so that many retries don't come at once",
			},
			{
				displayName: 'Rate Limit (Requests Per Minute)',
				name: 'rateLimit',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 600,
				description:
					'How many requests a minute are taken. Further ones are answered with 429 and told when to come back.',
			},
			{
				displayName: 'Rate Limit Per Address (Requests Per Minute)',
				name: 'rateLimitPerAddress',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000000, numberPrecision: 0 },
				default: 60,
				description:
					'How many requests a minute are taken from one IP address, for games in browsers whose key everybody can read. It comes before Rate Limit: one player can not use that up for the others. Behind a proxy, set N8N_PROXY_HOPS.',
			},
			{
				displayName: 'Required Fields',
				name: 'requiredFields',
				type: 'string',
				default: '',
				placeholder: 'e.g. user_id, properties.amount',
				description: 'Fields that every event must have, separated by commas. A dot reaches into an object.',
			},
			{
				displayName: 'Response Body',
				name: 'responseBody',
				type: 'string',
				default: '',
				placeholder: 'e.g. OK',
				description:
					'What to answer when a request was taken, for senders that insist on a certain text or JSON, such as OK or {"status":1}. Empty: the usual receipt, or what the sender you chose expects. Refusals stay what they are.',
			},
			{
				displayName: 'Set Bad Events Aside',
				name: 'isolateFailures',
				type: 'boolean',
				default: true,
				displayOptions: shownWithRetry,
				description:
					'Whether an execution of several events that keeps failing is split, so that only the events that fail alone become dead letters',
			},
			{
				displayName: 'Silence Alert (Hours)',
				name: 'silenceAlert',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 8760 },
				default: 24,
				description:
					'After how many hours without any request a notice leaves on Dead Letter, and another one when something comes again. 0 turns this off. Where webhook processes take the requests, this needs Durable.',
			},
		],
	},
];
