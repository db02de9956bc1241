import { OwnRows } from '../../../../nodes/GameInsightsWebhook/journal/ownRows';
import type { JournalRow } from '../../../../nodes/GameInsightsWebhook/journal/journalRow';
import { Item, Job, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { move } from '../../../../nodes/GameInsightsWebhook/queue/transitions';
import { TableFailure } from '../../../../nodes/shared/dataTables/table';
import type { RowState } from '../../../../nodes/shared/journal/columns';
import { NEVER_TRIED } from '../../../../nodes/shared/items/history';
import { NODE, arrivalOf } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const AHEAD_MS = 1_000_000;

function world(keepProcessedMs = 0) {
	const { time, database, tables, pass, run } = simulatedTables();
	const { journal } = database;
	const failures: string[] = [];
	const rows = new OwnRows('me', NODE, { keepProcessedMs }, tables.journal, {
		now: () => time.nowMs,
		tableNow: () => time.nowMs + AHEAD_MS,
		sleep: time.sleep,
		failed: ({ kind }) => void failures.push(kind),
		expiryColumn: () => 'expires',
	});
	/** A row of new events that is in the table. */
	const inserted = async (events: number, state: RowState = 'running', attempt = 1): Promise<JournalRow> => {
		const arrival = arrivalOf(Array.from({ length: events }, () => ({})));
		const held = heldRequest(arrival);
		const items = arrival.events.map((event) => new Item(held, { arrival, ...event }, null));
		const row = rows.make(items, state, attempt);
		await run(rows.insert([rows.cellsOf(row)], events));
		rows.writer.inserted(row);
		return row;
	};
	const finish = (row: JournalRow, ...indexes: number[]): void => {
		for (const index of indexes) rows.finish(row, row.items[index] as Item, true);
	};
	return { database, journal, failures, rows, inserted, finish, pass, run };
}

describe('a row that this process makes', () => {
	it('has its name as the owner, and a number that no other row of it has', async () => {
		const { journal, rows, inserted } = world();
		expect(rows.hasNumbered(0)).toBe(false);
		await inserted(1, 'waiting', 0);
		await inserted(1, 'waiting', 0);
		expect(journal.all).toMatchObject(
			[0, 1].map((place) => ({ owner: 'me', claim: 'me', place, state: 'waiting', workflow_id: 'w' })),
		);
		expect([0, 1, 2, -1, 0.5, null, '1'].map((place) => rows.hasNumbered(place))).toEqual([
			...[true, true],
			...[false, false, false, false, false],
		]);
	});

	it('counts among the inserts that are running until the table has answered', async () => {
		const { database, rows, pass } = world();
		database.delayMs = () => 50;
		void rows.insert([{ place: 0 }], 3);
		await pass(60);
		expect([rows.inserting, rows.insertingEvents]).toEqual([1, 3]);
		await pass(60);
		expect([rows.inserting, rows.insertingEvents]).toEqual([0, 0]);
	});

	it('that must not be lost is inserted until the table takes it', async () => {
		const { database, journal, failures, rows, run } = world();
		let refused = 2;
		database.failureOf = () => (refused-- > 0 ? new TableFailure('full', 'no room') : null);
		expect(await run(rows.insertUntilThere([{ place: 0 }]))).toBe(true);
		expect([journal.all.length, failures]).toEqual([1, ['full', 'full']]);
	});

	it('is not inserted any more once another process has taken over', async () => {
		const { database, journal, rows, run } = world();
		database.isFull = true;
		const inserting = rows.insertUntilThere([{ place: 0 }]);
		rows.writer.stop();
		expect(await run(inserting)).toBe(false);
		expect(journal.all).toEqual([]);
	});
});

describe('a row of several events', () => {
	it('says which are done, in one call, and is removed with the last', async () => {
		const { database, journal, inserted, finish, pass } = world();
		const row = await inserted(3);
		const { calls } = database;
		finish(row, 2, 0);
		await pass(1_000);
		expect(journal.all).toMatchObject([{ done: '[2,0]' }]);
		expect(database.calls - calls).toBe(1);
		finish(row, 1);
		await pass(1_000);
		expect(journal.all).toEqual([]);
	});

	it('is shown as processed for a while where users want that, until a time by the clock of the database', async () => {
		const { journal, inserted, finish, pass } = world(5_000);
		finish(await inserted(2), 0, 1);
		await pass(1_000);
		expect(journal.all).toMatchObject([
			{ state: 'processed', owner: '', claim: '', expires: expect.closeTo(AHEAD_MS + 5_000, -3) },
		]);
	});

	it('never has the number of an earlier attempt when its events are retried in parts', async () => {
		const { journal, rows, inserted, pass } = world();
		const row = await inserted(2, 'running', 3);
		const [first, second] = row.items.map((item) => new Job('id', 'events', [item])) as [Job, Job];
		[first.attempts, second.attempts] = [4, 2];
		rows.toRetry(first, 60_000);
		rows.toRetry(second, 0);
		await pass(1_000);
		expect(journal.all).toMatchObject([{ state: 'retrying', attempt: 4, due: '1970-01-01T00:01:00.000Z' }]);
	});
});

it('at the end of a process all rows lose their owner but those that are in an execution', async () => {
	const { journal, rows, inserted, pass } = world();
	await inserted(1, 'running', 1);
	const tried = await inserted(1, 'running', 2);
	for (const item of tried.items) item.tried = { ...NEVER_TRIED, attempts: 2 };
	await inserted(1, 'dying', 2);
	const running = await inserted(1, 'running', 1);
	for (const item of running.items) move(item, 'starting');
	rows.handBack();
	await pass(1_000);
	expect(journal.all.map(({ state, attempt, owner }) => [state, attempt, owner])).toEqual([
		// Inserted as running to save a second write, and not started.
		['waiting', 0, ''],
		['retrying', 2, ''],
		['dying', 2, ''],
		['running', 1, 'me'],
	]);
});
