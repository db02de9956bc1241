import { redrivesIn } from '../../../../../nodes/GameInsightsWebhook/intake/parse/redrives';
import { takenJson } from '../../../../support/taken';

const of = '5f0c1f57-0b53-4f1c-9d0a-3a5f7c7d4e11.0';
const event = { event_type: 'purchase', event_id: 'e-1' };
const inJson = (body: unknown, events = 1) =>
	redrivesIn({ format: 'json', text: JSON.stringify(body) }, events);

describe('redrives of a request', () => {
	it('stand beside the events, an entry for each', () => {
		expect(
			inJson({ events: [event, event, event], redrive: [{ count: 1, of }, null, { count: 2 }] }, 3),
		).toEqual([{ count: 1, of }, null, { count: 2, of: null }]);
	});

	it.each([
		['a list of another length', { events: [event, event], redrive: [{ count: 1, of }] }, 2],
		['something else than a list', { events: [event], redrive: { count: 1, of } }, 1],
		['a field of the one event', { event_type: 'race', redrive: [{ count: 1, of }] }, 1],
		['a bare array', [{ event_type: 'race', redrive: [{ count: 1, of }] }], 1],
	])('are not read from %s', (_, body, events) => {
		expect(inJson(body, events)).toEqual([]);
	});

	it('are not read from NDJSON', () => {
		const text = JSON.stringify({ events: [event], redrive: [{ count: 1, of }] });
		expect(redrivesIn({ format: 'ndjson', text }, 1)).toEqual([]);
	});

	it.each([0, -1, 1.5, 1e9, '1', true, null, undefined])('do not believe a count of %p', (count) => {
		expect(inJson({ events: [event], redrive: [{ count, of }] })).toEqual([null]);
	});

	it.each(['', 'x'.repeat(201), 5, {}])('do not believe a delivery %p', (delivery) => {
		expect(inJson({ events: [event], redrive: [{ count: 1, of: delivery }] })).toEqual([null]);
	});

	it('believe what an honest number and an id may be at most', () => {
		const redrive = { count: 1_000_000, of: 'x'.repeat(200) };
		expect(inJson({ events: [event], redrive: [redrive] })).toEqual([redrive]);
		expect(inJson({ events: [event], redrive: [{ ...redrive, count: 1_000_001 }] })).toEqual([null]);
	});

	it.each([5, 'text', [1]])('do not look into an entry that is no object: %j', (entry) => {
		expect(inJson({ events: [event], redrive: [entry] })).toEqual([null]);
	});

	it('do not look into what an entry inherits', () => {
		const text = `{"events":[{"event_type":"a"}],"redrive":[{"__proto__":{"count":1}}]}`;
		expect(redrivesIn({ format: 'json', text }, 1)).toEqual([null]);
	});
});

describe('a redriven event', () => {
	it('is no repeat of the event it was, and the same redrive is a repeat of itself', async () => {
		const send = async (redrive?: unknown) => (await takenJson({ events: [event], redrive })).accepted[0];
		expect(await send()).toEqual({ index: 0, deduplicationKey: 'event:e-1' });
		expect(await send([{ count: 1, of }])).toEqual({
			index: 0,
			deduplicationKey: `redrive:1:delivery:${of}`,
			redrive: { count: 1, of },
		});
		expect(await send([{ count: 2, of }])).toMatchObject({ deduplicationKey: `redrive:2:delivery:${of}` });
		expect(await send([{ count: 1 }])).toMatchObject({ deduplicationKey: 'redrive:1:event:e-1' });
	});

	it('without any identity can be told from nothing', async () => {
		const { accepted } = await takenJson({ events: [{ event_type: 'a' }], redrive: [{ count: 1 }] });
		expect(accepted).toEqual([{ index: 0, deduplicationKey: null, redrive: { count: 1, of: null } }]);
	});

	it('that is not valid is rejected with its redrive', async () => {
		const { rejected } = await takenJson({ events: [{}], redrive: [{ count: 3, of }] });
		expect(rejected).toMatchObject([{ index: 0, reason: 'invalid_event', redrive: { count: 3, of } }]);
	});
});
