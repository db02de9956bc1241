import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import type { Authentication } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authentication';
import { buildAuthenticator } from '../../../../nodes/GameInsightsWebhook/intake/authenticate/authenticator';
import type { AuthenticationMethod } from '../../../../nodes/shared/authenticationMethod';
import type { Receipt } from '../../../../nodes/GameInsightsWebhook/intake/receipt';
import { receive } from '../../../../nodes/GameInsightsWebhook/intake/receive';
import { Refusal } from '../../../../nodes/shared/refusal';
import { buildIntakeRules, type IntakeSettings } from '../../../../nodes/GameInsightsWebhook/intake/rules';
import { readEvents } from '../../../../nodes/shared/events/events';
import { ARRIVAL_MS, incomingRequest, type RequestParts } from '../../../support/incomingRequest';
import { expectUnauthorized, refusedBy } from '../../../support/refused';
import { type Sender, senders } from '../../../support/senders';
import { taken, takenJson, USUAL_SETTINGS } from '../../../support/taken';
import { inputs } from '../../../support/quick';

const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const NDJSON_TYPE = ['Content-Type', 'application/x-ndjson'] as const;
const acceptedEvents = ({ source, accepted }: Receipt): unknown[] =>
	accepted.map(({ index }) => readEvents(source)[index]);

/** What the sender and the dead letter say of a body that could not be read. */
async function unreadable(parts: RequestParts) {
	const { received, accepted, rejected, errors, refusal } = await taken(parts);
	expect({ received, accepted }).toEqual({ received: 0, accepted: [] });
	expect(rejected).toMatchObject([
		{ index: null, eventText: null, reason: 'malformed_body', stage: 'parse', errors },
	]);
	expect(rejected).toHaveLength(1);
	expect(refusal?.errors).toEqual(errors);
	return { status: refusal?.status, code: refusal?.code, message: refusal?.message, raw: rejected[0]?.raw };
}

describe('a request whose sender is not known', () => {
	it('is refused before a byte of its body is read', async () => {
		const authenticate = buildAuthenticator('apiKey', { apiKey: 'a key of thirty-two characters...' });
		const request = incomingRequest({ headers: [['X-API-Key', 'wrong'], JSON_TYPE], body: '{"event_type":' });
		const body = new Proxy(request.body, {
			get: () => {
				throw new Error('The body was read.');
			},
		});
		await expectUnauthorized(() =>
			receive({ ...request, body }, buildIntakeRules(USUAL_SETTINGS), authenticate),
		);
	});
});

describe("the format's own examples", () => {
	it('curl -d with a single event, which curl calls a form', async () => {
		const receipt = await taken({
			headers: [['Content-Type', 'application/x-www-form-urlencoded']],
			body: '{"event_type": "test", "user_id": "test_user"}',
		});
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'test', user_id: 'test_user' }]);
		expect(receipt).toMatchObject({ received: 1, rejected: [], ignored: 0, errors: [], refusal: null });
	});

	it('an HMAC over timestamp and payload; a repeat has the same identity, another payload another', async () => {
		const secretKey = 'a secret of thirty-two characters';
		const authenticate = buildAuthenticator('hmac', {
			scheme: 'gameInsights',
			secretKey,
			hmacAlgorithm: 'sha256',
			timestampTolerance: 300,
		});
		const signed = async (body: string): Promise<Receipt> => {
			const signature = createHmac('sha256', secretKey).update(`${ARRIVAL_MS}.${body}`).digest('hex');
			const headers = [
				['X-Webhook-Timestamp', String(ARRIVAL_MS)],
				['X-Webhook-Signature', `sha256=${signature}`],
				JSON_TYPE,
			] as const;
			return receive(incomingRequest({ headers, body }), buildIntakeRules(USUAL_SETTINGS), authenticate);
		};
		const keys = ({ accepted }: Receipt) => accepted.map(({ deduplicationKey }) => deduplicationKey);
		const batch = '[{"event_type":"a"},{"event_type":"a"},{"event_type":"a","event_id":"e"}]';
		const first = keys(await signed(batch));
		expect(first).toEqual([
			expect.stringMatching(/^request:0:/),
			expect.stringMatching(/^request:1:/),
			'event:e',
		]);
		expect(keys(await signed(batch))).toEqual(first);
		expect(keys(await signed(`${batch} `))[0]).not.toBe(first[0]);
	});
});

