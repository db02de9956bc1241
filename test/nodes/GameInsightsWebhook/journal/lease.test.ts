import type { JobContent, Outcome } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { Queue } from '../../../../nodes/GameInsightsWebhook/queue/queue';
import { Lease, type LeaseSettings } from '../../../../nodes/GameInsightsWebhook/journal/lease';
import type { Cells } from '../../../../nodes/shared/dataTables/table';
import { eventTexts } from '../../../../nodes/shared/events/slice';
import { SETTINGS } from '../../../simulation/journalWorld';
import { NODE, arrivalOf, cellsOfDeadRow, cellsOfEventRow } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const A = [{ event_type: 'a' }];
const WAITING = { ...cellsOfEventRow(A), state: 'waiting', owner: '', claim: 'deposited' };

function world(more: Partial<LeaseSettings> = {}) {
	const { time, database, tables, pass, run } = simulatedTables();
	const settings: LeaseSettings = {
		...SETTINGS,
		...{ keepProcessedMs: 0, keepDeadLettersMs: 0, maxDeadLetters: 1_000, maxBytes: Infinity },
		...{ orderBy: null, endpoint: '' },
		...more,
	};
	const seen = { started: [] as JobContent[], logged: [] as string[], lost: [] as string[] };
	/** How long an execution takes, and how it ends. */
	const execution = { takesMs: 100, outcome: { kind: 'processed' } as Outcome };
	let ids = 0;
	const newProcess = async (name: string) => {
		const isFirstId = { value: true };
		const ports = {
			now: () => time.nowMs,
			elapsedMs: () => time.nowMs,
			sleep: time.sleep,
			random: () => 0.5,
			newId: () => {
				const id = isFirstId.value ? name : `id${++ids}`;
				isFirstId.value = false;
				return id;
			},
			eventTexts,
			log: { error: (message: string) => void seen.logged.push(message) },
		};
		const start = (content: JobContent) => {
			seen.started.push(content);
			return { begun: Promise.resolve(), ended: time.sleep(execution.takesMs).then(() => execution.outcome) };
		};
		const lease = await run(
			Lease.begin(NODE, tables, start, settings, {
				...ports,
				failed: () => undefined,
				keyExpiresAtMs: async () => null,
				executionState: async () => ({ kind: 'gone' }),
				newQueue: (storeFor) => new Queue(ports, storeFor),
			}),
		);
		void lease.serve().then((isLost) => {
			if (isLost) seen.lost.push(name);
		});
		return lease;
	};
	const owners = (): unknown[] =>
		database.register.all.filter(({ kind }) => kind === 'owner').map(({ name }) => name);
	/** What executions were about: events, or the reasons of dead letters and notices. */
	const started = (): unknown[] =>
		seen.started.map((content) =>
			content.kind === 'events' ? 'events' : content.deadLetters.map(({ reason }) => reason).join(),
		);
	return { time, database, seen, execution, newProcess, owners, started, pass, run };
}

