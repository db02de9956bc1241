import {
	type ExecutionState,
	Sleepers,
	type SleepersPorts,
	nextWait,
} from '../../../../nodes/GameInsightsWebhook/journal/sleepers';
import { claimOfSleep } from '../../../../nodes/GameInsightsWebhook/journal/sleepingRows';
import {
	type Cells,
	type Filter,
	type StoredRow,
	TableFailure,
	eq,
} from '../../../../nodes/shared/dataTables/table';
import { VirtualClock } from '../../../support/virtualClock';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

describe('the wait before the next look', () => {
	it('grows from 5 seconds to 5 minutes', () => {
		const waits: number[] = [];
		for (let waitMs = 5_000, n = 0; n < 8; n++) {
			waits.push(waitMs / SECOND_MS);
			({ growsFromMs: waitMs } = nextWait(waitMs, false, 0));
		}
		expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
	});

	it('ends when n8n has woken the execution, and grows from the start after that', () => {
		expect(nextWait(5_000, false, 2_000)).toEqual({ waitMs: 7_000, growsFromMs: 5_000 });
		expect(nextWait(300_000, false, 100_000)).toEqual({ waitMs: 105_000, growsFromMs: 5_000 });
		expect(nextWait(80_000, false, HOUR_MS)).toEqual({ waitMs: 160_000, growsFromMs: 160_000 });
	});

	it('is short again when the execution has begun to run, or to sleep', () => {
		expect(nextWait(300_000, true, 0)).toEqual({ waitMs: 5_000, growsFromMs: 5_000 });
	});
});

/** A row of one event. */
const row = (id: number, executionId: string, key: string | null = `key ${id}`): StoredRow => ({
	id,
	state: 'sleeping',
	claim: claimOfSleep(executionId),
	details: JSON.stringify({
		...{ request: `r${id}`, receivedAtMs: 0, endpoint: '', batchSize: 1, holds: 'event', indexes: [0] },
		...{ sender: { method: 'apiKey', keyId: 'current', claims: null }, keys: [key], deadLetter: null },
	}),
});

const isIn = (one: StoredRow, filter: Filter): boolean =>
	filter.every(({ columnName, condition, value }) =>
		condition === 'eq' ? one[columnName] === value : Number(one[columnName]) >= Number(value),
	);

function world(rows: StoredRow[] = [], keepProcessedMs = 0) {
	const clock = new VirtualClock();
	const beganAtMs = clock.elapsedMs();
	const states = new Map<string, ExecutionState>();
	const seen = {
		looks: [] as Array<[string, number]>,
		woken: [] as unknown[],
		known: new Set<string>(),
		keys: [] as string[],
		processed: 0,
		logged: [] as string[],
		failures: [] as string[],
	};
	const table = { rows, isAway: false, isFull: false };
	const call = <T>(effect: () => T): Promise<T> =>
		table.isAway ? Promise.reject(new TableFailure('unreachable', 'away')) : Promise.resolve(effect());
	const journal = {
		read: async (filter: Filter, limit: number) =>
			await call(() => table.rows.filter((one) => isIn(one, filter)).slice(0, limit)),
		update: async (filter: Filter, cells: Cells) =>
			await call(() => {
				if (table.isFull) throw new TableFailure('full', 'full');
				table.rows = table.rows.map((one) => (isIn(one, filter) ? { ...one, ...cells, id: one.id } : one));
			}),
		remove: async (filter: Filter) =>
			await call(() => void (table.rows = table.rows.filter((one) => !isIn(one, filter)))),
	};
	const answers = { wakes: true };
	const ports: SleepersPorts = {
		now: () => clock.elapsedMs(),
		tableNow: () => clock.elapsedMs() - beganAtMs + 7,
		elapsedMs: () => clock.elapsedMs(),
		sleep: async (milliseconds) => await clock.sleep(milliseconds),
		executionState: async (executionId) => {
			seen.looks.push([executionId, (clock.elapsedMs() - beganAtMs) / SECOND_MS]);
			if (table.isAway) throw new TableFailure('unreachable', 'away');
			return states.get(executionId) ?? { kind: 'asleep', wakesAtMs: null };
		},
		failed: ({ message }) => void seen.failures.push(message),
		log: { error: (message) => void seen.logged.push(message) },
		ours: (...more) => more,
		expiryColumn: () => 'expires',
		queue: () => ({
			markAsleep: (keys) => {
				for (const key of keys) seen.known.add(key);
			},
			markAwake: (keys) => {
				for (const key of keys) seen.known.delete(key);
			},
			succeededAfterSleep: (keys, events) => {
				for (const key of keys) seen.known.delete(key);
				seen.processed += events;
			},
		}),
		keys: { add: (key) => void seen.keys.push(key) },
		wake: async (asleep, outcome) => {
			seen.woken.push([asleep, outcome]);
			return answers.wakes;
		},
	};
	const sleepers = new Sleepers(journal, { keepProcessedMs }, ports);
	return { clock, states, seen, table, answers, sleepers };
}

const looksAt = ({ seen }: ReturnType<typeof world>, executionId: string): number[] =>
	seen.looks.filter(([id]) => id === executionId).map(([, at]) => Math.round(at));