describe('an event with the same id by another sender', () => {
	const body = '[{"event_type":"a","event_id":"order-4711"},{"event_type":"b"}]';
	const redriven =
		'{"events":[{"event_type":"a","event_id":"order-4711"}],"redrive":[{"count":1,"of":"r.0"}]}';
	const keys = async (
		method: AuthenticationMethod,
		credential: object,
		proof: readonly [string, string],
		sent = body,
	) => {
		const request = incomingRequest({ headers: [JSON_TYPE, proof], body: sent });
		const authenticate = buildAuthenticator(method, { ...credential });
		const { accepted, rejected } = await receive(request, buildIntakeRules(USUAL_SETTINGS), authenticate);
		expect(rejected).toEqual([]);
		return accepted.map(({ deduplicationKey }) => deduplicationKey);
	};
	const apiKeys = { apiKey: 'the key of this year', previousApiKey: 'the key of last year' };
	const byKey = async (key: string, sent = body) => await keys('apiKey', apiKeys, ['X-API-Key', key], sent);
	const secret = 'a secret of thirty-two characters and more';
	const byToken = async (claims: object, keyid = 'k', sent = body) =>
		await keys('jwt', { secret }, ['Authorization', `Bearer ${jwt.sign(claims, secret, { keyid })}`], sent);

	it('is no repeat, whichever way the sender is told apart', async () => {
		const all = [
			await byKey(apiKeys.apiKey),
			await byKey(apiKeys.previousApiKey),
			await byToken({ sub: 'game' }),
			await byToken({ sub: 'guest' }),
			await byToken({ sub: 'game', iss: 'https://other.example/' }),
			await byToken({ sub: 'game' }, 'another'),
			await byToken({}),
		];
		expect(new Set(all.map(([first]) => first)).size).toBe(all.length);
		for (const [first, second] of all) {
			expect(first).toMatch(/(^|:)event:order-4711$/);
			expect(second).toBeNull();
		}
	});

	it('is one when the sender is the same, whatever else its token says', async () => {
		expect(await byKey(apiKeys.previousApiKey)).toEqual(await byKey(apiKeys.previousApiKey));
		expect(await byToken({ sub: 'game', jti: '1' })).toEqual(
			await byToken({ sub: 'game', jti: '2', iat: 1 }),
		);
	});

	it('is no repeat of a redriven one either', async () => {
		const all = [
			await byKey(apiKeys.apiKey, redriven),
			await byKey(apiKeys.previousApiKey, redriven),
			await byToken({ sub: 'game' }, 'k', redriven),
			await byToken({ sub: 'guest' }, 'k', redriven),
		];
		expect(new Set(all.map(([first]) => first)).size).toBe(all.length);
		for (const [first] of all) expect(first).toMatch(/redrive:1:delivery:r\.0$/);
	});
});

