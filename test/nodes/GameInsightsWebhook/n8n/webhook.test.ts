import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IWebhookFunctions } from 'n8n-workflow';
import { Figures } from '../../../../nodes/GameInsightsWebhook/endpoint/figures';
import type { Journals } from '../../../../nodes/GameInsightsWebhook/endpoint/journals';
import { AuthenticatorCache } from '../../../../nodes/GameInsightsWebhook/endpoint/authenticatorCache';
import { RulesCache } from '../../../../nodes/GameInsightsWebhook/endpoint/rulesCache';
import { ReadAhead } from '../../../../nodes/GameInsightsWebhook/intake/readAhead';
import { RateLimiters } from '../../../../nodes/GameInsightsWebhook/intake/admission/rateLimiter';
import { KnownVerifiers } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { Registry } from '../../../../nodes/GameInsightsWebhook/endpoint/registry';
import type { NotKept } from '../../../../nodes/GameInsightsWebhook/queue/item';
import type { Finish } from '../../../../nodes/GameInsightsWebhook/queue/pendingReply';
import { webhook } from '../../../../nodes/GameInsightsWebhook/n8n/webhook';
import { type Answer, post } from '../../../support/sender';
import { senders } from '../../../support/senders';

/** What the queue says to a request that is offered to it. */
interface QueueSays {
	readonly isFull?: boolean;
	readonly kept?: 'kept' | NotKept;
	readonly finished?: Finish;
}

/** Where the requests of a test go. */
interface Endpoint {
	readonly sender: string;
	readonly queue?: QueueSays;
	readonly options?: Record<string, unknown>;
	readonly respond?: string;
	readonly durable?: boolean;
	readonly hasNoCredential?: boolean;
	readonly isBodyTooLarge?: boolean;
	/** Further parameters of the node. */
	readonly parameters?: Record<string, unknown>;
	/** Of the page that a browser sends from. */
	readonly origin?: string;
	/** At the test URL, while somebody tests. */
	readonly isTest?: boolean;
	/** Is called when n8n is asked for the node. */
	readonly onNode?: () => void;
}

const senderOf = (name: string) => {
	const sender = senders[name];
	if (sender === undefined) throw new Error(`There is no sender ${name}`);
	return sender;
};

let made = 0;

/** What an n8n remembers from one request to the next, for all its endpoints. */
const remembered = {
	readAhead: new ReadAhead(),
	rules: new RulesCache(),
	rateLimiters: new RateLimiters(),
	authenticators: new AuthenticatorCache(() => performance.now()),
	verifiers: new KnownVerifiers(),
};

/**
 * Sends requests one after the other to a real HTTP server, in which n8n's context is played for the node.
 */