describe('a lease', () => {
	it('registers its process, and keeps a request as rows before its sender is answered', async () => {
		const { database, newProcess, owners, run } = world();
		const { queue } = await newProcess('p');
		expect(owners()).toEqual(['p']);
		const taken = queue.offer(arrivalOf(A));
		if (!('kept' in taken)) throw new Error('The request was not taken');
		expect(await run(taken.kept)).toBe('kept');
		expect(database.journal.all).toMatchObject([{ owner: 'p', event_type: 'a' }]);
	});

	it('delivers rows that were deposited without an owner', async () => {
		const { database, newProcess, started, pass } = world();
		await newProcess('p');
		database.journal.insert([WAITING]);
		await pass(2 * SECOND_MS);
		expect(started()).toEqual(['events']);
		expect(database.journal.all).toEqual([]);
	});

	it('delivers the rows of an owner without a registration, and not those of one that is alive', async () => {
		const { database, newProcess, started, pass } = world();
		await newProcess('p');
		database.register.insert([{ kind: 'owner', name: 'alive', workflow_id: 'w', node_id: 'n', beat: 0 }]);
		database.journal.insert([
			{ ...WAITING, owner: 'gone' },
			{ ...WAITING, owner: 'alive' },
		]);
		await pass(5 * SECOND_MS);
		expect(started()).toEqual(['events']);
		expect(database.journal.all).toMatchObject([{ owner: 'alive' }]);
	});

	it('takes no more events from the table than there is room for', async () => {
		const { database, execution, newProcess, pass } = world({
			maxPendingEvents: 3,
			maxConcurrentExecutions: 1,
		});
		execution.takesMs = HOUR_MS;
		await newProcess('p');
		const keyed = (key: string): Cells =>
			cellsOfEventRow(A, { events: [{ index: 0, deduplicationKey: key }] });
		database.journal.insert(Array.from({ length: 40 }, (_, n) => ({ ...WAITING, ...keyed(`key ${n}`) })));
		await pass(MINUTE_MS);
		const owned = database.journal.all.filter(({ owner }) => owner === 'p');
		expect(owned.length).toBeGreaterThanOrEqual(3);
		expect(owned.length).toBeLessThanOrEqual(6);
	});

	it('recognises events that were processed before it began', async () => {
		const { newProcess, started, pass, run } = world();
		const first = await newProcess('first');
		first.queue.offer(arrivalOf(A));
		await pass(SECOND_MS);
		await run(first.end());
		const second = await newProcess('second');
		second.queue.offer(arrivalOf(A, { requestId: 'r2' }));
		await pass(SECOND_MS);
		expect(started()).toEqual(['events']);
	});

	it('moves dead letters out of the journal, and delivers those that a user wants to send again', async () => {
		const { database, newProcess, started, pass } = world();
		await newProcess('p');
		database.journal.insert([cellsOfDeadRow(A[0] as object)]);
		const { deadLetters } = database;
		await pass(MINUTE_MS + 5 * SECOND_MS);
		expect([database.journal.all, deadLetters.all.length]).toEqual([[], 1]);
		deadLetters.all = deadLetters.all.map((row) => ({ ...row, state: 'redrive' }));
		await pass(MINUTE_MS);
		expect(started()).toEqual(['events']);
		expect(deadLetters.all).toEqual([]);
	});

	it('asks the tables often at first, and rarely when nothing happens', async () => {
		const { database, newProcess, pass } = world();
		await newProcess('p');
		await pass(10 * SECOND_MS);
		const lively = database.calls;
		expect(lively).toBeGreaterThan(20);
		await pass(10 * MINUTE_MS);
		const { calls } = database;
		await pass(100 * SECOND_MS);
		expect(database.calls - calls).toBeLessThan(lively);
	});

	it('tells once an hour that n8n has no room for rows', async () => {
		const { database, newProcess, started, pass } = world();
		await newProcess('p');
		database.isFull = true;
		await pass(50 * MINUTE_MS);
		expect(started()).toEqual(['table_full']);
		await pass(50 * MINUTE_MS);
		expect(started()).toEqual(['table_full', 'table_full']);
	});
});

describe('a lease that is lost', () => {
	it('starts nothing more and leaves the rows to the process that declared it dead', async () => {
		const { database, seen, execution, newProcess, started, pass } = world({
			maxConcurrentExecutions: 1,
			executionPer: 'event',
		});
		execution.takesMs = 10 * SECOND_MS;
		const { queue } = await newProcess('p');
		for (const requestId of ['r1', 'r2', 'r3']) {
			queue.offer(arrivalOf(A, { requestId, events: [{ index: 0, deduplicationKey: requestId }] }));
		}
		await pass(50);
		database.register.all = [];
		database.journal.all = database.journal.all.map((row) => ({ ...row, owner: 'other', claim: 'other/1' }));
		database.register.insert([{ kind: 'owner', name: 'other', workflow_id: 'w', node_id: 'n', beat: 0 }]);
		await pass(4 * SECOND_MS);
		expect(seen.lost).toEqual(['p']);
		const { calls } = database;
		const rows = database.journal.all;
		await pass(MINUTE_MS);
		expect(started()).toEqual(['events']);
		expect(database.journal.all).toEqual(rows);
		expect(rows).toHaveLength(3);
		// The event that it had processed is remembered, so that its repeat is recognised.
		expect(database.calls - calls).toBe(1);
	});
});

describe('the end of a lease', () => {
	it('releases what is not running, so that the next process delivers it at once', async () => {
		const { database, execution, newProcess, owners, run, pass } = world({
			maxConcurrentExecutions: 1,
			executionPer: 'event',
		});
		execution.takesMs = 2 * SECOND_MS;
		const lease = await newProcess('p');
		lease.queue.offer(
			arrivalOf([...A, ...A, ...A], {
				events: [0, 1, 2].map((index) => ({ index, deduplicationKey: null })),
			}),
		);
		await pass(50);
		await run(lease.end());
		expect(owners()).toEqual([]);
		expect(database.journal.all).toMatchObject([
			{ state: 'waiting', owner: '', claim: '' },
			{ state: 'waiting', owner: '', claim: '' },
		]);
	});

	it('waits for an execution that takes longer, and writes how it ended', async () => {
		const { database, execution, seen, newProcess, owners, run, pass } = world();
		execution.takesMs = MINUTE_MS;
		const lease = await newProcess('p');
		lease.queue.offer(arrivalOf(A));
		await pass(50);
		await run(lease.end());
		expect([owners(), database.journal.all.length]).toEqual([['p'], 1]);
		await pass(2 * MINUTE_MS);
		expect([owners(), database.journal.all, seen.lost]).toEqual([[], [], []]);
	});
});