describe('events in every shape', () => {
	it.each([
		['one event', JSON_TYPE, '{"event_type":"a"}', 1],
		['a batch', JSON_TYPE, '{"events":[{"event_type":"a"},{"event_type":"b"}]}', 2],
		['a bare array', JSON_TYPE, '[{"event_type":"a"},{"event_type":"b"}]', 2],
		['one event that has a field "events"', JSON_TYPE, '{"event_type":"a","events":[1,2]}', 1],
		['lines', NDJSON_TYPE, '{"event_type":"a"}\r\n\r\n{"event_type":"b"}\r\n', 2],
		['a text', ['Content-Type', 'text/plain;charset=UTF-8'], '{"event_type":"a"}', 1],
		['a byte order mark', JSON_TYPE, '\uFEFF{"event_type":"a"}', 1],
		['a byte order mark before lines', NDJSON_TYPE, '\uFEFF{"event_type":"a"}', 1],
		['white space around', JSON_TYPE, '\r\n\t {"event_type":"a"} \n', 1],
	] as const)('%s', async (_, type, body, count) => {
		const receipt = await taken({ headers: [type], body });
		expect(receipt).toMatchObject({ received: count, rejected: [], errors: [], refusal: null });
		expect(receipt.accepted).toHaveLength(count);
	});

	it('without a Content-Type', async () => {
		expect((await taken({ headers: [], body: '{"event_type":"a"}' })).accepted).toHaveLength(1);
	});
});

describe('a request in which nothing was sent', () => {
	it.each([
		['no body', JSON_TYPE, ''],
		['no body, as something else', ['Content-Type', 'image/png'], ''],
		['white space', JSON_TYPE, ' \r\n\t'],
		['a byte order mark alone', JSON_TYPE, '\uFEFF'],
		['[]', JSON_TYPE, '[]'],
		['{"events": []}', JSON_TYPE, '{"events": []}'],
		['blank lines', NDJSON_TYPE, '\n \n\r\n'],
	] as const)('is refused, and leaves no dead letter: %s', async (_, type, body) => {
		const refusal = await refusedBy(() => taken({ headers: [type], body }));
		expect([refusal.status, refusal.code, refusal.message]).toEqual([
			400,
			'invalid_body',
			'The request holds no events.',
		]);
	});
});

describe('a body that can not be read', () => {
	const notEvents = (what: string) => `The body must be an event or a list of events, it is ${what}.`;

	it.each([
		['null', notEvents('null')],
		['5', notEvents('the number 5')],
		['"text"', notEvents('the text "text"')],
		['true', notEvents('true')],
		['{"events": {}}', '`events` must be an array, it is an object.'],
		['{"event_type": "a"', 'The body is not valid JSON: it breaks off at line 1, column 19.'],
		['{"event_type": "a",}', 'The body is not valid JSON: unexpected "}" at line 1, column 20.'],
		['event_type=a', 'The body is not valid JSON: unexpected "e" at line 1, column 1.'],
	])('is refused with 400 and dead-lettered as it came: %s', async (body, message) => {
		expect(await unreadable({ body })).toEqual({ status: 400, code: 'invalid_body', message, raw: body });
	});

	it('stays a dead letter where a faulty event refuses the whole request', async () => {
		const receipt = await taken({ body: '{' }, { invalidEvents: 'rejectRequest' });
		expect(receipt.refusal).toMatchObject({ status: 400, code: 'invalid_body' });
		expect(receipt.rejected).toMatchObject([{ raw: '{' }]);
	});

	it('is told to a person in one sentence', async () => {
		const { rejected } = await taken({ body: '{' });
		expect(rejected[0]?.summary).toBe(
			'A request could not be read: the body is not valid JSON: it breaks off at line 1, column 2.',
		);
	});

	it('10 MiB of opening brackets', async () => {
		const body = '['.repeat(10 * 1024 * 1024);
		const { raw, ...answer } = await unreadable({ body });
		expect(answer).toEqual({
			status: 400,
			code: 'invalid_body',
			message: 'The body is not valid JSON: it nests lists and objects more than 100,000 levels deep.',
		});
		expect(raw === body).toBe(true);
	});

	it('bytes that are not UTF-8', async () => {
		expect(await unreadable({ body: Buffer.from([0x22, 0xff, 0x22]) })).toEqual({
			status: 400,
			code: 'invalid_body',
			message: 'The body is not valid UTF-8.',
			raw: '"\uFFFD"',
		});
	});

	it.each([
		[
			'another content type',
			'text/xml',
			'<e/>',
			'The Content-Type "text/xml" is not supported: send application/json or application/x-ndjson.',
		],
		[
			'a form with files',
			'multipart/form-data; boundary=x',
			'--x--',
			'The Content-Type "multipart/form-data; boundary=x" is not supported: send application/json or application/x-ndjson.',
		],
		[
			'another charset',
			'application/json; charset=utf-16',
			Buffer.from('<e/>', 'utf16le'),
			'The charset "utf-16" is not supported: send UTF-8.',
		],
	])('%s is refused with 415', async (_, type, body, message) => {
		expect(await unreadable({ headers: [['Content-Type', type]], body })).toEqual({
			status: 415,
			code: 'unsupported_media_type',
			message,
			raw: typeof body === 'string' ? body : '<e/>',
		});
	});

	it('two different content types are refused with 415', async () => {
		expect(await unreadable({ headers: [JSON_TYPE, NDJSON_TYPE], body: '{"event_type":"a"}' })).toMatchObject(
			{
				status: 415,
				code: 'unsupported_media_type',
				raw: '{"event_type":"a"}',
			},
		);
	});

	it('a coding that n8n does not undo is refused with 415', async () => {
		expect(await unreadable({ headers: [JSON_TYPE, ['Content-Encoding', 'br']], body: 'x' })).toMatchObject({
			status: 415,
			message: 'The Content-Encoding "br" is not supported: send gzip, deflate or none.',
		});
	});
});

