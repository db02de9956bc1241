import { Ownership } from '../../../../nodes/GameInsightsWebhook/journal/ownership';
import { TableClock } from '../../../../nodes/GameInsightsWebhook/journal/tableClock';
import { eq } from '../../../../nodes/shared/dataTables/table';
import { NODE } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Processes that own rows in the same table. */
function world() {
	const { time, database, pass, run } = simulatedTables();
	/** @param aheadMs by how much the clock of the process is ahead of that of the database */
	const process = (name: string, aheadMs = 0) => {
		const state = { isAlive: true, isCutOff: false, isIdle: false };
		const seen = { heartbeats: 0, failures: [] as string[], isLost: null as boolean | null };
		const now = (): number => time.nowMs + aheadMs;
		const elapsedMs = (): number => time.nowMs;
		const clock = new TableClock({ now, elapsedMs });
		const { register } = database.tablesOf(state);
		const failed = ({ kind }: { kind: string }): void => void seen.failures.push(kind);
		const owner = new Ownership(name, NODE, register, { clock, elapsedMs, now, sleep: time.sleep, failed });
		const begin = async (): Promise<void> => {
			await run(owner.begin());
			const keeping = owner.keepHeartbeat(
				() => seen.heartbeats++,
				() => state.isIdle,
			);
			void keeping.then((isLost) => (seen.isLost = isLost));
		};
		/** Asks twice a second who of these is dead. @returns after how many milliseconds the first one was */
		const watch = async (names: readonly string[], forMs: number): Promise<number | null> => {
			const fromMs = time.nowMs;
			while (time.nowMs - fromMs < forMs) {
				if ((await run(owner.deadAmong(names))).length > 0) return time.nowMs - fromMs;
				await pass(SECOND_MS / 2);
			}
			return null;
		};
		return { state, seen, clock, owner, begin, watch };
	};
	const names = (): unknown[] => database.register.all.map(({ name }) => name);
	return { time, database, pass, run, process, names };
}

describe('an owner', () => {
	it('may start executions for as long as its heartbeats arrive, and for 7 seconds after the last one', async () => {
		const { pass, process } = world();
		const { owner, state, begin } = process('a');
		expect(owner.isValid).toBe(false);
		await begin();
		for (let second = 0; second < 60; second++) {
			await pass(SECOND_MS);
			expect(owner.isValid).toBe(true);
		}
		state.isCutOff = true;
		await pass(6 * SECOND_MS);
		expect(owner.isValid).toBe(true);
		await pass(SECOND_MS);
		expect(owner.isValid).toBe(false);
		state.isCutOff = false;
		await pass(3 * SECOND_MS);
		expect(owner.isValid).toBe(true);
	});

	it('sends a heartbeat every 3 seconds, and every 20 seconds while it has no rows', async () => {
		const { pass, process } = world();
		const { seen, state, begin } = process('a');
		await begin();
		await pass(MINUTE_MS);
		expect(seen.heartbeats).toBe(20);
		state.isIdle = true;
		await pass(3 * SECOND_MS);
		seen.heartbeats = 0;
		await pass(MINUTE_MS);
		expect(seen.heartbeats).toBe(3);
	});

	it('that has no rows sends a heartbeat at once when there is work', async () => {
		const { pass, process } = world();
		const { owner, seen, state, begin } = process('a');
		state.isIdle = true;
		await begin();
		await pass(10 * SECOND_MS);
		expect([owner.isValid, seen.heartbeats]).toEqual([false, 0]);
		owner.wake();
		await pass(0);
		expect([owner.isValid, seen.heartbeats]).toEqual([true, 1]);
	});

	it('reports a heartbeat that fails, and tries again', async () => {
		const { pass, process } = world();
		const { seen, state, begin } = process('a');
		await begin();
		state.isCutOff = true;
		await pass(6 * SECOND_MS);
		expect(seen).toEqual({ heartbeats: 0, failures: ['unreachable', 'unreachable'], isLost: null });
		state.isCutOff = false;
		await pass(3 * SECOND_MS);
		expect(seen.heartbeats).toBe(1);
	});

	it('ends without being lost, and leaves no row', async () => {
		const { pass, run, process, names } = world();
		const { owner, seen, begin } = process('a');
		await begin();
		expect(names()).toEqual(['a']);
		await run(owner.end());
		await pass(MINUTE_MS);
		expect([names(), owner.isValid, seen.isLost]).toEqual([[], false, false]);
	});

	it('learns from its own row what time it is by the clock of the database', async () => {
		const { time, pass, process } = world();
		await pass(MINUTE_MS);
		const { clock, begin } = process('a', HOUR_MS);
		expect(clock.now()).toBe(time.nowMs + HOUR_MS);
		await begin();
		expect(clock.now()).toBe(time.nowMs);
	});
});

