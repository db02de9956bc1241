import fc from 'fast-check';
import {
	identityOf,
	identityOfRedrive,
} from '../../../../../nodes/GameInsightsWebhook/intake/validate/eventIdentity';

describe('identityOf', () => {
	it('is the event_id where there is one, whatever the request and the place', () => {
		expect(identityOf({ event_id: 'e-1' }, 0, null)).toBe('event:e-1');
		expect(identityOf({ event_id: 'e-1' }, 7, 'request')).toBe('event:e-1');
	});

	it('is else the place in the request', () => {
		expect(identityOf({}, 0, 'digest')).toBe('request:0:digest');
		expect(identityOf({}, 12, 'digest')).toBe('request:12:digest');
	});

	it('is null when nothing tells one event from another', () => {
		expect(identityOf({}, 0, null)).toBeNull();
		expect(identityOf({ event_id: 5 }, 0, null)).toBeNull();
		expect(identityOf(Object.create({ event_id: 'inherited' }), 0, null)).toBeNull();
	});

	it('is short, however long the event_id is', () => {
		expect(identityOf({ event_id: 'a'.repeat(128) }, 0, null)).toBe(`event:${'a'.repeat(128)}`);
		// Calculated with Python's hashlib.
		expect(identityOf({ event_id: 'a'.repeat(129) }, 0, null)).toBe(
			'digest:lCUk9i3QUEPjWIkrV77u6trievLsByr1CpvK1jlwGCc',
		);
		expect(identityOf({ event_id: 'a'.repeat(1_000_000) }, 0, null)).toHaveLength(50);
	});

	it('tells long ids apart that differ only in half a surrogate pair', () => {
		const start = 'a'.repeat(200);
		expect(identityOf({ event_id: `${start}\ud800` }, 0, null)).not.toBe(
			identityOf({ event_id: `${start}\ud801` }, 0, null),
		);
	});

	it('never is the same for different events', () => {
		const part = fc.oneof(fc.string(), fc.constantFrom('event:a', 'request:0:a', '0:a', 'digest:', '1'));
		const events = fc.tuple(fc.option(part), fc.nat(20), part);
		fc.assert(
			fc.property(events, events, (one, other) => {
				const same = one[0] === other[0] && (one[0] !== null || (one[1] === other[1] && one[2] === other[2]));
				const identity = ([id, index, request]: typeof one) =>
					identityOf(id === null ? {} : { event_id: id }, index, request);
				expect(identity(one) === identity(other)).toBe(same);
			}),
			{ numRuns: 1_000 },
		);
	});
});

describe('identityOfRedrive', () => {
	it('names the delivery that it comes out of, and how often it was sent again', () => {
		expect(identityOfRedrive({ count: 2, of: 'r1.0' }, 'event:e-1')).toBe('redrive:2:delivery:r1.0');
		expect(identityOfRedrive({ count: 3, of: 'r1.0' }, null)).toBe('redrive:3:delivery:r1.0');
	});

	it("is made with the event's own identity where the delivery is not known", () => {
		expect(identityOfRedrive({ count: 1, of: null }, 'event:e-1')).toBe('redrive:1:event:e-1');
		expect(identityOfRedrive({ count: 1, of: null }, null)).toBeNull();
	});
});
