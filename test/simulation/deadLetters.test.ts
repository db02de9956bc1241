import type { Cells, StoredRow } from '../../nodes/shared/dataTables/table';
import { isQuick } from '../support/quick';
import { seeded } from './journalTime';
import { type SimulatedProcess, World } from './journalWorld';

jest.setTimeout(600_000);

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const pass = async ({ time }: World, milliseconds: number): Promise<void> => {
	time.at(time.nowMs + milliseconds, () => undefined);
	await time.until(() => false, milliseconds);
};

/** A process that delivers one event per execution, without retries and without a breaker. */
async function leading(disturb: (world: World, leader: SimulatedProcess) => void = () => undefined) {
	const world = new World(seeded(1));
	world.settings = { ...world.settings, executionPer: 'event', maxRetries: 0, pauseAfterFailedEvents: 0 };
	world.durationMs = () => 10;
	const leader = world.process('leader');
	disturb(world, leader);
	leader.lead();
	await world.time.until(() => !leader.isAlive || leader.journal?.queue !== null, MINUTE_MS);
	return { world, leader };
}

function receive(world: World, leader: SimulatedProcess, ids: readonly string[], failures = Infinity): void {
	const arrival = world.arrival(
		ids.map((id) => ({ id, failures })),
		leader.now(),
	);
	void leader.receive(arrival);
}

const named = (count: number): string[] => Array.from({ length: count }, (_, n) => `e${n}`);

/** The events of dead letters, in the order of the rows. */
const idsIn = (rows: readonly StoredRow[]): string[] =>
	rows.map(({ payload }) => (JSON.parse(String(payload)) as { event_id: string }).event_id);

/** As a user does it in the table view. */
function edit({ database: { deadLetters } }: World, cells: Cells, from = 0, to = Infinity): void {
	deadLetters.all = deadLetters.all.map((row, at) => (at >= from && at < to ? { ...row, ...cells } : row));
}

/** The table of an earlier version: its dead letters lie in the journal. */
async function olderTable(letters: number, more: (row: StoredRow) => Cells = () => ({})): Promise<World> {
	const { world, leader } = await leading();
	receive(world, leader, named(letters));
	await world.time.until(() => world.database.deadLetters.all.length === letters, 10 * MINUTE_MS);
	void leader.journal?.close();
	await pass(world, MINUTE_MS);
	const { journal, deadLetters } = world.database;
	const newer = deadLetters.all;
	deadLetters.all = [];
	for (const { claim, place, at_ms, reason, id, ...row } of newer) {
		void [claim, place, at_ms, reason];
		const cells = { ...row, owner: '', claim: '', place: 0, events: 1, due: null, done: null, history: null };
		journal.insert([{ ...cells, ...more({ ...row, id }) }]);
	}
	return world;
}

describe('a dead letter', () => {
	it('moves into a table of its own soon after it has left', async () => {
		const { world, leader } = await leading();
		receive(world, leader, ['a']);
		await world.time.until(() => world.stories.get('a')?.deadLettered === 1, MINUTE_MS);
		await pass(world, 2 * SECOND_MS);
		expect(world.database.journal.all).toEqual([]);
		expect(world.database.deadLetters.all).toMatchObject([
			{
				state: 'dead',
				reason: 'retries_exhausted',
				summary: expect.stringContaining('simulated'),
				event_type: 'test',
				workflow_id: 'workflow',
				node_id: 'node',
			},
		]);
	});

	it('is delivered again when a user sets it to redrive, however it was typed', async () => {
		for (const state of ['redrive', ' Redrive', 'RETRY']) {
			const { world, leader } = await leading();
			receive(world, leader, ['a', 'b'], 1);
			await pass(world, 10 * SECOND_MS);
			edit(world, { state }, 0, 1);
			await pass(world, 10 * SECOND_MS);
			expect([world.stories.get('a')?.processed, world.stories.get('b')?.processed]).toEqual([1, 0]);
			expect(idsIn(world.database.deadLetters.all)).toEqual(['b']);
			expect(world.database.journal.all).toEqual([]);
		}
	});

	it('counts how often it was sent again', async () => {
		const { world, leader } = await leading();
		receive(world, leader, ['a']);
		for (let count = 0; count < 3; count++) {
			await pass(world, 10 * SECOND_MS);
			const [row] = world.database.deadLetters.all;
			const { deadLetter } = JSON.parse(String(row?.details)) as { deadLetter: { redrive: object } };
			expect(deadLetter.redrive).toMatchObject({ count });
			edit(world, { state: 'redrive' });
		}
		await pass(world, 10 * SECOND_MS);
		expect(world.stories.get('a')).toMatchObject({ runs: 4, deadLettered: 4 });
		expect(world.database.deadLetters.all).toHaveLength(1);
	});

	it('is sent again as it was corrected', async () => {
		const { world, leader } = await leading();
		receive(world, leader, ['a', 'b'], 1);
		await pass(world, 10 * SECOND_MS);
		edit(world, { state: 'redrive', payload: '{"event_id":"b","event_type":"corrected"}' }, 0, 1);
		await pass(world, 10 * SECOND_MS);
		expect(world.stories.get('b')?.processed).toBe(1);
		expect(idsIn(world.database.deadLetters.all)).toEqual(['b']);
	});

	it.each(['not JSON', '[]', '"text"'])('stays, and says why, when its payload is %s', async (payload) => {
		const { world, leader } = await leading();
		receive(world, leader, ['a']);
		await pass(world, 10 * SECOND_MS);
		edit(world, { state: 'redrive', payload });
		await pass(world, 10 * SECOND_MS);
		expect(world.database.deadLetters.all).toMatchObject([
			{ state: 'dead', payload, last_error: expect.stringContaining('It was not sent again') },
		]);
		expect(world.stories.get('a')?.runs).toBe(1);
	});

	it('is sent again by the hundred, each once', async () => {
		const { world, leader } = await leading();
		receive(world, leader, named(450), 1);
		await pass(world, MINUTE_MS);
		expect(world.database.deadLetters.all).toHaveLength(450);
		edit(world, { state: 'redrive' }, 0, 330);
		await pass(world, MINUTE_MS);
		const stories = [...world.stories.values()];
		expect(stories.filter(({ processed }) => processed === 1)).toHaveLength(330);
		expect(stories.filter(({ runs }) => runs > 2)).toEqual([]);
		expect(world.database.deadLetters.all).toHaveLength(120);
		expect(world.database.journal.all).toEqual([]);
	});
});

