import {
	eventsOfItem,
	withEventId,
	withoutDelivery,
} from '../../../../nodes/GameInsights/send/outgoingEvent';

describe('the events of an item', () => {
	it.each<[string, Record<string, unknown>, object[]]>([
		['itself', { event_type: 'a', n: 1 }, [{ event_type: 'a', n: 1 }]],
		[
			'its list',
			{ events: [{ event_type: 'a' }, { event_type: 'b' }] },
			[{ event_type: 'a' }, { event_type: 'b' }],
		],
		['none, where its list is empty', { events: [] }, []],
		['none, where there is a delivery beside the empty list', { events: [], _delivery: { id: 'd' } }, []],
		[
			'itself, where the list is a field of an event',
			{ event_type: 'a', events: [] },
			[{ event_type: 'a', events: [] }],
		],
		['without a delivery', { event_type: 'a', _delivery: { id: 'd' } }, [{ event_type: 'a' }]],
		[
			'without one in the list',
			{ events: [{ event_type: 'a', _delivery: 5 }], _delivery: {} },
			[{ event_type: 'a' }],
		],
		['without one that is null', { event_type: 'a', _delivery: null }, [{ event_type: 'a' }]],
		[
			'with what the sender put deeper',
			{ event_type: 'a', properties: { _delivery: 1 } },
			[{ event_type: 'a', properties: { _delivery: 1 } }],
		],
	])('are %s', (_, item, events) => {
		expect(eventsOfItem(item)).toEqual(events);
	});

	it('are objects', () => {
		expect(() => eventsOfItem({ events: ['x'] })).toThrow('this list holds something else');
	});

	it('keep every other key', () => {
		const event = JSON.parse('{"event_type":"a","__proto__":{"x":1},"_delivery":2,"toString":3}') as Record<
			string,
			unknown
		>;
		expect(JSON.stringify(withoutDelivery(event))).toBe(
			'{"event_type":"a","__proto__":{"x":1},"toString":3}',
		);
	});

	it('get an id where they have none', () => {
		expect(withEventId({ event_type: 'a' }, () => 'new')).toEqual({ event_type: 'a', event_id: 'new' });
		expect(withEventId({ event_id: 'own' }, () => 'new')).toEqual({ event_id: 'own' });
	});
});