describe('a request with events that are not valid', () => {
	it.each([
		['{}', '{}', '`event_type` is missing'],
		['a number', '[5]', 'The event must be an object, it is the number 5'],
		['an event_type that is a number', '{"event_type":5}', '`event_type` must be text, it is the number 5'],
		['a blank event_type', '{"event_type":" "}', '`event_type` must not be blank, it is the text " "'],
		['an array in an array', '[[]]', 'The event must be an object, it is an empty array'],
	])('and no valid one is answered with 400, its events dead-lettered: %s', async (_, body, message) => {
		const receipt = await taken({ body });
		expect(receipt).toMatchObject({ received: 1, accepted: [], errors: [{ index: 0, message }] });
		expect(receipt.rejected).toMatchObject([
			{ index: 0, eventText: body.replace(/^\[(.*)\]$/, '$1'), raw: null },
		]);
		expect(receipt.refusal).toMatchObject({ status: 400, code: 'invalid_events', errors: receipt.errors });
	});

	it('is answered with 400 too when its one event is nested 10,000 deep, and the text is kept', async () => {
		const body = `{"event_type":"a","properties":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`;
		const { rejected, refusal } = await taken({ body });
		expect(rejected).toMatchObject([{ index: 0, eventText: null, raw: body, errors: [{ code: 'depth' }] }]);
		expect(refusal).toMatchObject({ status: 400, code: 'invalid_events' });
	});

	it('is taken for the valid ones', async () => {
		const receipt = await takenJson([{ event_type: 'a' }, {}, { event_type: 'b' }]);
		expect(receipt).toMatchObject({ received: 3, refusal: null });
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'a' }, { event_type: 'b' }]);
		expect(receipt.rejected).toHaveLength(1);
	});

	it('is no refusal when the others are ignored', async () => {
		const receipt = await takenJson([{ event_type: 'b' }, {}], { eventTypes: ['a'] });
		expect(receipt).toMatchObject({ ignored: 1, refusal: null, accepted: [] });
		expect(receipt.rejected).toHaveLength(1);
	});

	it.each([
		['an invalid event', JSON_TYPE, '[{"event_type":"a"},{}]', 1],
		['a bad line', NDJSON_TYPE, '{"event_type":"a"}\n{', 1],
		['nothing valid', JSON_TYPE, '{}', 0],
	] as const)('is refused as a whole where its owner wants it so: %s', async (_, type, body, index) => {
		const refusal = await refusedBy(() =>
			taken({ headers: [type], body }, { invalidEvents: 'rejectRequest' }),
		);
		expect([refusal.status, refusal.code]).toEqual([400, 'invalid_events']);
		expect(refusal.message).toBe('Not every event is valid, so none was taken.');
		expect(refusal.errors).toMatchObject([{ index }]);
	});

	it('is taken as a whole when all of it is valid', async () => {
		const receipt = await takenJson([{ event_type: 'a' }, { event_type: 'b' }], {
			invalidEvents: 'rejectRequest',
		});
		expect([receipt.accepted.length, receipt.rejected, receipt.refusal]).toEqual([2, [], null]);
	});

	it('with too many events is refused as a whole, unread', async () => {
		const refusal = await refusedBy(() => takenJson(Array(1_001).fill(5)));
		expect([refusal.status, refusal.code, refusal.message]).toEqual([
			413,
			'too_many_events',
			'A request may hold at most 1000 events.',
		]);
		expect((await takenJson(Array(1_000).fill({ event_type: 'a' }))).accepted).toHaveLength(1_000);
	});
});

