import { DeadLetterRows } from '../../../../nodes/GameInsightsWebhook/journal/deadLetterRows';
import type { Cells, StoredRow } from '../../../../nodes/shared/dataTables/table';
import { NODE, cellsOfDeadRow, cellsOfEventRow } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const AHEAD_MS = 1_000_000;

function world() {
	const { time, database, tables, pass, run } = simulatedTables();
	const { journal, deadLetters } = database;
	const failures: string[] = [];
	const retention = { isEmpty: false, count: 0, added: (count: number) => void (retention.count += count) };
	const newProcess = (name: string) => {
		const rows = new DeadLetterRows(name, NODE, tables, retention, {
			elapsedMs: () => time.nowMs,
			tableNow: () => time.nowMs + AHEAD_MS,
			sleep: time.sleep,
			failed: ({ kind }) => void failures.push(kind),
		});
		return {
			rows,
			moveOut: async () => await run(rows.moveOut()),
			moveBack: async (mayTake = true) => await run(rows.moveBack(true, () => mayTake)),
		};
	};
	/** As a user does it in the table view. */
	const edit = (cells: Cells): void => {
		deadLetters.all = deadLetters.all.map((row) => ({ ...row, ...cells }));
	};
	return { database, journal, deadLetters, failures, retention, newProcess, edit, pass };
}

const named = (name: string): Cells => cellsOfDeadRow({ event_type: name });
const typesIn = (rows: readonly StoredRow[]): unknown[] => rows.map(({ event_type }) => event_type);

describe('a dead letter in the journal', () => {
	it('moves into the table of dead letters, with its reason and the time', async () => {
		const { journal, deadLetters, retention, newProcess } = world();
		journal.insert([named('a')]);
		expect(await newProcess('p').moveOut()).toBe(false);
		expect(journal.all).toEqual([]);
		expect(deadLetters.all).toMatchObject([
			{
				...{ event_type: 'a', state: 'dead', reason: 'retries_exhausted', payload: '{"event_type":"a"}' },
				...{ workflow_id: 'w', node_id: 'n', at_ms: expect.closeTo(AHEAD_MS, -3) },
			},
		]);
		expect(retention.count).toBe(1);
	});

	it('moves with a hundred others at a time, and the answer tells whether there are more', async () => {
		const { journal, deadLetters, newProcess } = world();
		journal.insert(Array.from({ length: 150 }, () => named('a')));
		const { moveOut } = newProcess('p');
		expect(await moveOut()).toBe(true);
		expect([journal.all.length, deadLetters.all.length]).toEqual([50, 100]);
		expect(await moveOut()).toBe(false);
		expect([journal.all.length, deadLetters.all.length]).toEqual([0, 150]);
	});

	it('is looked for only when a row may have become dead', async () => {
		const { database, journal, deadLetters, newProcess } = world();
		const { rows, moveOut } = newProcess('p');
		await moveOut();
		const { calls } = database;
		journal.insert([named('a')]);
		await moveOut();
		expect(database.calls).toBe(calls);
		rows.added();
		await moveOut();
		expect(deadLetters.all).toHaveLength(1);
	});

	it('stays there when its row can not be read, so that a user can correct it', async () => {
		const { journal, deadLetters, newProcess } = world();
		journal.insert([
			{ ...named('a'), details: '{' },
			{ ...cellsOfEventRow([{}]), state: 'dead', claim: '' },
		]);
		await newProcess('p').moveOut();
		expect(deadLetters.all).toEqual([]);
		expect(journal.all).toMatchObject([
			{ id: 1, state: 'dead', claim: 'set aside' },
			{ id: 2, state: 'dead', claim: 'set aside' },
		]);
	});

	it('of another node is left alone', async () => {
		const { journal, newProcess } = world();
		journal.insert([{ ...named('a'), node_id: 'other' }]);
		await newProcess('p').moveOut();
		expect(journal.all).toMatchObject([{ node_id: 'other', claim: '' }]);
	});

	it('that a user sets to redrive while it moves is sent again, and is no dead letter as well', async () => {
		const { database, journal, deadLetters, newProcess } = world();
		journal.insert([named('a')]);
		database.faultOf = () => {
			if (deadLetters.all.length > 0) journal.all = journal.all.map((row) => ({ ...row, state: 'redrive' }));
			return 'none';
		};
		await newProcess('p').moveOut();
		expect(journal.all).toMatchObject([{ state: 'redrive' }]);
		expect(deadLetters.all).toEqual([]);
	});
});

