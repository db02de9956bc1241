import type { FailedOutcome } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import type { Restored } from '../../../../nodes/GameInsightsWebhook/queue/store';
import { recovered } from '../../../../nodes/GameInsightsWebhook/journal/recovery';
import { RowWriter } from '../../../../nodes/GameInsightsWebhook/journal/rowWriter';
import { cellsOfAttempts } from '../../../../nodes/GameInsightsWebhook/journal/rows';
import type { Cells, StoredRow } from '../../../../nodes/shared/dataTables/table';
import { cellsOfDeadRow, cellsOfEventRow } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const NOW_MS = 50_000;
const TABLE_NOW_MS = 90_000;
const EVENT = { event_type: 'a' };

/** One failed attempt. */
const tried = (message: string): Cells =>
	cellsOfAttempts({
		history: { count: 1, first: [{ at: '', executionId: '7', message, node: null }], last: [] },
		firstAttemptAtMs: 1,
		lastAttemptAtMs: 2,
	});

interface Options {
	readonly mostTogether?: number;
	readonly woken?: FailedOutcome | null;
}

/** A process recovers rows that it has claimed as `c`. */
async function recover(rows: readonly Cells[], { mostTogether = 1, woken = null }: Options = {}) {
	const { time, database, tables, pass } = simulatedTables();
	const { journal } = database;
	journal.insert(rows.map((cells) => ({ ...cells, owner: 'me', claim: 'c' })));
	const seen = { logged: [] as string[], ranks: [] as unknown[] };
	const writer = new RowWriter(tables.journal, { sleep: time.sleep, failed: () => undefined });
	const restored = recovered(journal.all, 'c', {
		now: () => NOW_MS,
		clock: { now: () => TABLE_NOW_MS, ageOf: ({ id }: StoredRow) => id * 1_000 },
		store: { count: (_held, _items, rank) => void seen.ranks.push(rank) },
		writer,
		mostTogether,
		orderBy: null,
		rankOf: (id, isSentAgain) => (isSentAgain ? id : -id),
		log: { error: (message) => void seen.logged.push(message) },
		woken,
	});
	await pass(1_000);
	return { restored, rows: journal.all, ...seen };
}

/** What the events of a group were doing, and their indexes in their request. */
const summaryOf = (restored: readonly Restored[]): unknown[] =>
	restored.map(({ items, was }) => [was.kind, items.map(({ event }) => event?.index)]);

describe('a row of events that was claimed', () => {
	it('waits again when it waited', async () => {
		const { restored, rows } = await recover([{ ...cellsOfEventRow([EVENT]), state: 'waiting' }]);
		expect(summaryOf(restored)).toEqual([['waiting', [0]]]);
		expect(rows).toMatchObject([{ state: 'waiting', owner: 'me', claim: 'c' }]);
	});

	it('waits for its next attempt until the time in the row when it had failed', async () => {
		const due = '1970-01-01T00:01:00.000Z';
		const row = { ...cellsOfEventRow([EVENT]), state: 'retrying', attempt: 1, due, ...tried('no') };
		const { restored } = await recover([row]);
		expect(restored).toMatchObject([{ was: { kind: 'retrying', dueAtMs: 60_000, attempts: 1 } }]);
	});

	it('counts as interrupted when it was running: whether it did its work is not known', async () => {
		const { restored } = await recover([{ ...cellsOfEventRow([EVENT]), state: 'running', attempt: 2 }]);
		expect(restored).toMatchObject([
			{
				was: {
					kind: 'interrupted',
					attempts: 2,
					outcome: { kind: 'unknown', failure: { message: expect.stringMatching(/^interrupted/) } },
				},
			},
		]);
	});

	it('failed with the failure of its execution, and its age counts from now, when it had slept', async () => {
		const woken: FailedOutcome = {
			kind: 'failed',
			failure: { executionId: '7', message: 'no', node: 'Save' },
		};
		const row = { ...cellsOfEventRow([EVENT]), state: 'running', attempt: 1 };
		const { restored, ranks } = await recover([row], { woken });
		expect(restored).toMatchObject([{ was: { outcome: woken, wokeAtMs: TABLE_NOW_MS } }]);
		expect(restored[0]?.items[0]?.held.ageMs).toBe(0);
		expect(ranks).toEqual([undefined]);
	});

	it('keeps its rank among earlier rows, and its age by the clock of the database', async () => {
		const { restored, ranks } = await recover([
			{ ...cellsOfEventRow([EVENT]), state: 'waiting' },
			{ ...cellsOfEventRow([EVENT]), state: 'waiting' },
		]);
		expect(ranks).toEqual([-1, -2]);
		expect(restored.map(({ items }) => items[0]?.held.ageMs)).toEqual([1_000, 2_000]);
	});

	it('comes back without the events that are done, and is removed when none is left', async () => {
		const three = { ...cellsOfEventRow([EVENT, EVENT, EVENT]), state: 'running', attempt: 1 };
		const { restored, rows } = await recover([
			{ ...three, done: '[1]' },
			{ ...three, done: '[0,1,2]' },
		]);
		expect(summaryOf(restored)).toEqual([['interrupted', [0, 2]]]);
		expect(rows.map(({ id }) => id)).toEqual([1]);
	});
});

