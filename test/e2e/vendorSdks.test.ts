/** What vendors' own programs send, unchanged, against the packed package in a real n8n. */
import { FetchTransport } from '@amplitude/analytics-core';
import { createInstance, Types } from '@amplitude/analytics-node';
import Rudder from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';
import Mixpanel from 'mixpanel';
import { PostHog } from 'posthog-node';
import { inFull, isQuick } from '../support/quick';
import { Relay, type Treatment } from '../support/relay';
import { post } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';

/** Events that a program is told to send: their types, and whose they are. */
const EVENTS = [
	['purchase', 'player-1'],
	['level_up', 'player-2'],
	['purchase', 'player-3'],
] as const;
const EXPECTED = EVENTS.map(([event_type, user_id]) => ({ event_type, user_id }));

/** A vendor's program, set up to send to an address, sends the events and waits for what it is answered. */
type Program = (url: URL, key: string) => Promise<void>;

/** The address with the key in it, and with what the program appends to it as a parameter of its own. */
const withQuery = (url: URL, key: string): string => `${url.href}?key=${key}`;

/**
 * A call of Mixpanel's program with one and the same batch, to be made as often as one likes; rejects as it
 * says.
 */
function mixpanelBatch(
	{ host, pathname }: URL,
	key: string,
	more = (_event: string) => ({}),
	verbose = false,
): () => Promise<void> {
	const path = `${pathname}?key=${key}&path=`;
	const mixpanel = Mixpanel.init('public', { host, protocol: 'http', path, verbose });
	const events = EVENTS.map(([event, distinct_id]) => ({
		event,
		properties: { distinct_id, time: new Date(), ...more(event + distinct_id) },
	}));
	return async () =>
		await new Promise<void>((resolve, reject) => {
			mixpanel.track_batch(events, (errors?: Error[]) => {
				const [error] = errors?.filter(Boolean) ?? [];
				if (error === undefined) resolve();
				else reject(error);
			});
		});
}

const PROGRAMS: Array<[format: string, sentIn: string, program: Program]> = [
	[
		'segment',
		'basicAuth',
		async ({ origin, pathname }, writeKey) => {
			const analytics = new Analytics({ writeKey, host: origin, path: pathname, flushAt: EVENTS.length });
			const failures: unknown[] = [];
			analytics.on('error', (error) => failures.push(error));
			for (const [event, userId] of EVENTS) analytics.track({ event, userId });
			await analytics.closeAndFlush({ timeout: 30_000 });
			expect(failures).toEqual([]);
		},
	],
	[
		'rudderStack',
		'basicAuth',
		async ({ origin, pathname }, writeKey) => {
			const rudder = new Rudder(writeKey, {
				dataPlaneUrl: origin,
				path: pathname,
				flushAt: 100,
				logLevel: 'none',
			});
			for (const [event, userId] of EVENTS) rudder.track({ event, userId });
			await rudder.flush();
		},
	],
	[
		'amplitude',
		'query',
		async (url, key) => {
			const amplitude = createInstance();
			await amplitude.init('public', {
				serverUrl: withQuery(url, key),
				// The one for Node.js leaves the query out.
				transportProvider: new FetchTransport(),
				flushQueueSize: EVENTS.length,
				flushIntervalMillis: 100,
				logLevel: Types.LogLevel.None,
			}).promise;
			const results = EVENTS.map(
				async ([type, user_id]) => await amplitude.track(type, {}, { user_id }).promise,
			);
			expect((await Promise.all(results)).map(({ code }) => code)).toEqual([200, 200, 200]);
		},
	],
	[
		'postHog',
		'query',
		async (url, key) => {
			const host = `${withQuery(url, key)}&path=`;
			const postHog = new PostHog('public', { host, flushAt: EVENTS.length, fetchRetryDelay: 1_000 });
			for (const [event, distinctId] of EVENTS) postHog.capture({ event, distinctId });
			await postHog.shutdown(30_000);
		},
	],
	['mixpanel', 'query', async (url, key) => await mixpanelBatch(url, key)()],
	...[Mode.BINARY, Mode.STRUCTURED].map((mode): [string, string, Program] => [
		'cloudEvents',
		'query',
		async (url, key) => {
			const emit = emitterFor(httpTransport(withQuery(url, key)), { mode });
			for (const [type, authid] of EVENTS)
				await emit(new CloudEvent({ type, source: '/game', authid, data: { level: 7 } }));
		},
	]),
];

let instance: Instance;