describe('a dead letter that a user sets to redrive', () => {
	it('moves back into the journal, where anybody may take it', async () => {
		const { journal, deadLetters, newProcess, edit } = world();
		journal.insert([named('a'), named('b')]);
		const { moveOut, moveBack } = newProcess('p');
		await moveOut();
		edit({ state: 'redrive' });
		expect(await moveBack()).toBe(2);
		expect(deadLetters.all).toEqual([]);
		expect(journal.all).toMatchObject(
			['a', 'b'].map((event_type) => ({ event_type, state: 'redrive', owner: '', events: 1 })),
		);
	});

	it('stays for now when this process may not change rows', async () => {
		const { journal, deadLetters, newProcess, edit } = world();
		journal.insert([named('a')]);
		const { rows, moveOut, moveBack } = newProcess('p');
		await moveOut();
		edit({ state: 'redrive' });
		expect(await moveBack(false)).toBe(1);
		expect([journal.all.length, deadLetters.all.length, rows.isLookDue]).toEqual([0, 1, true]);
	});

	it.each<[string, Cells, string]>([
		['its payload is no event', { state: 'redrive', payload: '[]' }, 'It was not sent again'],
		['its details were edited', { state: 'redrive', details: '{' }, 'It was not sent again'],
		['its state is another one', { state: 'waiting' }, "A dead letter can't be waiting"],
		['its state does not exist', { state: 'please' }, 'It was not sent again'],
	])('stays a dead letter that says why when %s', async (_, edited, why) => {
		const { journal, deadLetters, newProcess, edit } = world();
		journal.insert([named('a')]);
		const { moveOut, moveBack } = newProcess('p');
		await moveOut();
		edit(edited);
		await moveBack();
		expect(journal.all).toEqual([]);
		expect(deadLetters.all).toMatchObject([{ state: 'dead', last_error: expect.stringContaining(why) }]);
	});

	it('stays as it was when the user only typed "dead" in other letters', async () => {
		const { deadLetters, newProcess, edit } = world();
		deadLetters.insert([{ ...named('a'), last_error: 'no' }]);
		edit({ state: ' Dead' });
		await newProcess('p').moveBack();
		expect(deadLetters.all).toMatchObject([{ state: 'dead', last_error: 'no' }]);
	});
});

describe('looks for dead letters to send again', () => {
	it('are due a second after the last one, or at once when somebody asks for it', async () => {
		const { newProcess, pass } = world();
		const { rows, moveBack } = newProcess('p');
		expect(rows.isLookDue).toBe(true);
		await moveBack();
		expect(rows.isLookDue).toBe(false);
		await pass(1_000);
		expect(rows.isLookDue).toBe(true);
		await moveBack();
		rows.lookSoon();
		expect(rows.isLookDue).toBe(true);
	});

	it('are a hundred times as far apart as the last one took', async () => {
		const { database, newProcess, pass } = world();
		database.delayMs = () => 500;
		const { rows, moveBack } = newProcess('p');
		await moveBack();
		await pass(99_000);
		expect(rows.isLookDue).toBe(false);
		await pass(1_000);
		expect(rows.isLookDue).toBe(true);
	});

	it('are not due where there are no dead letters', () => {
		const { retention, newProcess } = world();
		retention.isEmpty = true;
		expect(newProcess('p').rows.isLookDue).toBe(false);
	});
});

describe('a move that was interrupted', () => {
	it.each(['before', 'after'] as const)(
		'out of the journal is finished by the next process, whichever call failed %s it took effect',
		async (fault) => {
			for (let failing = 0; failing < 6; failing++) {
				const { database, journal, deadLetters, newProcess } = world();
				journal.insert([named('a'), named('b')]);
				database.faultOf = (call) => (call >= failing ? (call === failing ? fault : 'before') : 'none');
				await newProcess('p').moveOut();
				database.faultOf = () => 'none';
				await newProcess('next').moveOut();
				expect([failing, journal.all]).toEqual([failing, []]);
				expect([failing, typesIn(deadLetters.all)]).toEqual([failing, ['a', 'b']]);
			}
		},
	);

	it.each(['before', 'after'] as const)(
		'back into the journal is finished by the next process, whichever call failed %s it took effect',
		async (fault) => {
			for (let failing = 0; failing < 8; failing++) {
				const { database, journal, deadLetters, newProcess, edit } = world();
				journal.insert([named('a'), named('b')]);
				const { moveOut, moveBack } = newProcess('p');
				await moveOut();
				edit({ state: 'redrive' });
				const first = database.calls + failing;
				database.faultOf = (call) => (call >= first ? (call === first ? fault : 'before') : 'none');
				await moveBack().catch(() => 0);
				database.faultOf = () => 'none';
				await newProcess('next').moveBack();
				expect([failing, deadLetters.all]).toEqual([failing, []]);
				expect([failing, typesIn(journal.all)]).toEqual([failing, ['a', 'b']]);
			}
		},
	);

	it('is reported, and tried again 5 seconds later', async () => {
		const { database, journal, deadLetters, failures, newProcess, pass } = world();
		journal.insert([named('a')]);
		const { moveOut } = newProcess('p');
		database.faultOf = () => 'before';
		expect(await moveOut()).toBe(false);
		database.faultOf = () => 'none';
		await moveOut();
		expect([failures, deadLetters.all]).toEqual([['unreachable'], []]);
		await pass(5_000);
		await moveOut();
		expect(deadLetters.all).toHaveLength(1);
	});
});
