import type { Arrival, PendingEvent } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetter } from '../../../../nodes/shared/items/deadLetter';
import {
	type Payload,
	payloadOfArrival,
	payloadOfJob,
} from '../../../../nodes/GameInsightsWebhook/items/payload';
import { deadLetterOfRejected } from '../../../../nodes/GameInsightsWebhook/items/rejectedEvent';
import { itemsOf } from '../../../../nodes/GameInsightsWebhook/items/outputItems';
import type { Receipt } from '../../../../nodes/GameInsightsWebhook/intake/receipt';

const RECEIVED_AT_MS = Date.UTC(2026, 10, 24, 12);

function arrival(text: string, count: number, overrides: Partial<Arrival> = {}): Arrival {
	return {
		requestId: 'request',
		receivedAtMs: RECEIVED_AT_MS,
		endpoint: 'My Game',
		sender: { method: 'hmac', keyId: 'current', claims: null },
		source: { format: 'json', text },
		batchSize: count,
		bytes: text.length,
		events: Array.from({ length: count }, (_, index) => ({ index, deduplicationKey: null })),
		deadLetters: [],
		...overrides,
	};
}

const pending = (of: Arrival, ...indexes: number[]): PendingEvent[] =>
	indexes.map((index) => ({ arrival: of, index, deduplicationKey: null }));

const url = (executionId: string): string => `http://n8n/workflow/w/executions/${executionId}`;
const split = { batches: 'split', includeDelivery: true } as const;

/** As n8n does between the process that hands over and the one that executes. */
const stored = (payload: Payload): Payload => JSON.parse(JSON.stringify(payload)) as Payload;

function batch(count: number): string {
	return JSON.stringify({ events: Array.from({ length: count }, (_, at) => ({ event_type: `e${at}` })) });
}