beforeAll(async () => {
	instance = await Instance.shared();
}, 120_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

const endpointFor = async (format: string, sentIn: string, options: object = {}): Promise<Endpoint> =>
	await instance.endpoint('apiKey', {
		credentials: await instance.credential('apiKey', { sentIn, queryParameter: 'key' }),
		parameters: { eventFormat: format, options: { acceptTimeout: 60, ...options } },
	});

const arrived = (): any[] => instance.sink.succeeded('events').flatMap(({ items }) => items);

/** What was sent comes out, each once, with its original. */
async function expectAll(): Promise<void> {
	await until('all events', () => arrived().length >= EVENTS.length);
	const items = arrived();
	expect(items.map(({ event_type, user_id }) => ({ event_type, user_id }))).toEqual(
		expect.arrayContaining(EXPECTED),
	);
	expect(items).toHaveLength(EVENTS.length);
	for (const { event_id, timestamp, properties } of items) {
		expect(typeof properties).toBe('object');
		expect(timestamp ?? '2026').toMatch(/^20\d\d/);
		expect(event_id ?? 'none').toMatch(/\S/);
	}
	expect(instance.sink.from('deadLetter')).toEqual([]);
}

it.each(PROGRAMS)('%s: what its program tracks comes out on Events (%s)', async (format, sentIn, program) => {
	const { url } = await endpointFor(format, sentIn);
	await program(new URL(url), API_KEY);
	await expectAll();
});

/** What their programs do by themselves when a request was not taken, or its answer did not come. */
const SEND_AGAIN = PROGRAMS.filter(([format]) =>
	['segment', 'rudderStack', 'amplitude', 'postHog'].includes(format),
);

it.each(isQuick ? SEND_AGAIN.slice(1, 2) : SEND_AGAIN)(
	'%s: what is refused with 429 is sent again, and comes out once',
	async (format, sentIn, program) => {
		const eventTypes = 'purchase, level_up';
		const { url } = await endpointFor(format, sentIn, { rateLimit: 30, eventTypes });
		// Uses the limit up with events of a type that is not taken.
		const filler = { segment: 'event', rudderStack: 'event', amplitude: 'event_type', postHog: 'event' }[
			format
		];
		const headers = {
			'content-type': 'application/json',
			authorization: `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`,
		};
		let status = 200;
		for (let sent = 0; status === 200 && sent < 100; sent++) {
			const body = JSON.stringify({ [filler ?? '']: 'filler' });
			({ status } = await post(withQuery(new URL(url), API_KEY), body, headers));
		}
		expect(status).toBe(429);
		await program(new URL(url), API_KEY);
		await expectAll();
	},
	120_000,
);

/** Sends through a relay, then waits until all that was passed on has come to its end. */
async function through(
	url: string,
	treatments: readonly Treatment[],
	send: (url: URL) => Promise<void>,
): Promise<Relay> {
	const relay = await Relay.before(url, treatments);
	try {
		await send(relay.url);
	} finally {
		await relay.stop();
	}
	const isUnderWay = async () =>
		(await instance.n8n.api.executions({ status: ['new', 'running'] })).length > 0;
	await until('the end of all executions', async () => !(await isUnderWay()));
	return relay;
}

/**
 * Every request is refused twice, taken without an answer, then taken: with the third, the program doubles
 * it.
 */
const REFUSED_THEN_LOST: Treatment[] = [
	{ status: 503 },
	{ status: 429, retryAfter: 1 },
	'loseAnswer',
	'forward',
];

async function expectOnceThrough(
	treatments: Treatment[],
	[format, sentIn, program]: (typeof PROGRAMS)[number],
): Promise<void> {
	const { url } = await endpointFor(format, sentIn);
	const { requests } = await through(url, treatments, async (address) => await program(address, API_KEY));
	await expectAll();
	expect(requests.map(({ treatment }) => treatment)).toEqual(
		Array.from({ length: requests.length }, (_, at) => treatments[at % treatments.length]),
	);
	expect(requests.length % treatments.length).toBe(0);
	const answers = requests.map(({ status }) => status).filter((status) => status !== null);
	expect([...new Set(answers)]).toEqual([200]);
}

it.each(SEND_AGAIN)(
	'%s: after a 503, a 429 and a lost answer its program sends again, and all comes out once',
	async (...program) => await expectOnceThrough(REFUSED_THEN_LOST, program),
);

inFull(() => {
	it.each(SEND_AGAIN)(
		'%s: what is sent again while the first is still under way comes out once',
		async (...program) => await expectOnceThrough(['cutOff', 'cutOff', 'forward'], program),
	);
});

describe('mixpanel: its program', () => {
	const sendThrice = async (url: string, more?: (event: string) => object): Promise<void> => {
		await through(url, [{ status: 503 }, 'loseAnswer', 'forward'], async (address) => {
			const send = mixpanelBatch(address, API_KEY, more);
			await expect(send()).rejects.toThrow('Mixpanel Server Error: Try again');
			expect(instance.sink.deliveries).toEqual([]);
			await expect(send()).rejects.toThrow('socket hang up');
			await send();
		});
	};

	it('never sends again by itself, and says so; called again, what has an $insert_id comes out once', async () => {
		const { url } = await endpointFor('mixpanel', 'query');
		await sendThrice(url, ($insert_id) => ({ $insert_id }));
		await expectAll();
	});

	it('takes the answer for what it is in its verbose mode', async () => {
		const { url } = await endpointFor('mixpanel', 'query');
		await mixpanelBatch(new URL(url), API_KEY, undefined, true)();
		await expectAll();
	});

	it('doubles what has no $insert_id, as at Mixpanel', async () => {
		const { url } = await endpointFor('mixpanel', 'query');
		await sendThrice(url);
		expect(arrived()).toHaveLength(2 * EVENTS.length);
	});
});

it('cloudEvents: its program takes a refusal for an answer; the same event emitted again comes out once', async () => {
	const { url } = await endpointFor('cloudEvents', 'query');
	await through(url, [{ status: 503 }, 'loseAnswer', 'forward'], async (address) => {
		const emit = emitterFor(httpTransport(withQuery(address, API_KEY)));
		for (const [type, authid] of EVENTS) {
			const event = new CloudEvent({ type, source: '/game', authid, data: { level: 7 } });
			expect(await emit(event)).toMatchObject({ body: 'Try again' });
			await expect(emit(event)).rejects.toThrow('socket hang up');
			await emit(event);
		}
	});
	await expectAll();
});

it('a wrong key starts nothing', async () => {
	const { url } = await endpointFor('segment', 'basicAuth');
	const analytics = new Analytics({
		writeKey: 'a-wrong-key-of-some-length',
		host: new URL(url).origin,
		path: new URL(url).pathname,
		flushAt: 1,
		maxRetries: 0,
	});
	analytics.on('error', () => undefined);
	analytics.track({ event: 'purchase', userId: 'player-1' });
	await analytics.closeAndFlush({ timeout: 10_000 });
	expect(instance.sink.deliveries).toEqual([]);
});