describe('odd but valid events', () => {
	it('of two equal keys the last one counts', async () => {
		const receipt = await taken({ body: '{"event_type":5,"event_type":"a","event_id":"x","event_id":"y"}' });
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'a', event_id: 'y' }]);
		expect(receipt.accepted[0]?.deduplicationKey).toBe('event:y');
	});

	it.each([
		'{"event_type":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
		'{"event_type":"a","properties":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
		'{"event_type":"a","toString":1,"hasOwnProperty":2,"valueOf":3,"toJSON":4}',
	])('dangerous names are names like any other: %s', async (body) => {
		const [event] = acceptedEvents(await taken({ body }));
		expect(JSON.stringify(event)).toBe(body);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});

	it('whole numbers beyond what a double holds are taken, as text with all their digits', async () => {
		const body = '{"event_type":"a","properties":{"score":9007199254740993}}';
		const receipt = await taken({ body });
		expect(receipt.source.text).toBe(body);
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'a', properties: { score: '9007199254740993' } }]);
	});
});

describe('a sender with a format or answers of its own', () => {
	const authentication: Authentication = {
		sender: { method: 'hmac', keyId: 'current', claims: null },
		deduplicationKey: 'digest',
		handshake: null,
		acceptance: null,
		translate: null,
	};
	const answer = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'challenge' };
	const received = async (
		known: Partial<Authentication>,
		body: string,
		type = 'application/json',
		settings: Partial<IntakeSettings> = {},
	) =>
		receive(
			incomingRequest({ headers: [['Content-Type', type]], body }),
			buildIntakeRules({ ...USUAL_SETTINGS, ...settings }),
			async () => ({ ...authentication, ...known }),
		);

	it('is answered its handshake, with no events and whatever the body', async () => {
		expect(await received({ handshake: answer, acceptance: null }, '{"challenge":')).toMatchObject({
			source: { format: 'json', text: '' },
			received: 0,
			accepted: [],
			rejected: [],
			errors: [],
			refusal: null,
			prescribedAnswer: answer,
		});
	});

	it('is answered as it insists when its events are taken', async () => {
		expect((await received({ acceptance: answer }, '{"event_type":"a"}')).prescribedAnswer).toEqual(answer);
		expect((await received({}, '{"event_type":"a"}')).prescribedAnswer).toBeNull();
	});

	it('is read by its translation, whatever the content type says', async () => {
		const translate = () => ({ format: 'json', text: '[{"event_type":"purchase"}]' }) as const;
		const receipt = await received({ translate }, 'a=b', 'application/x-www-form-urlencoded');
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'purchase' }]);
		expect(receipt.accepted[0]?.deduplicationKey).toBe('request:0:digest');
	});

	const AHEAD = '2026-03-01T00:00:00Z';

	it('may give a time far ahead, by a clock of its own; in our format nobody may', async () => {
		const text = `{"event_type":"invoice.paid","timestamp":"${AHEAD}"}`;
		const translate = () => ({ format: 'json', text }) as const;
		expect((await received({ translate }, '{}')).accepted).toHaveLength(1);
		expect((await received({}, text)).rejected).toMatchObject([{ errors: [{ code: 'future' }] }]);
	});

	it.each([
		['Stripe', '{"id":"evt_1","type":"a","created":1771934400}'],
		['Square', '{"event_id":"e-1","type":"a","created_at":"2026-02-24T12:00:00Z"}'],
		['Svix', '{"type":"a","timestamp":"2026-02-24T12:00:00Z"}'],
		['Paddle', '{"event_id":"e-1","event_type":"a","occurred_at":"2026-02-24T12:00:00Z"}'],
	])('%s is taken with a time 40 days ahead', async (name, body) => {
		const { scheme, credential, sign } = senders[name] as Sender;
		const receipt = await receive(
			incomingRequest({ headers: sign(body, ARRIVAL_MS), body }),
			buildIntakeRules(USUAL_SETTINGS),
			buildAuthenticator('hmac', { scheme, ...credential }),
		);
		const timestamp = expect.stringMatching(/^2026-02-24T12:00:00/);
		expect([receipt.refusal, acceptedEvents(receipt)]).toMatchObject([
			null,
			[{ event_type: 'a', timestamp }],
		]);
	});

	it('may be sent again out of a dead letter with such a time', async () => {
		const event = { event_type: 'invoice.paid', timestamp: AHEAD };
		const body = { events: [event], redrive: [{ count: 1, of: 'delivery' }] };
		expect((await received({}, JSON.stringify(body))).accepted).toHaveLength(1);
	});

	it('is still held to what the owner of the endpoint asks for', async () => {
		const translate = () => ({ format: 'json', text: '{"event_type":"a"}' }) as const;
		expect(
			(await received({ translate }, '{}', 'application/json', { requiredFields: ['user_id'] })).rejected,
		).toMatchObject([{ errors: [{ code: 'required', path: '/user_id' }] }]);
	});

	it('is read like any other when its translation can not read the body', async () => {
		expect((await received({ translate: () => null }, '{"event_type":"a"}')).accepted).toHaveLength(1);
		expect((await received({ translate: () => null }, '{')).refusal).toMatchObject({
			status: 400,
			code: 'invalid_body',
		});
	});
});

