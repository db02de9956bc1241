import { type Batch, gather } from '../../../../nodes/GameInsights/send/batch';
import {
	eventsOfItem,
	type OutgoingEvent,
	withEventId,
} from '../../../../nodes/GameInsights/send/outgoingEvent';
import { takenJson } from '../../../support/taken';

const outgoing = (n: number, redrive: OutgoingEvent['redrive'] = null): OutgoingEvent => ({
	event: { event_type: 'race', n },
	itemIndex: n,
	redrive,
});
const many = (count: number) => Array.from({ length: count }, (_, n) => outgoing(n));
const sizes = (batches: Batch[]) => batches.map(({ events }) => events.length);

describe('gathering', () => {
	it('fills requests up to a number of events, in their order', () => {
		const batches = gather(many(7), 3);
		expect(sizes(batches)).toEqual([3, 3, 1]);
		expect(batches.flatMap(({ events }) => events.map(({ event }) => event.n))).toEqual([
			0, 1, 2, 3, 4, 5, 6,
		]);
		expect(batches[2]?.body).toBe('{"events":[{"event_type":"race","n":6}]}');
	});

	it('makes no request of nothing', () => {
		expect(gather([], 3)).toEqual([]);
	});

	it('fills requests up to a number of bytes; what is too large by itself goes alone', () => {
		const text = JSON.stringify(outgoing(0).event);
		expect(sizes(gather(many(5), 100, 2 * (text.length + 1)))).toEqual([2, 2, 1]);
		expect(sizes(gather(many(3), 100, 5))).toEqual([1, 1, 1]);
		const umlauts = { ...outgoing(0), event: { event_type: 'ü'.repeat(100) } };
		expect(sizes(gather([umlauts, umlauts], 100, 300))).toEqual([1, 1]);
	});

	it('puts redrives beside the events, as the trigger reads them', async () => {
		const [batch] = gather([outgoing(0), outgoing(1, { count: 2, of: 'd' })], 10);
		expect(JSON.parse(batch?.body ?? '')).toEqual({
			events: [
				{ event_type: 'race', n: 0 },
				{ event_type: 'race', n: 1 },
			],
			redrive: [null, { count: 2, of: 'd' }],
		});
		const { accepted } = await takenJson(JSON.parse(batch?.body ?? ''));
		expect(accepted.map(({ redrive }) => redrive)).toEqual([undefined, { count: 2, of: 'd' }]);
	});
});

describe('an input item', () => {
	it('is an event, without what the trigger added', () => {
		expect(eventsOfItem({ event_type: 'a', n: 1, _delivery: { id: 'd' } })).toEqual([
			{ event_type: 'a', n: 1 },
		]);
	});

	it('is a list of events when it has no type', () => {
		expect(
			eventsOfItem({ events: [{ event_type: 'a' }, { event_type: 'b', _delivery: 1 }], _delivery: {} }),
		).toEqual([{ event_type: 'a' }, { event_type: 'b' }]);
		expect(eventsOfItem({ event_type: 'a', events: [1] })).toEqual([{ event_type: 'a', events: [1] }]);
	});

	it.each([[[1]], [['a']], [[null]], [[[]]]])('with a list of %j says what is wrong', (events) => {
		expect(() => eventsOfItem({ events })).toThrow('this list holds something else');
	});

	it('keeps a key named __proto__', () => {
		const item = JSON.parse('{"event_type":"a","__proto__":{"x":1}}') as Record<string, unknown>;
		expect(JSON.stringify(eventsOfItem(item))).toBe('[{"event_type":"a","__proto__":{"x":1}}]');
		expect(JSON.stringify(withEventId(eventsOfItem(item)[0] ?? {}, () => 'i'))).toContain(
			'"__proto__":{"x":1}',
		);
	});

	it('gets an id only where it has none', () => {
		expect(withEventId({ event_type: 'a' }, () => 'new')).toEqual({ event_type: 'a', event_id: 'new' });
		expect(withEventId({ event_type: 'a', event_id: 'own' }, () => 'new')).toEqual({
			event_type: 'a',
			event_id: 'own',
		});
		expect(withEventId({ event_type: 'a', event_id: null }, () => 'new')).toEqual({
			event_type: 'a',
			event_id: null,
		});
	});
});
