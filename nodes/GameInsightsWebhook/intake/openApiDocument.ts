import { REFUSALS, type RefusalCode } from '../../shared/refusal';
import { EVENT_RULES } from './validate/eventRules';

type Json = Readonly<Record<string, unknown>>;

/** The parts of the document that are not in the rules. */
export interface DocumentFacts {
	/** The version of the package. */
	readonly version: string;
	/** The default limit, which the owner of an endpoint may change. */
	readonly maxEventsPerRequest: number;
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** The JSON Schema of an event, made from the rules that events are checked with. */
export function eventJsonSchema(): Json {
	const properties = EVENT_RULES.map(({ path, demands }) => [
		path.join('.'),
		Object.assign({}, ...demands.map(({ schema }) => schema)) as Json,
	]);
	return {
		type: 'object',
		description: 'An event. Fields that are not named here pass through untouched.',
		required: EVENT_RULES.filter(({ isRequired }) => isRequired).map(({ path }) => path.join('.')),
		properties: Object.fromEntries(properties) as Json,
		examples: [
			{
				event_type: 'purchase',
				timestamp: '2026-11-24T12:00:00Z',
				user_id: 'player-1',
				event_id: 'order-4711',
				properties: { item: 'sword', amount: 9.99, currency: 'EUR' },
			},
		],
	};
}

const COUNT: Json = { type: 'integer', minimum: 0 };

const SCHEMAS: Json = {
	Event: eventJsonSchema(),
	Events: {
		oneOf: [
			reference('Event'),
			{
				type: 'object',
				required: ['events'],
				properties: { events: reference('EventList') },
				not: { required: ['event_type'] },
			},
			reference('EventList'),
		],
	},
	EventList: { type: 'array', items: reference('Event'), minItems: 1 },
	EventError: {
		type: 'object',
		description:
			'A fault of one event, or of the body as a whole. At most 20 an event and 100 in all; then one with the code `more` says how many there were.',
		required: ['index', 'code', 'message', 'path'],
		additionalProperties: false,
		properties: {
			index: {
				type: ['integer', 'null'],
				minimum: 0,
				description: "The event's place in the request; null for the body as a whole.",
			},
			line: {
				type: 'integer',
				minimum: 1,
				description: 'The line that the event stands on; only for NDJSON.',
			},
			code: {
				type: 'string',
				minLength: 1,
				description:
					'The rule that was broken, for programs: `required`, `type`, `format`, or another keyword of JSON Schema.',
			},
			message: {
				type: 'string',
				minLength: 1,
				description: 'One plain sentence.',
				examples: ['`properties.amount` must be a number, it is the text "9,99"'],
			},
			path: {
				type: 'string',
				format: 'json-pointer',
				description: 'Where in the event (RFC 6901); empty for the event as a whole.',
			},
		},
	},
	Taken: {
		type: 'object',
		required: [
			'status',
			'request_id',
			'received',
			'accepted',
			'dead_lettered',
			'duplicates',
			'ignored',
			'errors',
		],
		additionalProperties: false,
		properties: {
			status: { enum: ['accepted', 'processed', 'dead_lettered'] },
			request_id: { type: 'string', format: 'uuid' },
			received: COUNT,
			accepted: COUNT,
			dead_lettered: COUNT,
			duplicates: COUNT,
			ignored: { ...COUNT, description: 'Events of types that this endpoint does not take.' },
			errors: { type: 'array', items: reference('EventError'), maxItems: 101 },
		},
	},
};

/** The schema of an error answer with one of these codes. */
const refusalSchema = (codes: readonly string[]): Json => ({
	type: 'object',
	required: ['error', 'request_id'],
	additionalProperties: false,
	properties: {
		error: {
			type: 'object',
			required: ['code', 'message', 'errors'],
			additionalProperties: false,
			properties: {
				code: { enum: codes },
				message: { type: 'string', minLength: 1 },
				errors: { type: 'array', items: reference('EventError'), maxItems: 101 },
				reason: {
					type: 'string',
					minLength: 1,
					description: 'What exactly was wrong. On the test URL alone, for whoever sets the sender up.',
				},
			},
		},
		request_id: { type: 'string', format: 'uuid' },
	},
});

const DESCRIPTIONS: Readonly<Record<string, string>> = {
	400: 'Not JSON, empty, or nothing valid in it.',
	401: 'Credentials missing or wrong: always the same words.',
	403: 'Requests from this address, or from pages of this origin, are not allowed.',
	413: 'Too many events or bytes.',
	415: 'A content type or character set that is not taken.',
	429: 'The rate limit, or too busy. Nothing was taken: send the whole request again after `Retry-After` seconds.',
	500: 'The endpoint is not set up, or the workflow failed and nobody took the events over. Safe to send again.',
};

const HEADERS: Readonly<Record<string, Json>> = {
	401: {
		'WWW-Authenticate': {
			description: 'For tokens (RFC 6750), and for keys in Basic auth (RFC 7617).',
			schema: { type: 'string' },
		},
	},
	429: {
		'Retry-After': { description: 'Seconds.', required: true, schema: { type: 'integer', minimum: 1 } },
	},
};

const asJson = (schema: Json): Json => ({ 'application/json': { schema } });

function refusalResponses(): Json {
	const statuses = [...new Set(Object.values(REFUSALS))];
	return Object.fromEntries(
		statuses.map((status) => {
			const codes = (Object.keys(REFUSALS) as RefusalCode[]).filter((code) => REFUSALS[code] === status);
			return [
				String(status),
				{
					description: DESCRIPTIONS[status] ?? '',
					headers: HEADERS[status],
					content: asJson(refusalSchema(codes)),
				},
			];
		}),
	);
}

/**
 * The OpenAPI 3.1 document of an endpoint, for developers of senders. It is made from the rules and codes
 * that the endpoint uses. Answers that a sender's own scheme requires, such as to a handshake, are not
 * included.
 */
export function openApiDocument({ version, maxEventsPerRequest }: DocumentFacts): Json {
	return {
		openapi: '3.1.1',
		info: {
			title: 'Game Insights Webhook',
			version,
			description:
				'Takes game events, one by one or in batches. A 200 with a JSON object means kept: the sender need not repeat anything. Delivery is at least once. While n8n itself starts it answers 404, and for a moment 200 with the text "n8n is starting up. Please wait": nothing was taken, so any 200 without a JSON object, and 404, are to be sent again.',
			license: { name: 'MIT', identifier: 'MIT' },
		},
		servers: [
			{
				url: '{webhookUrl}',
				description: 'The Production URL that the node shows in n8n.',
				variables: { webhookUrl: { default: 'https://n8n.example.com/webhook/your-endpoint/events' } },
			},
		],
		security: [{ apiKey: [] }, { signature: [], signatureTimestamp: [] }, { token: [] }],
		paths: {
			'/': {
				post: {
					operationId: 'sendEvents',
					summary: 'Send events',
					description: `At most ${maxEventsPerRequest} events a request, unless the endpoint allows more or fewer. The body may be gzipped (\`Content-Encoding: gzip\`); a signature is over the unpacked body.`,
					requestBody: {
						required: true,
						content: {
							...asJson(reference('Events')),
							'application/x-ndjson': { schema: { type: 'string', description: 'An event a line.' } },
							'text/plain': {
								schema: {
									type: 'string',
									description: 'JSON all the same, as `navigator.sendBeacon` sends it.',
								},
							},
						},
					},
					responses: {
						200: {
							description:
								'Taken, in whole or in part. Only with this JSON object: n8n\'s own text "n8n is starting up. Please wait" with the status 200 is no receipt.',
							content: asJson(reference('Taken')),
						},
						...refusalResponses(),
					},
				},
			},
		},
		components: {
			schemas: SCHEMAS,
			securitySchemes: {
				apiKey: {
					type: 'apiKey',
					in: 'header',
					name: 'X-API-Key',
					description: 'Or the header that the endpoint names.',
				},
				signature: {
					type: 'apiKey',
					in: 'header',
					name: 'X-Webhook-Signature',
					description: '`sha256=` and the hex HMAC-SHA256 over `timestamp.body`, with the shared secret.',
				},
				signatureTimestamp: {
					type: 'apiKey',
					in: 'header',
					name: 'X-Webhook-Timestamp',
					description: 'Milliseconds since 1970, the same as in the signature.',
				},
				token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
			},
		},
	};
}