describe('a payload', () => {
	it("becomes an item for each event, with the event's own fields and its delivery", () => {
		const of = arrival('{"event_type":"purchase","amount":9.99}', 1);
		const { events } = itemsOf(stored(payloadOfArrival(of, split)), url);
		expect(events).toEqual([
			{
				event_type: 'purchase',
				amount: 9.99,
				_delivery: {
					id: 'request.0',
					attempt: 1,
					max_attempts: 1,
					automatic_retry: false,
					received_at: '2026-11-24T12:00:00.000Z',
					endpoint: 'My Game',
					request_id: 'request',
					batch: { id: 'request', index: 0, size: 1 },
					auth: { method: 'hmac', key_id: 'current' },
				},
			},
		]);
	});

	it.each(['split', 'keep'] as const)(
		'with batches %s leaves the events that it read as they are',
		(batches) => {
			const event = { $error: 1, $json: 2, _files: 3, _delivery: 4, event_type: 'a' };
			const payload = payloadOfArrival(arrival('{}', 1), { ...split, batches });
			const { events } = itemsOf(payload, url, () => [Object.freeze(event)]);
			const [fields] = batches === 'keep' ? (events[0]?.events as object[]) : events;
			const own = { sender_delivery: 4, event_type: 'a' };
			// In a batch that stays whole these keys are not an item's, so n8n gives them no meaning.
			const fromN8n =
				batches === 'keep' ? { $error: 1, $json: 2, _files: 3 } : { _$error: 1, _$json: 2, __files: 3 };
			expect(fields).toMatchObject({ ...own, ...fromN8n });
		},
	);

	it('of a test event tells so, and how often it would be tried', () => {
		const payload = payloadOfArrival(arrival('{"event_type":"a"}', 1), split);
		const { events } = itemsOf(stored({ ...payload, isTest: true, maxAttempts: 4 }), url);
		expect(events[0]?._delivery).toMatchObject({ attempt: 1, max_attempts: 4, test: true });
		expect(events[0]?._delivery).not.toHaveProperty('automatic_retry');
	});

	it.each(['split', 'keep'] as const)('shows no field that holds nothing, with batches "%s"', (batches) => {
		const of = { ...arrival('{"event_type":"a"}', 1), endpoint: '' };
		const lastError = { at: '2026-11-24T12:00:01.000Z', executionId: null, message: 'kaboom', node: null };
		const payload = { ...payloadOfArrival(of, { batches, includeDelivery: true }), lastError };
		expect(itemsOf(stored(payload), url).events[0]?._delivery).toEqual({
			...{ id: 'request.0', attempt: 1, max_attempts: 1, automatic_retry: false },
			...{ received_at: '2026-11-24T12:00:00.000Z', request_id: 'request' },
			batch: { id: 'request', index: 0, size: 1 },
			auth: { method: 'hmac', key_id: 'current' },
			last_error: { at: lastError.at, message: 'kaboom' },
		});
	});

	it('leaves the claims of a token as they were signed', () => {
		const claims = { sub: 'a', role: null, name: '' };
		const of = {
			...arrival('{"event_type":"a"}', 1),
			sender: { method: 'jwt', keyId: 'k', claims } as const,
		};
		const { events } = itemsOf(stored(payloadOfArrival(of, split)), url);
		expect(events[0]?._delivery).toMatchObject({ auth: { method: 'jwt', key_id: 'k', claims } });
	});

	it('tells the attempt and the last error of a retried unit', () => {
		const of = arrival(batch(3), 3);
		const lastError = { at: '2026-11-24T12:00:01.000Z', executionId: '5', message: 'kaboom', node: 'Save' };
		const payload = payloadOfJob(
			{ kind: 'events', id: 'u', attempt: 2, maxAttempts: 4, events: pending(of, 1), lastError },
			split,
		);
		const { events } = itemsOf(stored(payload), url);
		expect(events).toHaveLength(1);
		expect(events[0]).toMatchObject({
			event_type: 'e1',
			_delivery: {
				id: 'request.1',
				attempt: 2,
				max_attempts: 4,
				automatic_retry: true,
				batch: { id: 'request', index: 1, size: 3 },
				last_error: { at: lastError.at, execution_id: '5', message: 'kaboom', node: 'Save' },
			},
		});
	});

	it('carries only the wanted events when they are few, and the text as it came when they are many', () => {
		const of = arrival(batch(10), 10);
		const unit = (events: PendingEvent[]) =>
			({ kind: 'events', id: 'u', attempt: 1, maxAttempts: 4, events, lastError: null }) as const;
		const few = payloadOfJob(unit(pending(of, 7, 2)), split);
		const many = payloadOfJob(unit(pending(of, 0, 1, 2, 4, 5)), split);
		expect(few.requests[0]?.source.text).toBe('[{"event_type":"e7"},{"event_type":"e2"}]');
		expect(many.requests[0]?.source).toBe(of.source);
		const types = (payload: Payload) => itemsOf(stored(payload), url).events.map((item) => item.event_type);
		expect(types(few)).toEqual(['e7', 'e2']);
		expect(types(many)).toEqual(['e0', 'e1', 'e2', 'e4', 'e5']);
	});

	it('keeps the order of requests in a group', () => {
		const one = arrival('{"event_type":"a"}', 1, { requestId: 'one' });
		const two = arrival('[{"event_type":"b"},{"event_type":"c"}]', 2, { requestId: 'two' });
		const payload = payloadOfJob(
			{
				kind: 'events',
				id: 'u',
				attempt: 1,
				maxAttempts: 4,
				events: [...pending(one, 0), ...pending(two, 0, 1)],
				lastError: null,
			},
			split,
		);
		const { events } = itemsOf(stored(payload), url);
		expect(events.map((item) => [item.event_type, (item._delivery as { id: string }).id])).toEqual([
			['a', 'one.0'],
			['b', 'two.0'],
			['c', 'two.1'],
		]);
	});

	it('keeps a request together in one item on request', () => {
		const of = arrival(batch(3), 3);
		const { events } = itemsOf(payloadOfArrival(of, { batches: 'keep', includeDelivery: true }), url);
		expect(events).toMatchObject([
			{
				events: [{ event_type: 'e0' }, { event_type: 'e1' }, { event_type: 'e2' }],
				_delivery: { id: 'request', batch: { id: 'request', size: 3 } },
			},
		]);
	});

	describe("of an event with a field _delivery of the sender's own", () => {
		const forged = '{"auth":{"method":"hmac","key_id":"current","claims":{"role":"admin"}}}';
		const text = `{"event_type":"a","_delivery":${forged},"properties":{"_delivery":1}}`;
		const own = {
			event_type: 'a',
			properties: { _delivery: 1 },
			sender_delivery: JSON.parse(forged) as unknown,
		};
		const settings = [
			['split', true],
			['split', false],
			['keep', true],
			['keep', false],
		] as const;

		it.each(settings)(
			'calls it sender_delivery: %s, with Include Delivery %p',
			(batches, includeDelivery) => {
				const payload = payloadOfArrival(arrival(text, 1), { batches, includeDelivery });
				const [item = {}] = itemsOf(stored(payload), url).events;
				const { _delivery, ...fields } = item;
				expect(fields).toEqual(batches === 'keep' ? { events: [own] } : own);
				expect(_delivery !== undefined).toBe(includeDelivery);
				expect(JSON.stringify(_delivery ?? null)).not.toContain('admin');
			},
		);

		it.each([true, false])('does so on dead letters, with Include Delivery %p', (includeDelivery) => {
			const letter = { ...deadLetter(), eventText: text };
			const of = arrival(batch(1), 1, { deadLetters: [letter] });
			const [item = {}] = itemsOf(
				stored(payloadOfArrival(of, { batches: 'split', includeDelivery })),
				url,
			).deadLetters;
			expect(item.event).toEqual(own);
			expect((item._delivery as any)?.id).toBe(includeDelivery ? letter.delivery.id : undefined);
			expect(JSON.stringify(item._delivery ?? {})).not.toContain('admin');
		});

		it.each([
			['is null', '{"_delivery":null}', { sender_delivery: null }],
			[
				'stands beside that name',
				'{"_delivery":1,"sender_delivery":2,"_sender_delivery":3}',
				{ __sender_delivery: 1, sender_delivery: 2, _sender_delivery: 3 },
			],
			['comes twice', '{"_delivery":1,"_delivery":2}', { sender_delivery: 2 }],
		])('loses nothing when it %s', (_, event, fields) => {
			const payload = payloadOfArrival(arrival(event, 1), { batches: 'split', includeDelivery: false });
			expect(itemsOf(stored(payload), url).events).toEqual([fields]);
		});

		it('names each one of a batch and of lines', () => {
			const lines = arrival(`${text}\n${text}`, 2, {
				source: { format: 'ndjson', text: `${text}\n${text}` },
			});
			for (const of of [arrival(`[${text},${text}]`, 2), lines]) {
				const payload = payloadOfArrival(of, { batches: 'keep', includeDelivery: false });
				expect(itemsOf(stored(payload), url).events).toEqual([{ events: [own, own] }]);
			}
		});
	});

	it('leaves the delivery out on request, on dead letters as well', () => {
		const of = arrival(batch(1), 1, { deadLetters: [deadLetter()] });
		const items = itemsOf(payloadOfArrival(of, { batches: 'split', includeDelivery: false }), url);
		expect(items.events).toEqual([{ event_type: 'e0' }]);
		expect(items.deadLetters[0]).not.toHaveProperty('_delivery');
	});

	it('gives each attempt objects of its own, so that a node that changes an item changes nothing else', () => {
		const payload = payloadOfArrival(arrival('{"event_type":"a","properties":{"n":1}}', 1), split);
		const [first] = itemsOf(payload, url).events;
		(first?.properties as { n: number }).n = 2;
		expect(itemsOf(payload, url).events[0]).toMatchObject({ properties: { n: 1 } });
	});

	it("passes keys through that would change an object's prototype", () => {
		const of = arrival('{"event_type":"a","__proto__":{"admin":true},"properties":{"__proto__":1}}', 1);
		const [item] = itemsOf(
			stored(payloadOfArrival(of, { batches: 'split', includeDelivery: false })),
			url,
		).events;
		expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
		expect(JSON.stringify(item)).toBe(of.source.text);
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});
});

