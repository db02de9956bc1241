import {
	summarise,
	summariseUnreadable,
} from '../../../../../nodes/GameInsightsWebhook/intake/validate/summary';

const fault = (message: string) => ({ code: 'type', path: '', message });
const LATE = fault(
	'`timestamp` must be a date and time like 2026-01-31T12:00:00Z, it is the text "yesterday"',
);

describe('summarise', () => {
	it('says which event of how many, of what type, and what is wrong with it', () => {
		expect(summarise({ index: 2, faults: [LATE] }, { event_type: 'purchase' }, 10)).toBe(
			'Event 3 of 10 ("purchase") was not accepted: `timestamp` must be a date and time like 2026-01-31T12:00:00Z, it is the text "yesterday".',
		);
	});

	it('does not count a single event', () => {
		expect(summarise({ index: 0, faults: [fault('`event_type` is missing')] }, {}, 1)).toBe(
			'The event was not accepted: `event_type` is missing.',
		);
	});

	it.each([
		[1, ''],
		[2, ' (and 1 more fault)'],
		[3, ' (and 2 more faults)'],
	])('of %d faults tells the first%s', (count, others) => {
		const faults = [fault('`a` is missing'), fault('`b` is missing'), fault('`c` is missing')].slice(
			0,
			count,
		);
		expect(summarise({ index: 0, faults }, {}, 2)).toBe(
			`Event 1 of 2 was not accepted: \`a\` is missing${others}.`,
		);
	});

	it.each([[5], [''], ['  '], [null], [undefined], [{}]])('does not name a type that is none: %j', (type) => {
		expect(summarise({ index: 0, faults: [fault('x')] }, { event_type: type }, 1)).toBe(
			'The event was not accepted: x.',
		);
	});

	it('shortens a long type', () => {
		expect(summarise({ index: 0, faults: [fault('x')] }, { event_type: 'a'.repeat(100) }, 1)).toBe(
			`The event ("${'a'.repeat(40)}…") was not accepted: x.`,
		);
	});

	it('counts nothing where it is about no place', () => {
		expect(summarise({ index: null, faults: [fault('x')] }, undefined, 2)).toBe(
			'The event was not accepted: x.',
		);
	});

	it('goes on in lower case after its colon, and nowhere else', () => {
		expect(summariseUnreadable('In it The word')).toBe('A request could not be read: In it The word.');

		expect(summarise({ index: 0, faults: [fault('The event must be an object, it is null')] }, null, 2)).toBe(
			'Event 1 of 2 was not accepted: the event must be an object, it is null.',
		);
	});
});

describe('summariseUnreadable', () => {
	it.each([
		['The body is not valid UTF-8', 'A request could not be read: the body is not valid UTF-8.'],
		['`events` must be an array', 'A request could not be read: `events` must be an array.'],
	])('%s', (message, summary) => {
		expect(summariseUnreadable(message)).toBe(summary);
	});
});