describe('an owner is dead', () => {
	it('when it has no row', async () => {
		const { run, process } = world();
		const b = process('b');
		expect(await run(b.owner.deadAmong(['never there']))).toEqual(['never there']);
	});

	it('after it was watched for 12 seconds without a heartbeat, whatever the clocks say', async () => {
		const { pass, process, names } = world();
		const a = process('a', -HOUR_MS);
		const b = process('b', HOUR_MS);
		await a.begin();
		await b.begin();
		await pass(MINUTE_MS);
		a.state.isAlive = false;
		await pass(HOUR_MS);
		expect(await b.watch(['a'], MINUTE_MS)).toBe(12 * SECOND_MS);
		expect(names()).toEqual(['b']);
	});

	it('for the one process that declares it dead; no owner starts executions at that time', async () => {
		const { pass, run, process } = world();
		const [a, b, c] = [process('a'), process('b'), process('c')];
		for (const one of [a, b, c]) await one.begin();
		a.state.isCutOff = true;
		const declaredBy: string[] = [];
		for (let second = 0; second < 20; second++) {
			const both = [b, c].map(async ({ owner }) => await owner.deadAmong(['a']));
			const [byB, byC] = (await run(Promise.all(both))) as [string[], string[]];
			if (declaredBy.length > 0) break;
			declaredBy.push(...byB.map(() => 'b'), ...byC.map(() => 'c'));
			if (declaredBy.length > 0) expect(a.owner.isValid).toBe(false);
			await pass(SECOND_MS);
		}
		expect(declaredBy).toHaveLength(1);
	});
});

describe('an owner is not dead', () => {
	it('when it sends a heartbeat at the moment in which it would be declared dead', async () => {
		const { database, pass, run, process, names } = world();
		const [a, b] = [process('a'), process('b')];
		await a.begin();
		a.state.isAlive = false;
		let calls = 0;
		database.faultOf = () => {
			// The first call reads the row, the second one would remove it.
			if (++calls === 2) database.register.update([eq('name', 'a')], { beat: 1_000 });
			return 'none';
		};
		for (let second = 0; second < 20; second++) {
			calls = 0;
			expect(await run(b.owner.deadAmong(['a']))).toEqual([]);
			await pass(SECOND_MS);
		}
		expect(names()).toEqual(['a']);
	});

	it('while it sends heartbeats', async () => {
		const { process } = world();
		const [a, b] = [process('a'), process('b')];
		await a.begin();
		expect(await b.watch(['a'], 2 * MINUTE_MS)).toBeNull();
	});

	it('because nobody watched it for a while: the watch begins again after a gap of more than 4 seconds', async () => {
		const { pass, run, process } = world();
		const [a, b] = [process('a'), process('b')];
		await a.begin();
		a.state.isAlive = false;
		for (let look = 0; look < 10; look++) {
			expect(await run(b.owner.deadAmong(['a']))).toEqual([]);
			await pass(5 * SECOND_MS);
		}
		expect(await b.watch(['a'], MINUTE_MS)).toBe(12 * SECOND_MS);
	});

	it('while n8n has no room, because then no heartbeat can be written', async () => {
		const { database, pass, process } = world();
		const [a, b] = [process('a'), process('b')];
		await a.begin();
		await b.begin();
		database.isFull = true;
		await pass(4 * SECOND_MS);
		expect([a.owner.isFull, b.owner.isFull]).toEqual([true, true]);
		expect(await b.watch(['a'], MINUTE_MS)).toBeNull();
		expect([a.owner.isValid, a.seen.isLost]).toEqual([true, null]);
		database.isFull = false;
		await pass(4 * SECOND_MS);
		expect([a.owner.isFull, b.owner.isFull]).toEqual([false, false]);
	});
});

it('an owner that was declared dead learns it with its next heartbeat, and sends no more', async () => {
	const { pass, process } = world();
	const [a, b] = [process('a'), process('b')];
	await a.begin();
	a.state.isCutOff = true;
	await b.watch(['a'], MINUTE_MS);
	a.state.isCutOff = false;
	await pass(3 * SECOND_MS);
	expect([a.seen.isLost, a.owner.isValid]).toEqual([true, false]);
	const { heartbeats } = a.seen;
	await pass(MINUTE_MS);
	expect(a.seen.heartbeats).toBe(heartbeats);
});

it('owners without a heartbeat for an hour are forgotten, those of other nodes too, and no others', async () => {
	const { database, pass, run, process, names } = world();
	const [a, b] = [process('a'), process('b')];
	await a.begin();
	await b.begin();
	database.register.insert([
		{ kind: 'owner', name: 'long dead', workflow_id: 'other', node_id: 'n', beat: 7 },
		{ kind: 'keys', name: 'no owner', workflow_id: 'w', node_id: 'n', beat: 7 },
	]);
	for (let minute = 0; minute < 60; minute++) {
		await run(b.owner.forgetLongDead());
		await pass(MINUTE_MS);
	}
	expect(names()).toContain('long dead');
	await run(b.owner.forgetLongDead());
	expect(names()).toEqual(['a', 'b', 'no owner']);
});