describe('events of an interrupted execution', () => {
	const running = (attempt: number, message: string): Cells => ({
		...cellsOfEventRow([EVENT, EVENT]),
		...{ state: 'running', attempt },
		...tried(message),
	});

	it('run together again, as many as may', async () => {
		const rows = [running(2, 'no'), running(2, 'no'), running(2, 'no')];
		const { restored } = await recover(rows, { mostTogether: 4 });
		expect(restored.map(({ items }) => items.length).sort()).toEqual([2, 4]);
	});

	it('do not run together with events that have other attempts behind them', async () => {
		const rows = [running(2, 'no'), running(2, 'another'), running(3, 'no')];
		const { restored } = await recover(rows, { mostTogether: 100 });
		expect(restored.map(({ items }) => items.length)).toEqual([2, 2, 2]);
	});

	it('stay in the groups of their rows where events do not share executions', async () => {
		const { restored } = await recover([running(2, 'no'), running(2, 'no')], { mostTogether: 1 });
		expect(restored.map(({ items }) => items.length)).toEqual([2, 2]);
	});
});

describe('a row that a user sends again', () => {
	it('waits like a new event, behind all others, when it is a dead letter', async () => {
		const { restored, rows, ranks } = await recover([{ ...cellsOfDeadRow(EVENT), state: 'redrive' }]);
		expect(restored[0]?.was).toEqual({ kind: 'waiting' });
		expect(restored[0]?.items[0]?.event?.redrive).toEqual({ count: 1, of: 'r1.0' });
		expect(restored[0]?.items[0]?.held.ageMs).toBe(0);
		expect(ranks).toEqual([undefined]);
		expect(rows).toMatchObject([{ state: 'waiting', attempt: 0, last_error: null, due: null }]);
	});

	it('goes on with its next attempt when it is no dead letter, and the log says so', async () => {
		const { restored, rows, logged } = await recover([
			{ ...cellsOfEventRow([EVENT]), state: 'redrive', attempt: 3, ...tried('no') },
		]);
		expect(restored).toMatchObject([{ was: { kind: 'retrying', dueAtMs: NOW_MS, attempts: 3 } }]);
		expect(rows).toMatchObject([{ state: 'retrying', attempt: 3 }]);
		expect(logged).toEqual([expect.stringContaining('Row 1 of the journal was set to redrive')]);
	});

	it('is dead again, and says why, when its payload is not one event', async () => {
		const { restored, rows, logged } = await recover([
			{ ...cellsOfDeadRow(EVENT), state: 'redrive', payload: '[]' },
		]);
		expect(restored).toEqual([]);
		expect(rows).toMatchObject([
			{ state: 'dead', owner: '', claim: '', last_error: expect.stringContaining('not one event in JSON') },
		]);
		expect(logged).toHaveLength(1);
	});
});

describe('a row that a user has edited', () => {
	it.each<[string, Cells]>([
		['details that are not JSON', { details: '{' }],
		['a state that does not exist', { state: 'finished' }],
		['a payload without its event', { payload: '7' }],
		['the state of a dead letter', { state: 'dying' }],
	])('into %s is set aside alone: it is dead, says why, and has no owner', async (_, edited) => {
		const good = { ...cellsOfEventRow([EVENT]), state: 'waiting' };
		const { restored, rows, logged } = await recover([{ ...good, ...edited }, good]);
		expect(summaryOf(restored)).toEqual([['waiting', [0]]]);
		expect(rows).toMatchObject([
			{ id: 1, state: 'dead', owner: '', claim: '', last_error: expect.stringContaining("can't be read") },
			{ id: 2, state: 'waiting', owner: 'me' },
		]);
		expect(logged).toEqual([expect.stringContaining('Row 1 of the journal was set to dead.')]);
	});

	it('to a state in which nothing is left to do stays in that state, without an owner', async () => {
		const row = cellsOfEventRow([EVENT]);
		const { restored, rows } = await recover([
			{ ...row, state: ' Dead' },
			{ ...row, state: 'PROCESSED' },
		]);
		expect(restored).toEqual([]);
		expect(rows).toMatchObject([
			{ state: 'dead', owner: '', claim: '' },
			{ state: 'processed', owner: '', claim: '' },
		]);
	});
});