function deadLetter(): DeadLetter {
	return deadLetterOfRejected(
		{
			index: 1,
			eventText: '{"event_type":5}',
			raw: null,
			reason: 'invalid_event',
			stage: 'validate',
			summary: 'Event 2 of 3 was not accepted.',
			errors: [{ index: 1, code: 'type', message: 'must be a text', path: '/event_type' }],
		},
		{
			request: { requestId: 'request', receivedAtMs: RECEIVED_AT_MS },
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			received: 3,
		} as Receipt,
		'My Game',
		true,
	);
}

describe('a dead letter', () => {
	it("of an invalid event is the contract's item", () => {
		const of = arrival(batch(1), 1, { deadLetters: [deadLetter()] });
		const { deadLetters } = itemsOf(stored(payloadOfArrival(of, split)), url);
		expect(deadLetters).toEqual([
			{
				event: { event_type: 5 },
				raw: null,
				summary: 'Event 2 of 3 was not accepted.',
				reason: 'invalid_event',
				stage: 'validate',
				errors: [{ path: '/event_type', message: 'must be a text', rule: 'type' }],
				attempts: { count: 0, max: 0, first_at: null, last_at: null, history: [] },
				similar: { count: 0, first_at: '2026-11-24T12:00:00.000Z' },
				received_at: '2026-11-24T12:00:00.000Z',
				dead_lettered_at: '2026-11-24T12:00:00.000Z',
				_delivery: {
					id: 'request.1',
					attempt: 0,
					max_attempts: 0,
					automatic_retry: true,
					received_at: '2026-11-24T12:00:00.000Z',
					endpoint: 'My Game',
					request_id: 'request',
					batch: { id: 'request', index: 1, size: 3 },
					auth: { method: 'apiKey', key_id: 'current' },
				},
				redrive: { count: 0, of: null },
			},
		]);
	});

	it('of a test event tells so', () => {
		const of = arrival(batch(1), 1, { deadLetters: [deadLetter()] });
		const { deadLetters } = itemsOf({ ...payloadOfArrival(of, split), isTest: true }, url);
		expect(deadLetters[0]?._delivery).toMatchObject({ id: 'request.1', test: true });
		expect(deadLetters[0]?._delivery).not.toHaveProperty('automatic_retry');
	});

	it('links to the executions that failed', () => {
		const failed = { at: '2026-11-24T12:00:01.000Z', executionId: '42', message: 'kaboom', node: 'Save' };
		const letter: DeadLetter = {
			...deadLetter(),
			attempts: {
				count: 2,
				max: 2,
				firstAt: failed.at,
				lastAt: failed.at,
				history: [failed, { ...failed, executionId: null }],
			},
		};
		const payload = payloadOfJob({ kind: 'deadLetters', id: 'u', deadLetters: [letter] }, split);
		const [item] = itemsOf(stored(payload), url).deadLetters;
		expect(item?.attempts).toMatchObject({
			count: 2,
			max: 2,
			first_at: failed.at,
			history: [
				{ at: failed.at, execution_id: '42', execution_url: url('42'), message: 'kaboom', node: 'Save' },
				{ execution_id: null, execution_url: null },
			],
		});
	});
});

