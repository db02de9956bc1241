import {
	errorsOfEvent,
	errorsOfRequest,
} from '../../../../../nodes/GameInsightsWebhook/intake/validate/errorLimit';

const faults = (count: number) =>
	Array.from({ length: count }, (_, at) => ({ code: 'type', path: `/${at}`, message: `fault ${at}` }));

describe('errorsOfEvent', () => {
	it.each([0, 1, 19, 20])('tells all of %d faults', (count) => {
		expect(errorsOfEvent({ index: 3, faults: faults(count) })).toEqual(
			faults(count).map((fault) => ({ index: 3, ...fault })),
		);
	});

	it.each([
		[21, '1 more error is not listed'],
		[22, '2 more errors are not listed'],
		[1_000, '980 more errors are not listed'],
	])('tells the first 20 of %d faults, then: %s', (count, message) => {
		expect(errorsOfEvent({ index: 3, faults: faults(count) })).toEqual([
			...faults(20).map((fault) => ({ index: 3, ...fault })),
			{ index: 3, code: 'more', path: '', message },
		]);
	});
});

describe('errorsOfRequest', () => {
	const events = (...counts: number[]) => counts.map((count, index) => ({ index, faults: faults(count) }));

	it('tells the faults of all events in their order', () => {
		expect(errorsOfRequest(events(2, 0, 1)).map(({ index, path }) => [index, path])).toEqual([
			[0, '/0'],
			[0, '/1'],
			[2, '/0'],
		]);
		expect(errorsOfRequest([])).toEqual([]);
	});

	it.each([
		[[20, 20, 20, 20, 20], 100, null],
		[[20, 20, 20, 20, 20, 1], 100, '1 more error is not listed'],
		[Array(1_000).fill(3), 100, '2900 more errors are not listed'],
		[[21, 1], 21, '1 more error is not listed'],
		[[99, 99], 40, '158 more errors are not listed'],
	])('of %j faults by event, tells %d and then: %s', (counts, told, message) => {
		const errors = errorsOfRequest(events(...(counts as number[])));
		expect(errors.slice(0, told).every(({ code }) => code === 'type')).toBe(true);
		expect(errors.slice(told)).toEqual(
			message === null ? [] : [{ index: null, code: 'more', path: '', message }],
		);
	});
});