async function answersOf(endpoint: Endpoint, bodies: readonly string[], isProven = true): Promise<Answer[]> {
	const { scheme, credential, sign, otherHeaders } = senderOf(endpoint.sender);
	const nodeId = `node-${++made}`;
	const server = createServer((request: IncomingMessage, response) => {
		// As n8n does it for every origin, before the node is asked.
		const { origin } = request.headers;
		if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
		const read = Object.assign(request, {
			ip: '203.0.113.7',
			rawBody: undefined as Buffer | undefined,
			readRawBody: async () => {
				const chunks: Buffer[] = [];
				for await (const chunk of request) chunks.push(chunk as Buffer);
				if (endpoint.isBodyTooLarge) {
					throw Object.assign(new Error('request entity too large'), { type: 'entity.too.large' });
				}
				read.rawBody = Buffer.concat(chunks);
			},
		});
		const context = {
			getNode: () => {
				endpoint.onNode?.();
				return {
					id: nodeId,
					name: 'Webhook',
					credentials: { gameInsightsHmacApi: { id: nodeId } },
					parameters: {
						authentication: 'hmac',
						respond: endpoint.respond,
						durable: endpoint.durable,
						options: endpoint.options,
						...endpoint.parameters,
					},
				};
			},
			getWorkflow: () => ({ id: 'workflow' }),
			getWorkflowSettings: () => ({}),
			getMode: () => (endpoint.isTest === true ? 'manual' : 'webhook'),
			getCredentials: async () => {
				if (endpoint.hasNoCredential) throw new Error('Credential not found');
				return { scheme, ...credential };
			},
			getRequestObject: () => read,
			getResponseObject: () => response,
			helpers: {},
			logger: { warn: () => undefined, error: () => undefined },
		};
		const { isFull = false, kept = 'kept', finished = 'processed' } = endpoint.queue ?? {};
		const queue = {
			retryAfterSeconds: 7,
			offer: () =>
				isFull
					? { retryAfterSeconds: 7 }
					: {
							accepted: 1,
							duplicates: 0,
							kept: Promise.resolve(kept),
							finished: Promise.resolve(finished),
						},
		};
		const crowded = { capacity: { obstacle: async () => 'the table is full' }, queue };
		void webhook(
			context as unknown as IWebhookFunctions,
			{
				registry: { liveQueue: async () => queue } as unknown as Registry,
				journals: { find: () => crowded } as unknown as Journals,
				figures: new Figures(),
				...remembered,
			},
			'the-request',
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	try {
		const answers: Answer[] = [];
		for (const body of bodies) {
			const proof = isProven ? sign(body, Date.now()) : [];
			const headers = Object.fromEntries([...otherHeaders, ...proof, ['content-type', 'application/json']]);
			if (endpoint.origin !== undefined) headers.origin = endpoint.origin;
			answers.push(await post(`http://127.0.0.1:${port}/`, body, headers));
		}
		return answers;
	} finally {
		server.close();
	}
}

async function lastAnswer(endpoint: Endpoint, bodies = [senderOf(endpoint.sender).body], isProven = true) {
	const answers = await answersOf(endpoint, bodies, isProven);
	return answers[answers.length - 1] as Answer;
}

/** Ways to be asked to come again later, and the code that our own answer would have. */
const LATER: ReadonlyArray<[string, Partial<Endpoint>, number, string]> = [
	['over the rate limit', { options: { rateLimit: 1 } }, 2, 'rate_limited'],
	['when the queue is full', { queue: { isFull: true } }, 1, 'busy'],
	['when n8n was too slow', { queue: { kept: 'withdrawn' } }, 1, 'busy'],
	['when the journal has no room', { durable: true }, 1, 'busy'],
	['when the table has no room', { queue: { kept: 'full' } }, 1, 'busy'],
];

describe.each(LATER)('%s', (_, endpoint, requests, code) => {
	it.each([
		['Xsolla', 503],
		['Stripe', 429],
		['Twitch', 429],
		['gameInsights', 429],
	])('%s is told to come again with %d', async (sender, status) => {
		const { body } = senderOf(sender);
		const answer = await lastAnswer({ ...endpoint, sender }, Array<string>(requests).fill(body));
		expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
		expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
	});
});

it.each([
	['taken', {}],
	['refused', { queue: { isFull: true } }],
])('a request that is %s asks for the node once: n8n copies all of it each time', async (_, endpoint) => {
	let times = 0;
	await lastAnswer({ sender: 'gameInsights', ...endpoint, onNode: () => times++ });
	expect(times).toBe(1);
});

it('what no table can ever hold is refused for good', async () => {
	const answer = await lastAnswer({ sender: 'gameInsights', queue: { kept: 'tooLarge' } });
	expect({ status: answer.status, code: answer.body.error.code }).toEqual({
		status: 413,
		code: 'payload_too_large',
	});
});

describe('Xsolla, which comes again after a server error only', () => {
	const sender = 'Xsolla';

	it.each<[string, Partial<Endpoint>, number, string]>([
		['the credential can not be read', { hasNoCredential: true }, 500, 'not_configured'],
		['the events could not be stored', { queue: { kept: 'unreachable' } }, 503, 'unavailable'],
		['the table takes nothing', { queue: { kept: 'refused' } }, 503, 'unavailable'],
		[
			'the workflow failed and nobody took the events over',
			{ respond: 'onFinish', queue: { finished: 'failed' } },
			500,
			'workflow_failed',
		],
	])('comes again when %s', async (_, endpoint, status, code) => {
		const answer = await lastAnswer({ ...endpoint, sender });
		expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
	});

	it.each<[string, Partial<Endpoint>, string[], number, string]>([
		[
			'from an address that is not allowed',
			{ options: { ipAllowlist: '198.51.100.1' } },
			[],
			403,
			'address_not_allowed',
		],
		['larger than n8n takes', { isBodyTooLarge: true }, [], 413, 'payload_too_large'],
		['that is not JSON', {}, ['{"notification_type":'], 400, 'invalid_body'],
		['that is empty', {}, [''], 400, 'invalid_body'],
		[
			'that is not what its owner asks for',
			{ options: { requiredFields: 'properties.order' } },
			[],
			400,
			'invalid_events',
		],
	])('does not come again with a request %s', async (_, endpoint, bodies, status, code) => {
		const answer = await lastAnswer({ ...endpoint, sender }, bodies.length > 0 ? bodies : undefined);
		expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
	});

	it('is told in its own words that the signature is wrong', async () => {
		const { status, text } = await lastAnswer({ sender }, undefined, false);
		expect({ status, text }).toEqual({
			status: 400,
			text: '{"error":{"code":"INVALID_SIGNATURE","message":"Invalid signature"}}',
		});
	});
});

describe('204 has neither a length nor a body', () => {
	it.each([
		['for events that were taken', {}, undefined],
		['for events that were processed', { respond: 'onFinish' }, undefined],
		['for the ping', {}, ['{"version":1,"application_id":"1","type":0}']],
	] as Array<[string, Partial<Endpoint>, string[] | undefined]>)('%s', async (_, endpoint, bodies) => {
		const { status, headers, text } = await lastAnswer({ ...endpoint, sender: 'Discord' }, bodies);
		expect({ status, text }).toEqual({ status: 204, text: '' });
		expect(headers).toMatchObject({ 'content-type': 'application/json' });
		expect(headers).not.toHaveProperty('content-length');
		expect(headers).not.toHaveProperty('transfer-encoding');
	});

	it('and any other answer has its length', async () => {
		const { status, headers, text } = await lastAnswer({ sender: 'Stripe' });
		expect({ status, length: headers['content-length'] }).toEqual({
			status: 200,
			length: String(Buffer.byteLength(text)),
		});
	});
});

describe('an answer that the sender expects', () => {
	const sender = 'gameInsights';
	const PHOTON = '{"Type":"Join","UserId":"p1"}';

	it.each([
		['by its event format', { eventFormat: 'photon' }, PHOTON, '{"ResultCode":0}', 'application/json'],
		['as text', { eventFormat: 'mixpanel' }, '{"event":"a"}', '1', 'text/plain'],
		['typed by the owner', { options: { responseBody: 'S' } }, undefined, 'S', 'text/plain; charset=utf-8'],
		[
			'typed by the owner, before that of the format',
			{ eventFormat: 'photon', options: { responseBody: ' {"status":1} ' } },
			PHOTON,
			'{"status":1}',
			'application/json',
		],
	])('%s', async (_, parameters, body, text, type) => {
		for (const queue of [{}, { finished: 'processed' as const }]) {
			const answer = await lastAnswer({ sender, parameters, queue }, body === undefined ? undefined : [body]);
			expect([answer.status, answer.text]).toEqual([200, text]);
			expect(answer.headers['content-type']).toBe(type);
		}
	});

	it('is a status alone (Unity Analytics)', async () => {
		const body = '{"eventName":"a","userID":"p1"}';
		const { status, text } = await lastAnswer({ sender, parameters: { eventFormat: 'unityAnalytics' } }, [
			body,
		]);
		expect({ status, text }).toEqual({ status: 204, text: '' });
	});

	it('is no part of a refusal', async () => {
		const endpoint = { sender, options: { responseBody: 'OK' }, queue: { isFull: true } };
		expect((await lastAnswer(endpoint)).body.error.code).toBe('busy');
	});

	it('is not asked for where the sender has a format of its own', async () => {
		const { status, text } = await lastAnswer({ sender: 'Discord', parameters: { eventFormat: 'photon' } });
		expect({ status, text }).toEqual({ status: 204, text: '' });
	});
});

describe("Amplitude's programs go by the code in the body", () => {
	const amplitude = { sender: 'gameInsights', parameters: { eventFormat: 'amplitude' } };
	const BODY = '{"events":[{"event_type":"a","device_id":"d"}]}';

	it('of what was taken', async () => {
		expect((await lastAnswer(amplitude, [BODY])).text).toBe('{"code":200}');
	});

	it.each<[string, Partial<Endpoint>, boolean, number]>([
		['a wrong proof', {}, false, 401],
		['a full queue', { queue: { isFull: true } }, true, 429],
		['a credential that can not be read', { hasNoCredential: true }, true, 500],
	])('of %s', async (_, endpoint, isProven, code) => {
		const { status, body } = await lastAnswer({ ...amplitude, ...endpoint }, [BODY], isProven);
		expect({ status, body }).toMatchObject({ status: code, body: { code, error: expect.any(String) } });
	});

	it('of events that are not valid, with their places', async () => {
		const body = '{"events":[{"event_type":"a"},{"device_id":"d"},{"event_type":7.5}]}';
		const endpoint = { ...amplitude, options: { invalidEvents: 'rejectRequest' } };
		expect((await lastAnswer(endpoint, [body])).body).toMatchObject({
			code: 400,
			events_with_invalid_fields: { event_type: [1, 2] },
		});
	});
});

describe('a page in a browser', () => {
	const sender = 'gameInsights';
	const PAGE = 'https://play.my-studio.com';
	const sent = async (
		allowedOrigins: unknown,
		origin: string | undefined = PAGE,
		more: Partial<Endpoint> = {},
	) => {
		const endpoint = {
			sender,
			...more,
			options: { allowedOrigins },
			...(origin === undefined ? {} : { origin }),
		};
		return await lastAnswer(endpoint);
	};
	const grants = ({ headers }: Answer) => ({
		origin: headers['access-control-allow-origin'],
		exposed: headers['access-control-expose-headers'],
		vary: headers.vary,
	});
	const READ = { origin: PAGE, exposed: 'Retry-After', vary: 'Origin' };
	const NOTHING = { origin: undefined, exposed: undefined, vary: undefined };

	it.each([
		PAGE,
		`${PAGE}/`,
		'HTTPS://PLAY.my-studio.com:443',
		`https://a.example, ${PAGE}`,
		['https://a.example', PAGE],
		'*',
	])('of an origin on the list may send and read the answer: %j', async (list) => {
		const answer = await sent(list);
		expect(answer.status).toBe(200);
		expect(grants(answer)).toEqual(READ);
	});

	it('may read refusals, and when to come again', async () => {
		const answer = await sent(PAGE, PAGE, { queue: { isFull: true } });
		expect(answer.status).toBe(429);
		expect(grants(answer)).toEqual(READ);
	});

	it.each(['https://a.example', `${PAGE}:8443`, 'http://play.my-studio.com', 'https://my-studio.com'])(
		'of another origin is refused, and reads nothing: list %s',
		async (list) => {
			const answer = await sent(list);
			expect([answer.status, answer.body.error.code]).toEqual([403, 'origin_not_allowed']);
			expect(grants(answer)).toEqual(NOTHING);
		},
	);

	it('of no origin (a file, a sandbox) is refused', async () => {
		expect((await sent(PAGE, 'null')).status).toBe(403);
	});

	it.each(['', undefined])('may send without a list, with a proof, and reads nothing: %j', async (list) => {
		const answer = await sent(list);
		expect(answer.status).toBe(200);
		expect(grants(answer)).toEqual(NOTHING);
	});

	it('is told nothing either while the endpoint is not set up', async () => {
		expect(grants(await sent('', PAGE, { hasNoCredential: true }))).toEqual(NOTHING);
	});

	it('is another matter than a program, which has no origin', async () => {
		const answer = await lastAnswer({ sender, options: { allowedOrigins: PAGE } });
		expect(answer.status).toBe(200);
		expect(grants(answer)).toEqual(NOTHING);
	});

	it.each([
		'play.my-studio.com',
		`${PAGE}/game`,
		`${PAGE}?x`,
		'https://u:p@a.example',
		'null',
		'file:///',
		7,
	])('of a list that holds no origin finds an endpoint that is not set up: %j', async (list) => {
		const answer = await sent(list);
		expect([answer.status, answer.body.error.code]).toEqual([500, 'not_configured']);
	});
});

describe('the reason of a refusal', () => {
	const words = 'The credentials of this request are missing or wrong.';

	it('is in the answer at the test URL', async () => {
		const { status, body } = await lastAnswer({ sender: 'gameInsights', isTest: true }, undefined, false);
		expect(status).toBe(401);
		expect(body.error).toEqual({
			code: 'unauthorized',
			message: words,
			errors: [],
			reason: 'The header "x-webhook-signature" is missing or empty.',
		});
	});

	it('is told there when the endpoint is not set up, too', async () => {
		const { status, body } = await lastAnswer({
			sender: 'gameInsights',
			isTest: true,
			hasNoCredential: true,
		});
		expect(status).toBe(500);
		expect(body.error.reason).toBe('The credential could not be read: Credential not found');
	});

	it.each([{}, { hasNoCredential: true }])('is not told to senders: %j', async (endpoint) => {
		const { body } = await lastAnswer({ sender: 'gameInsights', ...endpoint }, undefined, false);
		expect(Object.keys(body.error).sort()).toEqual(['code', 'errors', 'message']);
	});

	it('leaves the answer of a sender with words of its own as it is', async () => {
		const { text } = await lastAnswer({ sender: 'Xsolla', isTest: true }, undefined, false);
		expect(text).toBe('{"error":{"code":"INVALID_SIGNATURE","message":"Invalid signature"}}');
	});
});
