import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { withPrograms } from '../support/programs';
import { type Answer, type Headers, post as postTo, postRaw, withKey } from '../support/sender';
import { API_KEY, type Endpoint, Instance, until } from './instance';

/** n8n's default limit of a body, N8N_PAYLOAD_SIZE_MAX. */
const LARGEST_BODY = 16 * 1024 * 1024;

let instance: Instance;
let endpoint: Endpoint;

beforeAll(async () => {
	instance = await Instance.shared();
	endpoint = await instance.endpoint('apiKey', { parameters: { options: { endpointName: 'Bad input' } } });
}, 240_000);

afterAll(async () => {
	await instance.remove();
}, 60_000);

beforeEach(async () => await instance.calm());

/** What was answered to all requests of this file. */
const answers: string[] = [];

async function post(url: string, body: string | Buffer, headers: Headers): Promise<Answer> {
	const answer = await postTo(url, body, headers);
	answers.push(answer.text);
	return answer;
}

async function deadLetters(count: number) {
	await until(
		`${count} dead letters`,
		() => instance.sink.from('deadLetter').flatMap((d) => d.items).length >= count,
	);
	return instance.sink.from('deadLetter').flatMap((delivery) => delivery.items);
}

async function executionCount(): Promise<number> {
	return (await instance.n8n.api.executions({ workflowId: endpoint.workflowId })).length;
}

/** The event of a request that was taken; one of a test before may still be on its way. */
async function eventOf(answer: Answer): Promise<any> {
	expect(answer.status).toBe(200);
	const find = () =>
		instance.sink
			.from('events')
			.flatMap(({ items }) => items)
			.find(({ _delivery }) => _delivery.request_id === answer.body.request_id);
	await until('the event', () => find() !== undefined);
	return find();
}

async function expectStillWell(): Promise<void> {
	await eventOf(await post(endpoint.url, '{"event_type":"still_well"}', withKey(API_KEY)));
}

const send = async (body: string | Buffer, contentType = 'application/json') =>
	await post(endpoint.url, body, withKey(API_KEY, contentType));

describe('a body without events is answered with 400, and there is nothing to keep', () => {
	it.each([
		['no body', ''],
		['white space', ' \n\t '],
		['an empty list', '[]'],
		['an empty list of events', '{"events": []}'],
		['a byte order mark alone', '\ufeff'],
	])('%s', async (_, body) => {
		const before = await executionCount();
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body).toMatchObject({ error: { code: 'invalid_body', message: expect.any(String) } });
		expect(answer.body.request_id).toEqual(expect.any(String));
		expect(await executionCount()).toBe(before);
	});
});

