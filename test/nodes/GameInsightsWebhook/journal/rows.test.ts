import type { Arrival } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetter } from '../../../../nodes/shared/items/deadLetter';
import { eventTexts } from '../../../../nodes/shared/events/slice';
import { Item, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import {
	cellsOfAttempts,
	cellsOfDeadLetter,
	rowsOfEvents,
} from '../../../../nodes/GameInsightsWebhook/journal/rows';
import { restoredRow } from '../../../../nodes/GameInsightsWebhook/journal/restoredRow';
import type { Cells } from '../../../../nodes/shared/dataTables/table';

const NOW_MS = 1_700_000_000_000;

const arrivalOf = (text: string, batchSize: number, more: Partial<Arrival> = {}): Arrival => ({
	requestId: 'r1',
	receivedAtMs: NOW_MS,
	endpoint: 'shop',
	sender: { method: 'hmac', keyId: 'current', claims: null },
	source: { format: 'json', text },
	batchSize,
	bytes: text.length,
	events: [],
	deadLetters: [],
	...more,
});

const itemsOf = (arrival: Arrival, indexes: number[]): Item[] =>
	indexes.map(
		(index) => new Item(heldRequest(arrival), { arrival, index, deduplicationKey: `event:${index}` }, null),
	);

const stored = (cells: Cells, more: Cells = {}) => ({
	state: 'waiting',
	attempt: 0,
	...cells,
	...more,
	id: 1,
});

/** The texts of the events that come out of a row. */
function textsIn(cells: Cells, more: Cells = {}): string[] {
	const { items } = restoredRow(stored(cells, more), NOW_MS);
	return items.flatMap(({ event }) =>
		event === null
			? []
			: eventTexts(event.arrival.source, [event.arrival.sourceIndexes?.indexOf(event.index) ?? event.index]),
	);
}

const EVENTS = Array.from({ length: 5 }, (_, n) => ({ event_type: n < 3 ? 'a' : 'b', user_id: `u${n}`, n }));

describe('events come out of the table as they were sent', () => {
	const forms: Array<[string, string]> = [
		['a bare array', JSON.stringify(EVENTS)],
		['a list named events', JSON.stringify({ events: EVENTS })],
		['an array with blanks', JSON.stringify(EVENTS, null, '\t')],
	];
	for (const [name, text] of forms) {
		it.each([
			[Infinity, [0, 1, 2, 3, 4], 1],
			[Infinity, [1, 3], 1],
			[Infinity, [4], 1],
			[2, [0, 1, 2, 3, 4], 3],
			[1, [0, 1, 2, 3, 4], 5],
		])(`${name}, at most %d a row, of which %j are taken`, (most, indexes, rows) => {
			const arrival = arrivalOf(text, 5);
			const made = rowsOfEvents(arrival, itemsOf(arrival, indexes), most);
			expect(made).toHaveLength(rows);
			const texts = made.flatMap(({ cells }) => textsIn(cells));
			expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual(indexes.map((index) => EVENTS[index]));
			const restored = made.flatMap(({ cells }) => restoredRow(stored(cells), NOW_MS).items);
			expect(restored.map(({ event }) => event?.index)).toEqual(indexes);
			expect(restored.map(({ event }) => event?.deduplicationKey)).toEqual(
				indexes.map((index) => `event:${index}`),
			);
		});
	}

	it('one event stands in its cell by itself, character for character', () => {
		const text = '{ "event_type": "a", "events": [1], "big": 12345678901234567890, "__proto__": {} }';
		const arrival = arrivalOf(`[${text}]`, 1);
		const [row] = rowsOfEvents(arrival, itemsOf(arrival, [0]), 1);
		expect(row?.cells.payload).toBe(text);
		expect(textsIn(row?.cells ?? {})).toEqual([text]);
	});

	it('lines of NDJSON', () => {
		const text = EVENTS.map((event) => JSON.stringify(event)).join('\n');
		const arrival = arrivalOf(text, 5, { source: { format: 'ndjson', text } });
		const [row] = rowsOfEvents(arrival, itemsOf(arrival, [0, 1, 2, 4]), Infinity);
		expect(textsIn(row?.cells ?? {})).toEqual([0, 1, 2, 4].map((n) => JSON.stringify(EVENTS[n])));
	});

	it('without those that are done', () => {
		const arrival = arrivalOf(JSON.stringify(EVENTS), 5);
		const [row] = rowsOfEvents(arrival, itemsOf(arrival, [0, 1, 2, 3, 4]), Infinity);
		expect(textsIn(row?.cells ?? {}, { done: '[0,2,3]' }).map((one) => JSON.parse(one).n)).toEqual([1, 4]);
		// Whoever takes the row over writes the cell as a whole.
		expect(restoredRow(stored(row?.cells ?? {}, { done: '[0,2,3]' }), NOW_MS).done).toEqual([0, 2, 3]);
	});

	it('with what their attempts came to', () => {
		const arrival = arrivalOf(JSON.stringify(EVENTS[0]), 1);
		const [row] = rowsOfEvents(arrival, itemsOf(arrival, [0]), 1);
		const failed = { at: '2026-01-01T00:00:00.000Z', executionId: '7', message: 'no', node: 'n' };
		const tried = {
			history: { count: 1, first: [failed], last: [] },
			firstAttemptAtMs: 1,
			lastAttemptAtMs: 2,
		};
		const cells: Cells = { ...row?.cells, ...cellsOfAttempts(tried), state: 'retrying', attempt: 1 };
		expect(cells.last_error).toBe('no');
		expect(
			restoredRow(stored(cells, { due: '2026-01-01T00:00:05.000Z', state: 'retrying', attempt: 1 }), 0),
		).toMatchObject({
			state: 'retrying',
			tried: { ...tried, attempts: 1 },
			dueAtMs: Date.parse('2026-01-01T00:00:05.000Z'),
		});
	});
});

it('what a row says about its events', () => {
	const arrival = arrivalOf(JSON.stringify(EVENTS), 5);
	const [row] = rowsOfEvents(arrival, itemsOf(arrival, [0, 1, 2, 3, 4]), Infinity);
	expect(row?.cells).toMatchObject({ event_type: 'a × 3, b × 2', user_id: '5 users', events: 5 });
	const [single] = rowsOfEvents(arrival, itemsOf(arrival, [4]), 1);
	expect(single?.cells).toMatchObject({ event_type: 'b', user_id: 'u4', events: 1 });
});

const letter = (more: Partial<DeadLetter>): DeadLetter => ({
	eventText: null,
	raw: null,
	summary: 'It failed.',
	reason: 'retries_exhausted',
	stage: 'deliver',
	errors: [],
	attempts: { count: 2, max: 2, firstAt: null, lastAt: null, history: [] },
	receivedAt: new Date(NOW_MS).toISOString(),
	deadLetteredAt: new Date(NOW_MS).toISOString(),
	delivery: {} as DeadLetter['delivery'],
	redrive: { count: 0, of: null },
	...more,
});

describe('a dead letter', () => {
	const arrival = arrivalOf(JSON.stringify(EVENTS), 5);

	it('comes out of the table as it was', () => {
		for (const one of [letter({ eventText: '{"event_type":"a"}' }), letter({ raw: '{"broken' })]) {
			const cells = cellsOfDeadLetter(arrival, one, 2);
			const { items } = restoredRow(stored(cells, { state: 'dying' }), NOW_MS);
			expect(items.map(({ deadLetter }) => deadLetter)).toEqual([one]);
		}
	});

	it('sent again is an event that was never tried, and says how often it was sent', () => {
		const cells = cellsOfDeadLetter(arrival, letter({ eventText: '{"event_type":"a"}' }), 2);
		const once = restoredRow(stored(cells, { state: 'redrive', attempt: 2 }), NOW_MS + 5);
		expect(once).toMatchObject({ obstacle: null, tried: { attempts: 0, history: { count: 0 } } });
		expect(once.items[0]?.event).toMatchObject({ index: 2, redrive: { count: 1, of: 'r1.2' } });
		expect(once.held.arrival.redrivenAtMs).toBe(NOW_MS + 5);

		const [again] = rowsOfEvents(once.held.arrival, once.items, 1);
		const { items, held } = restoredRow(stored(again?.cells ?? {}), NOW_MS + 9);
		expect(items[0]?.event).toMatchObject({ index: 2, redrive: { count: 1, of: 'r1.2' } });
		expect(held.arrival.redrivenAtMs).toBe(NOW_MS + 5);
	});

	it.each([
		['{"broken', false],
		['[1]', false],
		['7', false],
		['{"event_type":"mended"}', true],
	])('with the payload %s can be sent again: %s', (payload, isPossible) => {
		const cells = cellsOfDeadLetter(arrival, letter({ raw: '{"broken' }), null);
		const { obstacle } = restoredRow(stored(cells, { state: 'redrive', payload }), NOW_MS);
		expect(obstacle === null).toBe(isPossible);
	});
});
