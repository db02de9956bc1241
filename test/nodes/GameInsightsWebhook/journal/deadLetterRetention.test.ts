import {
	DeadLetterRetention,
	type Retention,
} from '../../../../nodes/GameInsightsWebhook/journal/deadLetterRetention';
import { NODE } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The clock of the database is ahead of the monotonic clock. */
const AHEAD_MS = 100 * DAY_MS;

const FOR_EVER: Retention = { keepDeadLettersMs: 0, maxDeadLetters: 1_000_000, maxBytes: Infinity };

function world(limits: Partial<Retention> = {}) {
	const { time, database, tables, pass, run } = simulatedTables();
	const state = { bytes: 0 };
	const told: number[] = [];
	const retention = new DeadLetterRetention(
		NODE,
		tables.deadLetters,
		{ ...FOR_EVER, ...limits },
		{
			elapsedMs: () => time.nowMs,
			tableNow: () => time.nowMs + AHEAD_MS,
			sizeBytes: async () => state.bytes,
			isLarge: (bytes) => void told.push(bytes),
		},
	);
	/** Dead letters that were written at this time, by default of this node. */
	const add = (count: number, atMs = time.nowMs, nodeId = NODE.nodeId, rowState = 'dead'): void => {
		const cells = { state: rowState, workflow_id: NODE.workflowId, node_id: nodeId };
		database.deadLetters.insert(Array.from({ length: count }, () => ({ ...cells, at_ms: atMs + AHEAD_MS })));
		retention.added(count);
	};
	const ids = (): number[] => database.deadLetters.all.map(({ id }) => id);
	return {
		time,
		database,
		state,
		told,
		retention,
		add,
		ids,
		pass,
		trim: async () => await run(retention.trim()),
	};
}

it('keeps everything where nothing is limited', async () => {
	const { add, ids, pass, trim } = world();
	add(3);
	await pass(365 * DAY_MS);
	await trim();
	expect(ids()).toHaveLength(3);
});

it('removes dead letters that are older than they may be, by the clock of the database', async () => {
	const { add, ids, pass, trim } = world({ keepDeadLettersMs: DAY_MS });
	add(1);
	await pass(1);
	add(1);
	await pass(DAY_MS);
	await trim();
	expect(ids()).toEqual([2]);
});

it.each([249, 250, 251, 480, 730])('of %d dead letters keeps the newest 250', async (count) => {
	const { add, ids, trim } = world({ maxDeadLetters: 250 });
	add(count);
	await trim();
	expect(ids()).toHaveLength(Math.min(count, 250));
	expect(ids().at(-1)).toBe(count);
});

it('leaves the dead letters of other nodes', async () => {
	const { add, ids, pass, trim } = world({ keepDeadLettersMs: DAY_MS, maxDeadLetters: 1 });
	add(2, 0, 'another node');
	await pass(2 * DAY_MS);
	await trim();
	expect(ids()).toEqual([1, 2]);
});

it.each<Partial<Retention>>([{ keepDeadLettersMs: DAY_MS }, { maxDeadLetters: 1 }])(
	'leaves those that are about to be sent again: %p',
	async (limits) => {
		const { add, ids, pass, trim } = world(limits);
		add(1, 0, NODE.nodeId, 'redrive');
		add(2);
		await pass(2 * DAY_MS);
		add(1);
		await trim();
		expect(ids()).toEqual([1, 4]);
	},
);

it('works once an hour, and earlier after a thousand new dead letters', async () => {
	const { database, add, pass, trim } = world();
	add(1);
	await trim();
	const { calls } = database;
	await pass(HOUR_MS - 1);
	await trim();
	add(999);
	await trim();
	expect(database.calls).toBe(calls);
	add(1);
	await trim();
	expect(database.calls).toBeGreaterThan(calls);
	const later = database.calls;
	await pass(HOUR_MS);
	await trim();
	expect(database.calls).toBeGreaterThan(later);
});

it('after a call that failed works again 5 seconds later', async () => {
	const { database, add, ids, pass, trim } = world({ maxDeadLetters: 1 });
	add(2);
	database.faultOf = () => 'before';
	await expect(trim()).rejects.toThrow('simulated');
	database.faultOf = () => 'none';
	await trim();
	expect(ids()).toEqual([1, 2]);
	await pass(5_000);
	await trim();
	expect(ids()).toEqual([2]);
});

it('knows whether there are dead letters: assumes it at first, and looks from time to time', async () => {
	const { database, retention, add, pass, trim } = world();
	expect(retention.isEmpty).toBe(false);
	await trim();
	expect(retention.isEmpty).toBe(true);
	add(1);
	expect(retention.isEmpty).toBe(false);
	database.deadLetters.all = [];
	await pass(HOUR_MS);
	await trim();
	expect(retention.isEmpty).toBe(true);
});

it('tells once that the table has reached 80 % of its size, and again when it had become smaller', async () => {
	const { state, told, add, pass, trim } = world({ maxBytes: 1_000 });
	add(1);
	for (const bytes of [799, 800, 900, 700, 850]) {
		state.bytes = bytes;
		await trim();
		await pass(HOUR_MS);
	}
	expect(told).toEqual([800, 850]);
});