describe('an endpoint whose senders write another format', () => {
	const formatted = (name: string): Partial<IntakeSettings> => ({ eventFormat: { name, paths: null } });

	it('reads it, and asks of each event what the format asks', async () => {
		const event = { specversion: '1.0', type: 'a', source: '/s', id: '1' };
		const receipt = await takenJson([event, { ...event, source: '' }, { ...event, id: 7 }], {
			...formatted('cloudEvents'),
			requiredFields: ['event_id'],
		});
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'a', event_id: '1', properties: event }]);
		expect(receipt.errors.map(({ index, path, code }) => [index, path, code])).toEqual([
			[1, '/properties/source', 'blank'],
			[2, '/properties/id', 'type'],
		]);
	});

	it('asks nothing of the kind of our own events out of dead letters', async () => {
		const body = { events: [{ event_type: 'a' }], redrive: [{ count: 1, of: 'delivery' }] };
		const receipt = await takenJson(body, formatted('cloudEvents'));
		expect(acceptedEvents(receipt)).toEqual([{ event_type: 'a' }]);
	});

	it.each([
		['segment', null, 10_000],
		['amplitude', { status: 200, body: '{"code":200}' }, 10_000],
		['unityAnalytics', { status: 204, headers: {}, body: '' }, undefined],
		['gameInsights', null, undefined],
	])('answers as the senders of %s expect, while they wait', async (name, acceptance, waitsMs) => {
		const receipt = await takenJson([{ event_type: 'a', event: 'a', eventName: 'a' }], formatted(name));
		expect(receipt.refusal).toBeNull();
		expect(receipt.senderWaitsMs).toBe(waitsMs);
		if (acceptance === null) expect(receipt.prescribedAnswer).toBeNull();
		else expect(receipt.prescribedAnswer).toMatchObject(acceptance);
	});

	it('answers what its owner typed all the same, whatever the sender asked for', async () => {
		const strict = { body: '[{"event":"a"}]', target: '/webhook/1/events?strict=1' };
		const told = async (responseBody: string) =>
			(await taken(strict, { ...formatted('mixpanel'), responseBody })).prescribedAnswer?.body;
		expect(await told('')).toBe('{"code":200,"num_records_imported":1,"status":"OK"}');
		expect(await told('ok')).toBe('ok');
	});

	it('puts refusals as those senders read them', async () => {
		const refusalBody = expect.any(Function) as unknown;
		expect((await takenJson([{}], formatted('amplitude'))).answers).toEqual({
			repeatsOn: 'unsaid',
			refusalBody,
		});
	});

	const signed = async (name: string, body: string) => {
		const { scheme, credential, sign } = senders[name] as Sender;
		return await receive(
			incomingRequest({ headers: sign(body, ARRIVAL_MS), body }),
			buildIntakeRules({ ...USUAL_SETTINGS, ...formatted('amplitude') }),
			buildAuthenticator('hmac', { scheme, ...credential }),
		);
	};

	it('leaves a sender alone that has a format of its own', async () => {
		const receipt = await signed('Stripe', '{"id":"evt_1","type":"invoice.paid"}');
		expect(acceptedEvents(receipt)).toMatchObject([{ event_type: 'invoice.paid' }]);
		expect(receipt.prescribedAnswer).toBeNull();
		expect(receipt.answers?.refusalBody).toBeUndefined();
	});

	it('reads what comes under our own signature', async () => {
		const receipt = await signed('gameInsights', '{"event_type":"a","insert_id":"1"}');
		expect(acceptedEvents(receipt)).toMatchObject([{ event_type: 'a', event_id: '1' }]);
		expect(receipt.prescribedAnswer?.body).toBe('{"code":200}');
		expect(receipt.answers?.refusalBody).toBeDefined();
	});
});