describe('a table of an earlier version, with its dead letters in the journal', () => {
	it('is taken over whole', async () => {
		const world = await olderTable(1_234);
		world.process('next').lead();
		await pass(world, 2 * MINUTE_MS);
		expect(world.database.journal.all).toEqual([]);
		expect(idsIn(world.database.deadLetters.all).sort()).toEqual(named(1_234).sort());
	});

	it('leaves rows that can not be read where they are, and they can be sent again there', async () => {
		const world = await olderTable(300, ({ id, details = null }) => ({
			details: id % 3 === 0 ? '{}' : details,
		}));
		world.process('next').lead();
		await pass(world, MINUTE_MS);
		expect(world.database.journal.all).toHaveLength(100);
		expect(world.database.deadLetters.all).toHaveLength(200);
		expect(world.logged).toEqual([]);
	});

	it('is delivered meanwhile', async () => {
		const world = await olderTable(5_000);
		const next = world.process('next');
		next.lead();
		await world.time.until(() => next.journal?.queue !== null, MINUTE_MS);
		for (let n = 0; n < 20; n++) {
			const fromMs = world.time.nowMs;
			receive(world, next, [`new ${n}`], 0);
			await world.time.until(() => world.stories.get(`new ${n}`)?.processed === 1, MINUTE_MS);
			expect(world.time.nowMs - fromMs).toBeLessThan(SECOND_MS);
		}
		expect(world.database.journal.all.length).toBeGreaterThan(0);
	});

	it('is taken over when there is room, and its dead letters can be sent again before', async () => {
		const world = await olderTable(10);
		world.database.isFull = true;
		const next = world.process('next');
		world.time.at(world.time.nowMs + MINUTE_MS, () => (world.database.isFull = false));
		next.lead();
		await pass(world, 3 * MINUTE_MS);
		expect(world.database.journal.all).toEqual([]);
		expect(world.database.deadLetters.all).toHaveLength(10);
	});
});

describe('retention', () => {
	it('removes dead letters after their days, and no others', async () => {
		const { world, leader } = await leading(
			(one) => (one.retention = { ...one.retention, keepDeadLettersMs: 2 * DAY_MS }),
		);
		receive(world, leader, ['old']);
		await pass(world, DAY_MS);
		receive(world, leader, ['new']);
		await pass(world, DAY_MS - 2 * HOUR_MS);
		expect(idsIn(world.database.deadLetters.all)).toEqual(['old', 'new']);
		await pass(world, 4 * HOUR_MS);
		expect(idsIn(world.database.deadLetters.all)).toEqual(['new']);
		await pass(world, 2 * DAY_MS);
		expect(world.database.deadLetters.all).toEqual([]);
	});

	it('removes the oldest above their number, of this node alone', async () => {
		const { world, leader } = await leading(
			(one) => (one.retention = { ...one.retention, maxDeadLetters: 250 }),
		);
		world.database.deadLetters.insert([
			{ state: 'dead', workflow_id: 'workflow', node_id: 'other', at_ms: 0, payload: '{}' },
		]);
		receive(world, leader, named(480));
		await pass(world, 2 * HOUR_MS);
		const [other, ...rows] = world.database.deadLetters.all;
		expect(other).toMatchObject({ node_id: 'other' });
		expect(rows).toHaveLength(250);
		expect(rows.every(({ id }) => id > 231)).toBe(true);
	});

	it('keeps what is being sent again', async () => {
		const { world, leader } = await leading(
			(one) => (one.retention = { ...one.retention, keepDeadLettersMs: DAY_MS }),
		);
		receive(world, leader, ['a'], 1);
		await pass(world, DAY_MS - MINUTE_MS);
		edit(world, { state: 'redrive' });
		await pass(world, 3 * HOUR_MS);
		expect(world.stories.get('a')?.processed).toBe(1);
	});

	it('a notice says once that the table has become large', async () => {
		const { world, leader } = await leading(
			(one) => (one.retention = { ...one.retention, maxBytes: 30_000 }),
		);
		receive(world, leader, ['a']);
		await pass(world, 2 * HOUR_MS);
		expect(world.notices).toEqual([]);
		receive(world, leader, named(40));
		await pass(world, 10 * HOUR_MS);
		expect(world.notices).toEqual(['table_large']);
	});
});

