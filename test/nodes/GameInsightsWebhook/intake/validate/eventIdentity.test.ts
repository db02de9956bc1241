import fc from 'fast-check';
import {
	identityForSender,
	identityOf,
	identityOfRedrive,
	identityOfSender,
} from '../../../../../nodes/GameInsightsWebhook/intake/validate/eventIdentity';
import { inputs } from '../../../../support/quick';

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

	describe('within what its properties say', () => {
		const keyOf = (properties: unknown, id = '1') =>
			identityOf({ event_id: id, properties }, 0, null, [['source'], ['app', 'n']]);
		const event = { source: '/a', app: { n: 7 } };

		it('is the same for the same id there, whatever else they say, and of bounded length', () => {
			expect(keyOf({ ...event, more: 1 })).toBe(keyOf(event));
			expect(keyOf(event)).toMatch(/^within:[\w-]{43}$/);
			expect(keyOf({ ...event, source: 'a'.repeat(10_000) }, 'b'.repeat(10_000))).toHaveLength(50);
		});

		it.each([
			['another id', event, '2'],
			['another text', { ...event, source: '/b' }, '1'],
			['another number', { ...event, app: { n: 8 } }, '1'],
			['a text instead of a number', { ...event, app: { n: '7' } }, '1'],
			['nothing there', { app: { n: 7 } }, '1'],
			['half a surrogate pair', { ...event, source: '\ud800' }, '1'],
		])('is told apart by %s', (_, properties, id) => {
			expect(keyOf(properties, id)).not.toBe(keyOf(event));
			expect(keyOf(properties, id)).not.toBe(keyOf({ ...event, source: '\ud801' }));
		});

		it('is not told apart by what is neither text nor number', () => {
			const others = [null, true, [1], { a: 1 }].map((source) => keyOf({ ...event, source }));
			expect(new Set([...others, keyOf({ app: { n: 7 } })]).size).toBe(1);
			expect(keyOf(undefined)).toBe(keyOf({}));
		});
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
			{ numRuns: inputs(1_000) },
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

describe('the identity of a sender', () => {
	const of = (keyId: string, claims: Record<string, unknown> | null = null, method = 'jwt' as const) =>
		identityForSender(identityOfSender({ method, keyId, claims }), 'event:order-4711');

	it('is not needed where there is one key', () => {
		expect(of('current')).toBe('event:order-4711');
		expect(identityOfSender({ method: 'apiKey', keyId: 'current', claims: null })).toBeNull();
	});

	it.each<[string, Parameters<typeof of>, Parameters<typeof of>]>([
		['another key', ['previous'], ['current']],
		['another key of an issuer', ['a', { sub: 's' }], ['b', { sub: 's' }]],
		['another subject', ['a', { sub: 's' }], ['a', { sub: 't' }]],
		['another issuer', ['a', { iss: 'i', sub: 's' }], ['a', { iss: 'j', sub: 's' }]],
		['a subject, and none', ['a', { sub: 's' }], ['a', {}]],
		['a token, and a key', ['current', {}], ['current']],
		['claims that are put together alike', ['a', { iss: 'x', sub: 'yz' }], ['a', { iss: 'xy', sub: 'z' }]],
		['half a surrogate pair', ['a', { sub: '\ud800' }], ['a', { sub: '\ud801' }]],
	])('tells them apart by %s', (_, one, other) => {
		expect(of(...one)).not.toBe(of(...other));
	});

	it('is the same for another token of the same subject', () => {
		expect(of('a', { sub: 's', iat: 1, jti: 'x' })).toBe(of('a', { sub: 's', iat: 2, jti: 'y' }));
	});

	it('is of bounded length, shows no claim, and makes nothing of nothing', () => {
		const long = of('a', { sub: 'secret'.repeat(10_000) });
		expect(long).toMatch(/^sender:[\w-]{43}:event:order-4711$/);
		expect(identityForSender('digest', null)).toBeNull();
	});
});