describe("a body that can't be read is answered with 400 and kept as a dead letter", () => {
	it.each([
		['null', 'null'],
		['a number', '42'],
		['a text', '"purchase"'],
		['events that are no list', '{"events": {}}'],
		['truncated JSON', '{"event_type": "purchase", "amount": 9.'],
		['nothing but an opening bracket', '['],
	])('%s', async (_, body) => {
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error.code).toBe('invalid_body');
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({ event: null, raw: body, reason: 'malformed_body', stage: 'parse' });
		expect(letter.summary).toMatch(/\w/);
		expect(letter._delivery.request_id).toBe(answer.body.request_id);
	});

	it('10 MiB of opening brackets', async () => {
		const answer = await send(Buffer.alloc(10 * 1024 * 1024, '['));
		expect(answer.status).toBe(400);
		const [letter] = await deadLetters(1);
		expect(letter.reason).toBe('malformed_body');
		expect(letter.raw).toHaveLength(10 * 1024 * 1024);
		await expectStillWell();
	}, 60_000);

	it('invalid UTF-8', async () => {
		const answer = await send(
			Buffer.concat([Buffer.from('{"event_type":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
		);
		expect(answer.status).toBe(400);
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({ reason: 'malformed_body', raw: '{"event_type":"\ufffd\ufffd"}' });
	});
});

describe('an event that is not valid is answered with 400 and kept as a dead letter', () => {
	it.each([
		['an empty object', '{}', '/event_type', 'required'],
		['an event_type that is a number', '{"event_type": 5}', '/event_type', 'type'],
		['a blank event_type', '{"event_type": "  "}', '/event_type', expect.any(String)],
		['an event_type that is null', '{"event_type": null}', '/event_type', 'type'],
	])('%s', async (_, body, path, rule) => {
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error.errors[0]).toMatchObject({ index: 0, path });
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({
			event: JSON.parse(body),
			raw: null,
			reason: 'invalid_event',
			stage: 'validate',
		});
		expect(letter.errors[0]).toMatchObject({ path, rule });
	});

	it('events that are numbers and lists', async () => {
		const answer = await send('[1, [2], null, "three"]');
		expect(answer.status).toBe(400);
		const letters = await deadLetters(4);
		expect(letters.map((letter) => letter.event)).toEqual([1, [2], null, 'three']);
		expect(letters.map((letter) => letter._delivery.batch.index)).toEqual([0, 1, 2, 3]);
	});

	it('nested 10,000 deep', async () => {
		const body = `{"event_type":"deep","properties":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
		const answer = await send(body);
		expect(answer.status).toBe(400);
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({ reason: 'invalid_event', raw: body });
		await expectStillWell();
	});

	it('does not keep its neighbours from going on', async () => {
		const answer = await send('{"events":[{"event_type":"a"},{"event_type":7},{"event_type":"c"}]}');
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({
			status: 'accepted',
			received: 3,
			accepted: 2,
			dead_lettered: 1,
			duplicates: 0,
			ignored: 0,
			errors: [{ index: 1, path: '/event_type' }],
		});
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({ event: { event_type: 7 }, _delivery: { batch: { index: 1, size: 3 } } });
		await eventOf(answer);
		const delivery = instance.sink.from('events').at(-1);
		expect(delivery?.items.map((item) => item.event_type)).toEqual(['a', 'c']);
		expect(delivery?.items.map((item) => item._delivery.batch.index)).toEqual([0, 2]);
	});

	it('a bad line of NDJSON', async () => {
		const answer = await send(
			'{"event_type":"a"}\n{"event_type":\n\n{"event_type":"c"}\n',
			'application/x-ndjson',
		);
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({ received: 3, accepted: 2, dead_lettered: 1 });
		const [letter] = await deadLetters(1);
		expect(letter).toMatchObject({ event: null, raw: '{"event_type":' });
		expect(letter.summary).toContain('2');
	});
});

describe('unusual events arrive exactly as sent', () => {
	it.each([
		['a byte order mark before the event', '\ufeff{"event_type":"bom"}', { event_type: 'bom' }],
		['two equal keys: the last one counts', '{"event_type":"one","event_type":"two"}', { event_type: 'two' }],
		[
			'whole numbers beyond what a double holds: as text with all digits',
			'{"event_type":"n","properties":{"steam_id":76561198012345679,"order":[820982911946154508]}}',
			{ event_type: 'n', properties: { steam_id: '76561198012345679', order: ['820982911946154508'] } },
		],
		[
			'unicode',
			'{"event_type":"ü😀\\u0000","user_id":"\\ud83d\\ude00"}',
			{ event_type: 'ü😀\u0000', user_id: '😀' },
		],
		[
			'constructor as a key, at the top and nested',
			'{"event_type":"c","constructor":{"prototype":{"x":1}},"properties":{"constructor":"x"}}',
			{ event_type: 'c', constructor: { prototype: { x: 1 } }, properties: { constructor: 'x' } },
		],
	])('%s', async (_, body, expected) => {
		const { _delivery, ...event } = await eventOf(await send(body));
		expect(event).toEqual(expected);
	});

	it('__proto__ as a key, at the top and nested', async () => {
		const item = await eventOf(
			await send(
				'{"event_type":"p","__proto__":{"admin":true},"properties":{"__proto__":{"admin":true},"n":1}}',
			),
		);
		expect(item).toMatchObject({ event_type: 'p', properties: { n: 1 } });
		expect(item.admin).toBeUndefined();
		await expectStillWell();
	});

	it('nested 200 deep', async () => {
		const body = `{"event_type":"deep","x":${'['.repeat(200)}1${']'.repeat(200)}}`;
		const { _delivery, ...event } = await eventOf(await send(body));
		expect(JSON.stringify(event)).toBe(body);
	});
});

withPrograms(['curl'], 'a request of the wrong size, sent by curl', () => {
	it('more bytes than n8n takes: 413', async () => {
		// curl reads an answer that comes before it has sent everything; Node.js's client gives up when the
		// server hangs up.
		const printed = execFileSync(
			'curl',
			['-s', '-w', '\n%{http_code}', '-H', `X-API-Key: ${API_KEY}`, '--data-binary', '@-', endpoint.url],
			{ input: Buffer.alloc(LARGEST_BODY + 1, ' ') },
		).toString();
		const [body, status] = printed.split('\n');
		expect(status).toBe('413');
		expect(JSON.parse(body ?? '')).toMatchObject({ error: { code: 'payload_too_large' } });
		await expectStillWell();
	}, 60_000);
});

describe("a request of the wrong form gets the contract's answer", () => {
	it.each([
		['an XML body', '<event/>', 'application/xml'],
		['UTF-16', Buffer.from('{"event_type":"a"}', 'utf16le'), 'application/json; charset=utf-16'],
	])('%s: 415, kept as a dead letter', async (_, body, contentType) => {
		const answer = await send(body, contentType);
		expect(answer.status).toBe(415);
		expect(answer.body.error.code).toBe('unsupported_media_type');
		const [letter] = await deadLetters(1);
		expect(letter.reason).toBe('malformed_body');
	});

	it.each([['text/plain'], ['application/json; charset=utf-8'], ['APPLICATION/JSON']])(
		'%s is read as JSON',
		async (contentType) => {
			expect((await send('{"event_type":"a"}', contentType)).status).toBe(200);
		},
	);

	it('no content type at all is read as JSON', async () => {
		const answer = await post(endpoint.url, '{"event_type":"a"}', { 'x-api-key': API_KEY });
		expect(answer.status).toBe(200);
	});

	it('too many events: 413', async () => {
		const answer = await send(JSON.stringify(Array.from({ length: 1_001 }, () => ({ event_type: 'a' }))));
		expect(answer.status).toBe(413);
		expect(answer.body.error.code).toBe('too_many_events');
	});

	it('a gzip bomb: 413', async () => {
		const bomb = gzipSync(Buffer.alloc(1024 * 1024 * 1024, ' '));
		expect(bomb.length).toBeLessThan(2 * 1024 * 1024);
		const answer = await post(endpoint.url, bomb, { ...withKey(API_KEY), 'content-encoding': 'gzip' });
		expect(answer.status).toBe(413);
		await expectStillWell();
	}, 120_000);

	it.each(['GZIP', 'Gzip', 'x-gzip'])(
		'gzip under the name %s is unpacked, a bomb of it is not',
		async (coding) => {
			const headers = { ...withKey(API_KEY), 'content-encoding': coding };
			const answer = await post(endpoint.url, gzipSync('{"event_type":"packed"}'), headers);
			expect(answer.status).toBe(200);
			expect((await eventOf(answer)).event_type).toBe('packed');
			const bomb = await post(endpoint.url, gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), headers);
			expect(bomb.status).toBe(413);
		},
		60_000,
	);

	it('gzip that is none: 400', async () => {
		const answer = await post(endpoint.url, '{"event_type":"a"}', {
			...withKey(API_KEY),
			'content-encoding': 'gzip',
		});
		expect(answer.status).toBe(400);
		expect(answer.body.error.code).toBe('invalid_body');
	});

	it('the key sent twice: 401, and no execution', async () => {
		const before = await executionCount();
		const answer = await post(endpoint.url, '{"event_type":"a"}', {
			...withKey(API_KEY),
			'x-api-key': [API_KEY, API_KEY],
		});
		expect(answer.status).toBe(401);
		expect(await executionCount()).toBe(before);
	});

	it('a Content-Length smaller than the body: the rest is no request', async () => {
		const head = `POST ${new URL(endpoint.url).pathname} HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-type: application/json\r\n`;
		const answered = await postRaw(
			instance.n8n.port,
			`${head}content-length: 10\r\n\r\n{"event_type":"a"}`,
			5_000,
		);
		expect(answered).toMatch(/^HTTP\/1\.1 400 /);
		expect(answered).not.toContain('could not be started');
		await expectStillWell();
	}, 30_000);

	it('a Content-Length larger than the body: nothing is taken', async () => {
		const before = await executionCount();
		const head = `POST ${new URL(endpoint.url).pathname} HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-type: application/json\r\n`;
		await postRaw(instance.n8n.port, `${head}content-length: 1000\r\n\r\n{"event_type":"a"}`, 2_000);
		expect(await executionCount()).toBe(before);
		await expectStillWell();
	}, 30_000);
});

it('no answer ever was n8n\'s "Workflow could not be started"', () => {
	expect(answers.length).toBeGreaterThan(40);
	expect(answers.filter((text) => text.includes('could not be started'))).toEqual([]);
	expect(instance.n8n.log.join('\n')).not.toContain('could not be started');
});