/** The quick proof takes a part of the calls, another one each time. */
const STRIDE = isQuick ? 8 : 1;
const FIRST = Date.now() % STRIDE;

/** Dead letters that come, are sent again, and come again; disturbed at one of the calls. */
async function story(disturb: (world: World, leader: SimulatedProcess) => void): Promise<World> {
	const { world, leader } = await leading(disturb);
	let current = leader;
	const alive = (): SimulatedProcess => {
		if (current.isAlive) return current;
		current = world.process('next');
		current.lead();
		return current;
	};
	const step = async (act: () => void): Promise<void> => {
		const isDone = (): boolean => !current.isAlive;
		await world.time.until(isDone, 10 * SECOND_MS);
		alive();
		await world.time.until(() => current.journal?.queue !== null, MINUTE_MS);
		act();
	};
	await step(() => receive(world, alive(), ['a', 'b', 'c']));
	await step(() => receive(world, alive(), ['d'], 1));
	await step(() => edit(world, { state: 'redrive' }, 0, 2));
	await step(() => edit(world, { state: 'redrive' }));
	await step(() => undefined);
	await pass(world, MINUTE_MS);
	return world;
}

function expectKept(world: World): void {
	const letters = [...world.database.journal.all, ...world.database.deadLetters.all];
	expect(letters.every(({ state }) => state === 'dead')).toBe(true);
	expect(world.database.journal.all).toEqual([]);
	const ids = new Set(idsIn(letters));
	for (const { plan, runs, processed } of world.stories.values()) {
		if (runs === 0) continue;
		// What the workflow never takes is a dead letter, and what it took may be one only from before.
		if (plan.failures === Infinity) expect([plan.id, ids.has(plan.id)]).toEqual([plan.id, true]);
		else expect([plan.id, processed > 0 || ids.has(plan.id)]).toEqual([plan.id, true]);
	}
}

describe('dead letters that come and are sent again', () => {
	it('are each in one table, once', async () => {
		const world = await story(() => undefined);
		expectKept(world);
		expect(idsIn(world.database.deadLetters.all).sort()).toEqual(['a', 'b', 'c']);
		expect(world.stories.get('d')?.processed).toBe(1);
		expect(world.attemptsRunTwice).toEqual([]);
	});

	it('none is lost or doubled, whichever call is the last one of its process', async () => {
		const { calls } = (await story(() => undefined)).database;
		for (const effect of ['none', 'before'] as const) {
			for (let last = FIRST; last < calls; last += STRIDE) {
				const world = await story(({ database }, leader) => {
					database.faultOf = (call) => {
						if (call !== last) return 'none';
						leader.kill();
						return effect;
					};
				});
				expectKept(world);
				const ids = idsIn(world.database.deadLetters.all);
				expect([last, effect, ids.length]).toEqual([last, effect, new Set(ids).size]);
				expect(world.attemptsRunTwice).toEqual([]);
			}
		}
	});

	it('none is lost or doubled, whichever call fails, before or after it took effect', async () => {
		const { calls } = (await story(() => undefined)).database;
		for (const fault of ['before', 'after'] as const) {
			for (let failing = FIRST; failing < calls; failing += STRIDE) {
				const world = await story(({ database }) => {
					database.faultOf = (call) => (call === failing ? fault : 'none');
				});
				expectKept(world);
				const ids = idsIn(world.database.deadLetters.all);
				expect([failing, fault, ids.length]).toEqual([failing, fault, new Set(ids).size]);
				expect(world.attemptsRunTwice).toEqual([]);
			}
		}
	});

	it('that a user sends again while they move are sent once, and are no dead letters any more', async () => {
		let sent = 0;
		for (let at = 0; at < 400; at += 5) {
			const { world, leader } = await leading();
			receive(world, leader, ['a'], 1);
			await world.time.until(() => world.database.journal.all[0]?.state === 'dead', MINUTE_MS);
			await pass(world, at);
			const { journal } = world.database;
			if (journal.all.length > 0) sent++;
			journal.all = journal.all.map((row) => ({ ...row, state: 'redrive' }));
			edit(world, { state: 'redrive' });
			await pass(world, MINUTE_MS);
			expect(world.stories.get('a')).toMatchObject({ processed: 1, runs: 2 });
			expect([at, world.database.deadLetters.all.length, journal.all.length]).toEqual([at, 0, 0]);
		}
		expect(sent).toBeGreaterThan(5);
	});
});
