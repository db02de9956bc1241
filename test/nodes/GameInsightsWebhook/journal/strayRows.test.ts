import { Claims } from '../../../../nodes/GameInsightsWebhook/journal/claims';
import { JournalRow } from '../../../../nodes/GameInsightsWebhook/journal/journalRow';
import { OwnRows } from '../../../../nodes/GameInsightsWebhook/journal/ownRows';
import { StrayRows } from '../../../../nodes/GameInsightsWebhook/journal/strayRows';
import { eq } from '../../../../nodes/shared/dataTables/table';
import { NODE } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const SECOND_MS = 1_000;
const OWN = { workflow_id: NODE.workflowId, node_id: NODE.nodeId, owner: 'me', claim: 'me', place: 0 };

/** A process that made rows with the numbers 0 to 9, and knows none of them any more. */
function world() {
	const { time, database, tables, pass, run } = simulatedTables();
	const state = { isIdle: false };
	const seen = { claimed: [] as number[], logged: [] as string[] };
	const rows = new OwnRows('me', NODE, { keepProcessedMs: 0 }, tables.journal, {
		now: () => time.nowMs,
		tableNow: () => time.nowMs,
		sleep: time.sleep,
		failed: () => undefined,
		expiryColumn: () => 'expires',
	});
	for (let number = 0; number < 10; number++) rows.writer.forget(rows.make([], 'waiting', 0));
	const claims = new Claims('me', NODE, tables.journal, {
		claimed: (mine) => void seen.claimed.push(...mine.map(({ id }) => id)),
		unsure: () => undefined,
		failed: () => undefined,
	});
	const strayRows = new StrayRows('me', NODE, tables.journal, rows, claims, {
		elapsedMs: () => time.nowMs,
		isIdle: () => state.isIdle,
		log: { error: (message) => void seen.logged.push(message) },
	});
	const sweep = async (): Promise<void> => await run(strayRows.sweep());
	return { database, rows, claims, state, seen, strayRows, pass, run, sweep };
}

describe('of the rows with the name of this process', () => {
	it('those that it knows are left alone', async () => {
		const { database, rows, seen, pass, sweep } = world();
		const { number } = rows.make([], 'waiting', 0);
		rows.writer.live.add(new JournalRow('me/1', 'id', 2, [], 'waiting', 0));
		database.journal.insert([
			{ ...OWN, place: number },
			{ ...OWN, claim: 'me/1' },
		]);
		await pass(30 * SECOND_MS);
		await sweep();
		expect([database.journal.all.length, seen]).toEqual([2, { claimed: [], logged: [] }]);
	});

	it('those of an insert whose sender was answered that nothing was taken are removed', async () => {
		const { database, pass, sweep } = world();
		database.journal.insert([{ ...OWN, place: 3 }]);
		await pass(30 * SECOND_MS);
		await sweep();
		expect(database.journal.all).toEqual([]);
	});

	it('those of a claim that is not known are claimed again', async () => {
		const { database, seen, pass, sweep } = world();
		database.journal.insert([{ ...OWN, claim: 'me/7' }]);
		await pass(30 * SECOND_MS);
		await sweep();
		expect(seen).toEqual({ claimed: [1], logged: [] });
	});

	it.each([
		['its claim', { claim: 'edited' }],
		['its number', { place: 99 }],
		['its number away', { place: null }],
	])('one in which a user has edited %s stays, and the log says so once', async (_, edited) => {
		const { database, seen, pass, sweep } = world();
		database.journal.insert([{ ...OWN, ...edited }]);
		for (let times = 0; times < 3; times++) {
			await pass(30 * SECOND_MS);
			await sweep();
		}
		expect(database.journal.all).toHaveLength(1);
		expect(seen).toEqual({ claimed: [], logged: [expect.stringContaining('row 1 of the journal')] });
	});
});

describe('the search', () => {
	it('is made every 30 seconds, and every 5 minutes while there is no work', async () => {
		const { database, state, pass, sweep } = world();
		const callsIn = async (seconds: number): Promise<number> => {
			const { calls } = database;
			for (let second = 0; second < seconds; second++) {
				await pass(SECOND_MS);
				await sweep();
			}
			return database.calls - calls;
		};
		expect(await callsIn(90)).toBe(3);
		state.isIdle = true;
		await callsIn(30);
		expect(await callsIn(900)).toBe(3);
	});

	it('is made 3 seconds after an insert without an answer, and at once after a claim without one', async () => {
		const { database, strayRows, pass, sweep } = world();
		strayRows.mayAppear();
		await pass(2 * SECOND_MS);
		await sweep();
		expect(database.calls).toBe(0);
		await pass(SECOND_MS);
		await sweep();
		expect(database.calls).toBe(1);
		strayRows.mayBeThere();
		await sweep();
		expect(database.calls).toBe(2);
	});

	it('waits while an insert is running, because its rows are not known yet', async () => {
		const { database, rows, seen, pass, run, sweep } = world();
		database.delayMs = () => 40 * SECOND_MS;
		const inserted = rows.insert([{ ...OWN, place: 3 }], 1);
		await pass(60 * SECOND_MS);
		await sweep();
		expect([database.calls, database.journal.all.length, seen.logged]).toEqual([1, 1, []]);
		await run(inserted);
		await sweep();
		expect(database.journal.all).toEqual([]);
	});

	it('waits while a claim is lost, because its rows are not known yet', async () => {
		const { database, claims, pass, run, sweep } = world();
		database.faultOf = (call) => (call === 0 ? 'after' : 'none');
		await run(claims.claim([eq('owner', '')]));
		await pass(30 * SECOND_MS);
		await sweep();
		expect(database.calls).toBe(1);
		await run(claims.findLost());
		await sweep();
		expect(database.calls).toBe(3);
	});
});
