import fc from 'fast-check';
import type { Arrival } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { Bisection, MOST_EXECUTIONS } from '../../../../nodes/GameInsightsWebhook/queue/bisection';
import { Item, heldRequest, Job } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { move } from '../../../../nodes/GameInsightsWebhook/queue/transitions';
import { inputs } from '../../../support/quick';

/** So many events of one request that failed together, four times. */
function itemsOf(events: number): Item[] {
	const held = heldRequest({ requestId: 'r' } as Arrival);
	held.executions = 4;
	const { arrival } = held;
	return Array.from({ length: events }, (_, index) => {
		const item = new Item(held, { arrival, index, deduplicationKey: null }, null);
		for (const state of ['starting', 'running', 'bisecting'] as const) move(item, state);
		return item;
	});
}

function bisectionOf(items: readonly Item[]): Bisection {
	const whole = new Job('whole', 'events', items);
	whole.attempts = 4;
	return new Bisection(whole);
}

/** What a search through so many events comes to, when those at `bad` fail in every execution. */
function search(events: number, bad: ReadonlySet<number>) {
	const items = itemsOf(events);
	const [{ held }] = items as [Item, ...Item[]];
	const indexOf = (item: Item): number => item.event?.index as number;
	const bisection = bisectionOf(items);
	const alone: number[] = [];
	let executions = 0;
	for (let part = bisection.next(() => 'part'); part !== null; part = bisection.next(() => 'part')) {
		executions++;
		held.executions++;
		for (const item of part.items) for (const state of ['starting', 'running'] as const) move(item, state);
		const hasFailed = part.items.some((item) => bad.has(indexOf(item)));
		for (const item of part.items) {
			if (!hasFailed) move(item, 'processed');
			else if (part.items.length > 1) move(item, 'bisecting');
			else {
				alone.push(indexOf(item));
				move(item, 'givenUp');
			}
		}
		bisection.ended(hasFailed ? 'failed' : 'succeeded', null);
	}
	return { executions, alone, together: bisection.rest.map(indexOf) };
}

const someOf = (events: number, count: number): fc.Arbitrary<Set<number>> =>
	fc
		.uniqueArray(fc.nat(events - 1), { minLength: count, maxLength: count })
		.map((indexes) => new Set(indexes));

describe('a search for bad events', () => {
	it.each([2, 3, 5, 10, 64, 100, 300, 1_000])('finds the only one of %d wherever it is', (events) => {
		const most = 2 * Math.ceil(Math.log2(events)) + 2;
		for (let bad = 0; bad < events; bad++) {
			const { executions, alone, together } = search(events, new Set([bad]));
			expect({ alone, together }).toEqual({ alone: [bad], together: [] });
			expect(executions).toBeLessThanOrEqual(most);
			if (events === 100) expect(executions).toBeLessThanOrEqual(13);
		}
	});

	it('finds ten of 100 within its bound; where it does not come to an end, little is left', () => {
		let unfinished = 0;
		fc.assert(
			fc.property(someOf(100, 10), (bad) => {
				const { executions, alone, together } = search(100, bad);
				expect(executions).toBeLessThanOrEqual(MOST_EXECUTIONS - 4);
				for (const index of alone) expect(bad.has(index)).toBe(true);
				for (const index of bad) expect([...alone, ...together]).toContain(index);
				if (together.some((index) => !bad.has(index))) unfinished++;
			}),
			{ numRuns: inputs(1_000) },
		);
		expect(unfinished).toBeLessThan(50);
	});

	it('gives up nothing alone that is good, and leaves nothing out, whatever is bad', () => {
		const any = fc
			.integer({ min: 2, max: 400 })
			.chain((events) =>
				fc.record({ events: fc.constant(events), bad: fc.array(fc.nat(events - 1), { minLength: 1 }) }),
			);
		fc.assert(
			fc.property(any, ({ events, bad }) => {
				const known = new Set(bad);
				const { executions, alone, together } = search(events, known);
				expect(executions).toBeLessThanOrEqual(MOST_EXECUTIONS - 4);
				for (const index of alone) expect(known.has(index)).toBe(true);
				for (const index of known) expect([...alone, ...together]).toContain(index);
			}),
		);
	});

	it('ends when all are bad, with what it found and the rest together', () => {
		const { executions, alone, together } = search(
			1_000,
			new Set(Array.from({ length: 1_000 }, (_, at) => at)),
		);
		expect(executions).toBeLessThanOrEqual(MOST_EXECUTIONS - 4);
		expect(alone.length + together.length).toBe(1_000);
	});
});
