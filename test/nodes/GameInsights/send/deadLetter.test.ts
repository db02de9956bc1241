import { readDeadLetter } from '../../../../nodes/GameInsights/send/deadLetter';

const event = { event_type: 'purchase', event_id: 'e', properties: { amount: 1 } };
const letter = {
	event,
	raw: null,
	summary: 'It failed.',
	reason: 'retries_exhausted',
	_delivery: { id: 'request.0' },
	redrive: { count: 0, of: null },
};

describe('a dead letter', () => {
	it('is sent again with its event unchanged, counted, and with the delivery it came out of', () => {
		expect(readDeadLetter(letter, 3)).toEqual({
			kind: 'redrivable',
			event,
			redrive: { count: 1, of: 'request.0' },
		});
	});

	it('of a redriven event keeps the first delivery and counts on', () => {
		const again = { ...letter, _delivery: { id: 'other.0' }, redrive: { count: 1, of: 'request.0' } };
		expect(readDeadLetter(again, 3)).toMatchObject({ redrive: { count: 2, of: 'request.0' } });
	});

	it('may be JSON text, as a whole or in its fields', () => {
		const first = { kind: 'redrivable', event, redrive: { count: 1, of: 'request.0' } };
		expect(readDeadLetter(JSON.stringify(letter), 3)).toEqual(first);
		const row = {
			id: 7,
			event: JSON.stringify(event),
			_delivery: JSON.stringify(letter._delivery),
			redrive: JSON.stringify(letter.redrive),
		};
		expect(readDeadLetter(row, 3)).toEqual(first);
	});

	it('never sends a delivery on that is hidden in its event', () => {
		const told = { ...event, _delivery: { id: 'forged', auth: {} } };
		for (const form of [told, JSON.stringify(told)]) {
			expect(readDeadLetter({ ...letter, event: form }, 3)).toMatchObject({ kind: 'redrivable', event });
			expect(readDeadLetter({ ...letter, event: form }, 3)).not.toHaveProperty('event._delivery');
		}
		expect(readDeadLetter({ ...letter, event: told, redrive: { count: 9 } }, 3)).not.toHaveProperty(
			'event._delivery',
		);
	});

	it('needs no more than its event', () => {
		expect(readDeadLetter({ event }, 3)).toEqual({
			kind: 'redrivable',
			event,
			redrive: { count: 1, of: null },
		});
	});

	it('is not sent more often than it may', () => {
		expect(readDeadLetter({ ...letter, redrive: { count: 2, of: 'd' } }, 3)).toMatchObject({
			kind: 'redrivable',
		});
		expect(readDeadLetter({ ...letter, redrive: { count: 3, of: 'd' } }, 3)).toEqual({
			kind: 'notRedrivable',
			event,
			message:
				'The event was sent again 3 times already, and Max Redrives is 3. Raise it to send the event once more.',
			redrive: { count: 3, of: 'd' },
		});
		expect(readDeadLetter({ ...letter, redrive: { count: 1 } }, 1)).toMatchObject({
			message:
				'The event was sent again 1 time already, and Max Redrives is 1. Raise it to send the event once more.',
		});
	});

	it('without an event says so', () => {
		expect(readDeadLetter({ ...letter, event: null, raw: '{"a":' }, 3)).toMatchObject({
			kind: 'notRedrivable',
			event: null,
			message:
				'No event could be read from the request that became this dead letter, so there is none to send again.',
		});
		expect(readDeadLetter({ other: 'item' }, 3)).toMatchObject({
			kind: 'notRedrivable',
			message: 'This item has no event: a dead letter has it in the field "event".',
		});
	});

	it.each([undefined, null, 5, 'not JSON', '[]', [letter]])('is not %p', (value) => {
		expect(readDeadLetter(value, 3)).toMatchObject({ kind: 'notRedrivable', event: null });
	});

	it.each([-1, 1.5, 'x', null, {}])('does not believe a count of %p', (count) => {
		expect(readDeadLetter({ ...letter, redrive: { count, of: null } }, 3)).toMatchObject({
			redrive: { count: 1, of: 'request.0' },
		});
	});
});

describe('a notice', () => {
	const notice = {
		event: null,
		raw: null,
		summary: 'Retries are paused.',
		reason: 'outage',
		stage: 'notice',
		_delivery: { id: 'notice-1', request_id: null },
		redrive: { count: 0, of: null },
	};

	it.each([
		['an outage', notice],
		['its end', { ...notice, reason: 'recovered' }],
		['any other reason', { ...notice, reason: 'silence' }],
		['no delivery', { ...notice, _delivery: undefined }],
		['its JSON text', JSON.stringify(notice)],
		['a row of a table', { id: 7, stage: 'notice', event: 'null', raw: '', redrive: '{"count":0}' }],
		['a count above Max Redrives', { ...notice, redrive: { count: 9, of: 'd' } }],
	])('is passed over and says so: %s', (_, value) => {
		expect(readDeadLetter(value, 3)).toEqual({
			kind: 'notice',
			message: 'This is a notice, not a dead letter: it has no event to send again.',
		});
	});

	it('is not a letter without an event, nor one whose event only names it', () => {
		const unread = { ...letter, event: null, raw: '{"a":', stage: 'parse' };
		expect(readDeadLetter(unread, 3)).toMatchObject({ kind: 'notRedrivable' });
		const named = { ...letter, stage: 'deliver', event: { ...event, stage: 'notice', reason: 'outage' } };
		expect(readDeadLetter(named, 3)).toMatchObject({ kind: 'redrivable', event: named.event });
	});

	it('never costs an event: what holds one is a letter', () => {
		expect(readDeadLetter({ ...letter, stage: 'notice' }, 3)).toMatchObject({ kind: 'redrivable', event });
	});
});