describe('a whole number beyond what a double holds', () => {
	const EVENT =
		'{"event_type":"a","properties":{"steam_id":76561198012345679,"ids":[[18446744073709551615]]}}';
	const event = {
		event_type: 'a',
		properties: { steam_id: '76561198012345679', ids: [['18446744073709551615']] },
	};

	it.each([
		['json', EVENT],
		['json', `[${EVENT}]`],
		['json', `{"events":[${EVENT}]}`],
		['ndjson', `${EVENT}\n`],
	] as const)('leaves as text with all its digits, split and kept: %s %s', (format, text) => {
		const of = arrival(text, 1, { source: { format, text } });
		const items = (batches: 'split' | 'keep') =>
			itemsOf(stored(payloadOfArrival(of, { batches, includeDelivery: false })), url).events;
		expect(items('split')).toEqual([event]);
		expect(items('keep')).toEqual([{ events: [event] }]);
	});

	it('leaves so in a dead letter too', () => {
		const receipt = {
			request: { requestId: 'request', receivedAtMs: RECEIVED_AT_MS },
			sender: { method: 'hmac', keyId: 'current', claims: null },
			received: 1,
		} as unknown as Receipt;
		const rejected = {
			index: 0,
			eventText: EVENT,
			raw: null,
			reason: 'invalid_event',
			stage: 'validate',
			summary: '',
			errors: [],
		} as const;
		const letter = deadLetterOfRejected(rejected, receipt, '', true);
		expect(letter.eventText).toBe(EVENT);
		const payload = payloadOfArrival(arrival('[]', 0, { deadLetters: [letter] }), split);
		expect(itemsOf(stored(payload), url).deadLetters).toEqual([expect.objectContaining({ event })]);
	});
});
