import { Claims } from '../../../../nodes/GameInsightsWebhook/journal/claims';
import { Takeover } from '../../../../nodes/GameInsightsWebhook/journal/takeover';
import type { Cells } from '../../../../nodes/shared/dataTables/table';
import { NODE } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const FREE: Cells = {
	...{ workflow_id: NODE.workflowId, node_id: NODE.nodeId },
	...{ owner: '', claim: '', state: 'waiting', events: 1 },
};

/** A process `me` that knows which other owners are dead. */
function world() {
	const { time, database, tables, run, pass } = simulatedTables();
	const state = { room: 1_000, isIdle: false, isValid: true, isWaiting: false, dead: [] as string[] };
	const seen = { found: 0, woken: 0, fewerEarlier: 0, outagesRead: 0, looked: [] as unknown[] };
	const claims = new Claims('me', NODE, tables.journal, {
		claimed: () => undefined,
		unsure: () => undefined,
		failed: () => undefined,
	});
	const takeover = new Takeover(
		NODE,
		{
			journal: tables.journal,
			claims,
			ownership: {
				name: 'me',
				get isValid() {
					return state.isValid;
				},
				wake: () => void seen.woken++,
				deadAmong: async (names) => names.filter((name) => state.dead.includes(name)),
			},
			earlier: {
				get isWaiting() {
					return state.isWaiting;
				},
				looked: (rows, isAll, isTaken) => {
					seen.looked.push([rows.map((row) => `${row.id} ${isTaken(row) ? 'taken' : 'left'}`), isAll]);
				},
			},
			outages: {
				read: async () => {
					seen.outagesRead++;
					return [];
				},
			},
			queue: { rememberOutages: () => undefined },
		},
		{
			elapsedMs: () => time.nowMs,
			room: () => state.room,
			isIdle: () => state.isIdle,
			found: () => void seen.found++,
			fewerEarlier: () => void seen.fewerEarlier++,
		},
	);
	const owned = (): number[] =>
		database.journal.all.filter(({ owner }) => owner === 'me').map(({ id }) => id);
	return { database, state, seen, owned, pass, look: async () => await run(takeover.look()) };
}

describe('rows are taken', () => {
	it('that nobody owns, or whose owner is dead, and no others', async () => {
		const { database, state, seen, owned, look } = world();
		state.dead = ['dead'];
		database.journal.insert([
			FREE,
			{ ...FREE, owner: null },
			{ ...FREE, owner: 'dead' },
			{ ...FREE, owner: 'alive' },
			{ ...FREE, node_id: 'other' },
			...['dead', 'processed', 'sleeping'].map((done) => ({ ...FREE, state: done })),
		]);
		await look();
		expect(owned()).toEqual([1, 2, 3]);
		expect(seen).toMatchObject({ found: 1, outagesRead: 1 });
	});

	it('as many as have room for their events, and at least one', async () => {
		const { database, state, owned, look } = world();
		state.room = 5;
		database.journal.insert([10, 2, 3, 1].map((events) => ({ ...FREE, events })));
		await look();
		expect(owned()).toEqual([1]);
		await look();
		expect(owned()).toEqual([1, 2, 3]);
	});

	it.each([null, -7, 1e9, 'many'])(
		'where a user has typed %p as the number of events, it counts as 1',
		async (events) => {
			const { database, state, owned, look } = world();
			state.room = 2;
			database.journal.insert([FREE, { ...FREE, events }, FREE]);
			await look();
			expect(owned()).toEqual([1, 2]);
		},
	);

	it('fifty at a time, and the answer tells whether there may be more', async () => {
		const { database, owned, look } = world();
		database.journal.insert(Array.from({ length: 70 }, () => FREE));
		expect(await look()).toBe(true);
		expect(owned()).toHaveLength(50);
		expect(await look()).toBe(false);
		expect(owned()).toHaveLength(70);
	});
});

describe('rows are not taken', () => {
	it('where there is no room, and then the table is not asked', async () => {
		const { database, state, look } = world();
		state.room = 0;
		database.journal.insert([FREE]);
		expect(await look()).toBe(false);
		expect(database.calls).toBe(0);
	});

	it('while another process may have declared this one dead: an idle one sends a heartbeat first', async () => {
		const { database, state, seen, owned, look } = world();
		Object.assign(state, { isValid: false, isIdle: true });
		await look();
		expect(seen.woken).toBe(0);
		database.journal.insert([FREE]);
		await look();
		expect([owned(), seen.woken]).toEqual([[], 1]);
		state.isIdle = false;
		const { calls } = database;
		await look();
		expect(database.calls).toBe(calls);
	});
});

describe('where events wait for earlier rows', () => {
	it('it is told which are left; all of them are known 3 seconds after the start', async () => {
		const { database, state, seen, pass, look } = world();
		state.isWaiting = true;
		database.journal.insert([FREE, { ...FREE, owner: 'alive' }]);
		await look();
		await pass(3_000);
		await look();
		expect(seen.looked).toEqual([
			[['1 taken', '2 left'], false],
			[['2 left'], true],
		]);
		expect(seen.fewerEarlier).toBe(2);
	});

	it('one row is taken even where there is no room, because others wait for it', async () => {
		const { database, state, owned, look } = world();
		Object.assign(state, { isWaiting: true, room: 0 });
		database.journal.insert([FREE, FREE]);
		await look();
		expect(owned()).toEqual([1]);
	});

	it('nothing is told while a claim had no answer, because what is left is not known', async () => {
		const { database, state, seen, owned, look } = world();
		state.isWaiting = true;
		database.journal.insert([FREE]);
		database.faultOf = (call) => (call === 1 ? 'after' : 'none');
		await look();
		expect([owned(), seen.looked]).toEqual([[1], []]);
	});
});