describe('any request', () => {
	const bodies = fc.oneof(
		fc.json().map((text) => Buffer.from(text)),
		fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
		fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n'))),
		fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(`{"events":[${lines.join()}]}`)),
	);
	const types = fc.constantFrom(
		'application/json',
		'application/x-ndjson',
		'text/plain',
		'image/png',
		'application/json; charset=utf-16',
		'',
	);

	it('becomes a receipt whose numbers add up, or is refused; nothing else', async () => {
		await fc.assert(
			fc.asyncProperty(
				bodies,
				types,
				fc.constantFrom('deadLetter', 'rejectRequest'),
				async (body, type, invalidEvents) => {
					let receipt: Receipt;
					try {
						receipt = await taken(
							{ headers: [['Content-Type', type]], body },
							{ invalidEvents, maxEventsPerRequest: 4 },
						);
					} catch (error) {
						expect(error).toBeInstanceOf(Refusal);
						expect([400, 413]).toContain((error as Refusal).status);
						return;
					}
					const { received, accepted, rejected, ignored, refusal } = receipt;
					const isUnreadable = received === 0;
					expect(accepted.length + rejected.length + ignored).toBe(isUnreadable ? 1 : received);
					expect(refusal === null).toBe(accepted.length > 0);
					for (const { eventText, raw } of rejected) {
						expect((eventText === null) !== (raw === null)).toBe(true);
						if (eventText !== null) JSON.parse(eventText);
					}
					expect(Object.keys(Object.prototype)).toEqual([]);
				},
			),
			{ numRuns: inputs(2_000) },
		);
	});
});