it('what sleeps in the table is found at the start, with its keys, and looked at with growing waits', async () => {
	const w = world([row(1, '7'), row(2, '7'), row(3, '8', null)]);
	w.sleepers.begin();
	await w.clock.advance(3 * MINUTE_MS);
	expect(w.sleepers.events).toBe(3);
	expect([...w.seen.known]).toEqual(['key 1', 'key 2']);
	expect(looksAt(w, '7')).toEqual([5, 15, 35, 75, 155]);
	expect(looksAt(w, '8')).toEqual([6, 16, 36, 76, 156]);
});

it('many that are due together are looked at one a second', async () => {
	const w = world(Array.from({ length: 130 }, (_, n) => row(n + 1, `${n}`)));
	w.sleepers.begin();
	await w.clock.advance(MINUTE_MS);
	const at = w.seen.looks.map(([, second]) => second);
	expect(at.length).toBeGreaterThan(50);
	expect(at.every((second, n) => n === 0 || second - (at[n - 1] as number) > 0.999)).toBe(true);
	expect(w.sleepers.events).toBe(130);
});

it('one that ended well: its rows go, its keys are remembered, and it is looked at no more', async () => {
	const w = world([row(1, '7'), row(2, '8')]);
	w.states.set('7', { kind: 'ended', outcome: { kind: 'processed' } });
	w.sleepers.begin();
	await w.clock.advance(HOUR_MS);
	expect(w.table.rows.map(({ id }) => id)).toEqual([2]);
	expect([w.seen.processed, w.seen.keys, looksAt(w, '7')]).toEqual([1, ['key 1'], [5]]);
	expect([...w.seen.known]).toEqual(['key 2']);
});

it('with Keep Processed its rows are shown for a while; where there is no room they go at once', async () => {
	for (const isFull of [false, true]) {
		const w = world([row(1, '7')], HOUR_MS);
		w.table.isFull = isFull;
		w.states.set('7', { kind: 'ended', outcome: { kind: 'processed' } });
		w.sleepers.begin();
		await w.clock.advance(10 * SECOND_MS);
		const expires = 5 * SECOND_MS + HOUR_MS + 7;
		expect(w.table.rows).toMatchObject(
			isFull ? [] : [{ state: 'processed', claim: '', owner: '', expires: expect.closeTo(expires, -2) }],
		);
		expect(w.table.rows).toHaveLength(isFull ? 0 : 1);
	}
});

it('one that failed goes back to the queue, and is tried again while that does not work', async () => {
	const w = world([row(1, '7')]);
	const outcome = { kind: 'failed' as const, failure: { executionId: '7', message: 'no', node: 'Save' } };
	w.states.set('7', { kind: 'ended', outcome });
	w.answers.wakes = false;
	w.sleepers.begin();
	await w.clock.advance(8 * SECOND_MS);
	expect(w.seen.woken.length).toBeGreaterThan(1);
	expect(w.seen.woken[0]).toEqual([[eq('state', 'sleeping'), eq('claim', 'execution 7')], outcome]);
	expect(w.sleepers.events).toBe(1);
	w.answers.wakes = true;
	await w.clock.advance(5 * SECOND_MS);
	expect(w.sleepers.events).toBe(0);
	expect(w.seen.processed).toBe(0);
});

it('while n8n does not answer, nothing is forgotten, and it is asked less and less', async () => {
	const w = world();
	w.sleepers.begin();
	await w.clock.advance(SECOND_MS);
	w.table.rows = [row(1, '7')];
	w.sleepers.add({ executionId: '7', keys: ['key 1'], events: 1 });
	w.table.isAway = true;
	w.states.set('7', { kind: 'ended', outcome: { kind: 'processed' } });
	await w.clock.advance(9 * MINUTE_MS);
	expect(looksAt(w, '7')).toEqual([6, 16, 36, 76, 156, 316]);
	expect(w.seen.failures).toContain('away');
	w.table.isAway = false;
	await w.clock.advance(5 * MINUTE_MS);
	expect([w.table.rows, w.seen.processed]).toEqual([[], 1]);
});

it('a row that names no execution goes on as interrupted, and the log says which', async () => {
	const w = world([{ ...row(4, '7'), claim: 'mine' }]);
	w.sleepers.begin();
	await w.clock.advance(SECOND_MS);
	expect(w.table.rows).toMatchObject([{ id: 4, state: 'running', owner: '', claim: '' }]);
	expect(w.seen.logged).toEqual([expect.stringContaining('Row 4 ')]);
});

it('a row whose details nobody can read is followed all the same', async () => {
	const w = world([{ ...row(1, '7'), details: '{' }]);
	w.states.set('7', { kind: 'ended', outcome: { kind: 'processed' } });
	w.sleepers.begin();
	await w.clock.advance(10 * SECOND_MS);
	expect(w.table.rows).toEqual([]);
});

it('after its end it looks at nothing', async () => {
	const w = world([row(1, '7')]);
	w.sleepers.begin();
	await w.clock.advance(SECOND_MS);
	w.sleepers.end();
	await w.clock.advance(HOUR_MS);
	expect(w.seen.looks).toEqual([]);
	expect(w.clock.sleeping).toBe(0);
});
