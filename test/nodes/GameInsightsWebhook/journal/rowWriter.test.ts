import { JournalRow } from '../../../../nodes/GameInsightsWebhook/journal/journalRow';
import { RowWriter } from '../../../../nodes/GameInsightsWebhook/journal/rowWriter';
import { type Cells, TableFailure, type TableFailureKind } from '../../../../nodes/shared/dataTables/table';
import { VirtualClock, settle } from '../../../support/virtualClock';

const START_MS = 0;

/**
 * A writer and the calls that it makes: when, which rows, and what is written; null for rows that are
 * removed.
 */
function world({
	fails = () => false,
	kind = 'unreachable',
}: { fails?: () => boolean; kind?: TableFailureKind } = {}) {
	const clock = new VirtualClock(START_MS);
	const calls: Array<{ atMs: number; places: unknown[]; cells: Cells | null }> = [];
	const call = (filter: ReadonlyArray<{ value: unknown }>, cells: Cells | null): Promise<void> => {
		calls.push({ atMs: clock.now(), places: filter.slice(1).map(({ value }) => value), cells });
		// A table without room takes no changes; rows can be removed all the same.
		const isRefused = fails() && (kind !== 'full' || cells !== null);
		return isRefused ? Promise.reject(new TableFailure(kind, 'away')) : Promise.resolve();
	};
	const writer = new RowWriter(
		{
			update: async (filter, cells) => await call(filter, cells),
			remove: async (filter) => await call(filter, null),
		},
		{ sleep: clock.sleep, failed: () => undefined },
	);
	const rows = Array.from({ length: 6 }, (_, place) => {
		const row = new JournalRow('own', 'place', place, [], 'waiting', 0);
		writer.live.add(row);
		writer.inserted(row);
		return row;
	});
	const row = (place: number): JournalRow => rows[place] as JournalRow;
	return { clock, calls, writer, row };
}

const RUNNING: Cells = { state: 'running', attempt: 1 };

it('writes the first change at once, and what is wanted within 40 ms of it together', async () => {
	const { clock, calls, writer, row } = world();
	writer.change(row(0), RUNNING);
	await clock.advance(10);
	writer.change(row(1), RUNNING);
	await clock.advance(10);
	writer.change(row(2), RUNNING);
	await clock.advance(100);
	writer.change(row(3), RUNNING);
	await clock.advance(1);
	expect(calls).toEqual([
		{ atMs: 0, places: [0], cells: RUNNING },
		{ atMs: 40, places: [1, 2], cells: RUNNING },
		{ atMs: 120, places: [3], cells: RUNNING },
	]);
});

it('lets rows that only have to go gather for 300 ms, and holds no change up for them', async () => {
	const { clock, calls, writer, row } = world();
	writer.remove(row(0));
	await clock.advance(10);
	writer.remove(row(1));
	writer.change(row(5), RUNNING);
	await clock.advance(100);
	writer.remove(row(2));
	await clock.advance(300);
	expect(calls).toEqual([
		{ atMs: 0, places: [0], cells: null },
		{ atMs: 10, places: [5], cells: RUNNING },
		{ atMs: 300, places: [1, 2], cells: null },
	]);
});

it('of two changes of a cell writes the later one, and none of a row that is to go', async () => {
	const { clock, calls, writer, row } = world();
	writer.change(row(0), RUNNING);
	await clock.advance(1);
	writer.change(row(0), { state: 'retrying', attempt: 1 });
	writer.change(row(0), { state: 'running', attempt: 2 });
	writer.change(row(1), RUNNING);
	writer.remove(row(1));
	await clock.advance(100);
	expect(calls.filter(({ cells }) => cells !== null)).toEqual([
		{ atMs: 0, places: [0], cells: RUNNING },
		{ atMs: 40, places: [0], cells: { state: 'running', attempt: 2 } },
	]);
});

it('tells when a row is written', async () => {
	const { clock, writer, row } = world();
	writer.change(row(0), RUNNING);
	await clock.advance(1);
	writer.change(row(1), RUNNING);
	const told: boolean[] = [];
	void writer.written(row(1)).then((isOurs) => told.push(isOurs));
	await clock.advance(30);
	expect(told).toEqual([]);
	await clock.advance(10);
	expect(told).toEqual([true]);
	expect(await writer.written(row(1))).toBe(true);
});

it('tries again, later and later, with what is wanted by then', async () => {
	let isAway = true;
	const { clock, calls, writer, row } = world({ fails: () => isAway });
	writer.change(row(0), RUNNING);
	writer.remove(row(1));
	await clock.advance(300);
	writer.change(row(0), { state: 'retrying' });
	await clock.advance(300);
	isAway = false;
	await clock.advance(500);
	expect(calls.filter(({ cells }) => cells !== null)).toEqual([
		{ atMs: 0, places: [0], cells: RUNNING },
		{ atMs: 250, places: [0], cells: RUNNING },
		{ atMs: 750, places: [0], cells: { state: 'retrying', attempt: 1 } },
	]);
	expect(calls.filter(({ cells }) => cells === null).map(({ atMs }) => atMs)).toEqual([0, 250, 750]);
});

it('when it is to end, waits for nothing', async () => {
	const { clock, calls, writer, row } = world();
	writer.remove(row(0));
	writer.change(row(3), RUNNING);
	await clock.advance(1);
	writer.remove(row(1));
	writer.change(row(4), RUNNING);
	let isFlushed = false;
	void writer.flushed(3_000).then(() => (isFlushed = true));
	await settle();
	expect(isFlushed).toBe(true);
	expect(calls).toHaveLength(4);
	expect(calls.every(({ atMs }) => atMs <= 1)).toBe(true);
});

it('gives up waiting for its end when the table is away', async () => {
	const { clock, writer, row } = world({ fails: () => true });
	writer.change(row(0), RUNNING);
	let isFlushed = false;
	void writer.flushed(3_000).then(() => (isFlushed = true));
	await clock.advance(2_999);
	expect(isFlushed).toBe(false);
	await clock.advance(1);
	expect(isFlushed).toBe(true);
});

it("writes nothing more once the rows are somebody else's, and says so", async () => {
	const { clock, calls, writer, row } = world();
	writer.change(row(0), RUNNING);
	await clock.advance(1);
	writer.change(row(1), RUNNING);
	const told = writer.written(row(1));
	writer.stop();
	expect(await told).toBe(false);
	writer.change(row(2), RUNNING);
	writer.remove(row(3));
	await clock.advance(1_000);
	expect(calls).toHaveLength(1);
	expect(await writer.written(row(2))).toBe(false);
});

describe('while the table has no room', () => {
	it('waits for no change, and writes it when there is room', async () => {
		let isFull = true;
		const { clock, calls, writer, row } = world({ fails: () => isFull, kind: 'full' });
		writer.change(row(0), RUNNING);
		const written = writer.written(row(0));
		await clock.advance(1);
		expect(await written).toBe(true);
		writer.change(row(1), RUNNING);
		expect(await writer.written(row(1))).toBe(true);
		isFull = false;
		await clock.advance(5_000);
		expect(calls.at(-1)).toMatchObject({ places: [0, 1], cells: RUNNING });
	});

	it('removes what would only be shown', async () => {
		const { clock, calls, writer, row } = world({ fails: () => true, kind: 'full' });
		row(0).state = 'processed';
		writer.change(row(0), { state: 'processed', owner: '', claim: '' });
		await clock.advance(5_000);
		expect(calls.at(-1)).toMatchObject({ places: [0], cells: null });
	});
});
