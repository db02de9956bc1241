import { highlightsOf } from '../../../../nodes/GameInsightsWebhook/items/highlights';
import type { Payload, PayloadRequest } from '../../../../nodes/GameInsightsWebhook/items/payload';

const payload = (part: object = {}): Payload => ({
	job: 'job',
	attempt: 1,
	maxAttempts: 4,
	batches: 'split',
	includeDelivery: true,
	lastError: null,
	requests: [{ id: 'r-1' } as PayloadRequest],
	deadLetters: [],
	...part,
});

const of = (events: Array<Record<string, unknown>>, part: object = {}) =>
	highlightsOf(payload(part), { events, deadLetters: [] });

it('says nothing of what is not there', () => {
	expect(of([{ event_type: 'a' }])).toEqual({ event_types: 'a', attempt: '1 of 4', request_id: 'r-1' });
	expect(highlightsOf(payload({ requests: [] }), { events: [], deadLetters: [] })).toEqual({});
});

it('has names that n8n takes, fewer than the ten that it keeps', () => {
	const deadLetters = [{ event: { event_type: 'b', event_id: '2' } }];
	const letters = [
		{ attempts: { count: 4, max: 4 }, delivery: { request_id: 'r-2' }, reason: 'retries_exhausted' },
	];
	const all = highlightsOf(payload({ deadLetters: letters }), {
		events: [{ event_type: 'a', event_id: '1' }],
		deadLetters,
	});
	expect(all).toEqual({
		event_id: '1, 2',
		event_types: 'a, b',
		events: '2',
		attempt: '1 of 4, 4 of 4',
		request_id: 'r-1, r-2',
		reason: 'retries_exhausted',
	});
	expect(Object.keys(all).filter((name) => !/^[a-z_]{1,50}$/.test(name))).toEqual([]);
});

it.each([2, 30, 1000])(
	'lists of %d ids what fits into what n8n keeps, and says that there are more',
	(count) => {
		const events = Array.from({ length: count }, (_, at) => ({ event_type: 'a', event_id: `order-${at}` }));
		const { event_id = '', events: number } = of(events);
		expect(number).toBe(String(count));
		expect(event_id.startsWith('order-0, order-1')).toBe(true);
		expect(event_id.length).toBeLessThanOrEqual(255);
		expect(event_id.endsWith(', …')).toBe(count > 2);
		expect(event_id.split(', ').slice(0, -1)).toEqual(
			events.slice(0, event_id.split(', ').length - 1).map((event) => event.event_id),
		);
	},
);

it('takes what is no text for nothing, and leaves out what a database takes badly', () => {
	expect(
		of([{ event_type: 'a', event_id: 5 }, { event_type: { a: 1 } }, { event_type: 'b\u0000\n' }]),
	).toMatchObject({ event_types: 'a, b', events: '3' });
	expect(of([{ event_type: 'a', event_id: 5 }])).not.toHaveProperty('event_id');
});

it('finds the events that are kept together, and the attempt of each request', () => {
	const requests = [{ id: 'r-1', attempt: 2 }, { id: 'r-2' }];
	const kept = [{ events: [{ event_type: 'a' }] }, { events: [{ event_type: 'b' }] }];
	expect(of(kept, { batches: 'keep', requests })).toEqual({
		event_types: 'a, b',
		events: '2',
		attempt: '2 of 4, 1 of 4',
		request_id: 'r-1, r-2',
	});
});
