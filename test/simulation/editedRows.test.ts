import fc from 'fast-check';
import { isQuick } from '../support/quick';
import type { Cell, Cells, StoredRow } from '../../nodes/shared/dataTables/table';
import { JOURNAL_COLUMNS } from '../../nodes/shared/journal/columns';
import { World } from './journalWorld';
import { seeded } from './journalTime';

jest.setTimeout(600_000);

/** A poll of the table, and the executions. */
const AT_ONCE_MS = 2_000;
const HEALING_MS = 60_000;

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
afterEach(() => expect(rejections.splice(0)).toEqual([]));

const EVENTS = 40;
/** Which of the rows is edited: others stand before and behind it. */
const EDITED = 20;

/** As `packedTable` does it with what can't be unpacked, the text stays what it is. */
const cutInTwo = (text: Cell | undefined): Cell => String(text).slice(0, String(text).length / 2);

/**
 * 40 rows of one or several events, written by a process without a live trigger, of which somebody edits one.
 */
async function deposited(edit: (row: StoredRow) => Cells, eventsPerRow = 1): Promise<World> {
	const world = new World(seeded(1));
	world.settings = {
		...world.settings,
		...{ executionPer: 'request', maxConcurrentExecutions: EVENTS, maxPendingEvents: 10_000 },
	};
	const depositor = world.process('depositor');
	for (let request = 0; request < EVENTS; request++) {
		const plans = Array.from({ length: eventsPerRow }, (_, n) => ({ id: `${request}.${n}`, failures: 0 }));
		void depositor.receive(world.arrival(plans, depositor.now()));
		await world.time.until(() => false, 20);
	}
	const { journal } = world.database;
	expect(journal.all).toHaveLength(EVENTS);
	journal.all = journal.all.map((row, at) => (at === EDITED ? { ...row, ...edit(row), id: row.id } : row));
	return world;
}

const processed = (world: World): number =>
	[...world.stories.values()].filter((story) => story.processed === 1).length;
const row = (world: World): StoredRow | undefined =>
	world.database.journal.all.find(({ id }) => id === EDITED + 1);

/** The trigger goes live. */
async function delivered(world: World): Promise<void> {
	const leader = world.process('leader');
	leader.lead();
	await world.time.until(() => false, AT_ONCE_MS);
}

const FOREIGN_JSON = ['{}', 'null', '0', '[]', '', '"text"', '{"__proto__":{"history":[]}}', '[{', '1e400'];

describe.each([1, 5])('one of 40 rows of %d events that somebody edited', (eventsPerRow) => {
	const others = (EVENTS - 1) * eventsPerRow;
	const asSetAside = async (edit: (row: StoredRow) => Cells): Promise<World> => {
		const world = await deposited(edit, eventsPerRow);
		await delivered(world);
		expect(processed(world)).toBe(others);
		expect(row(world)).toMatchObject({
			state: 'dead',
			owner: '',
			last_error: expect.stringContaining("can't be read"),
		});
		expect(world.logged).toEqual([expect.stringContaining(`Row ${EDITED + 1} of the journal`)]);
		return world;
	};

	it.each(FOREIGN_JSON.filter((text) => text !== ''))('history = %s', async (history) => {
		const world = await asSetAside(() => ({ history, state: 'retrying', attempt: 1 }));
		// Whoever sends it again forgets what was there.
		world.database.journal.update([{ columnName: 'id', condition: 'eq', value: EDITED + 1 }], {
			state: ' Redrive',
		});
		await world.time.until(() => false, AT_ONCE_MS);
		expect(processed(world)).toBe(EVENTS * eventsPerRow);
		expect(row(world)).toBeUndefined();
	});

	it.each(FOREIGN_JSON.filter((text) => !['', '[]'].includes(text)))('done = %s', async (done) => {
		await asSetAside(() => ({ done }));
	});

	it.each(FOREIGN_JSON)('details = %s', async (details) => {
		await asSetAside(() => ({ details }));
	});

	it.each([-1, 1.5, 1e308, 2 ** 53])('attempt = %d', async (attempt) => {
		await asSetAside(() => ({ attempt }));
	});

	it.each(['', ' ', 'wating', 'runing', '__proto__', 'constructor', 'null', 'dying'])(
		'state = "%s"',
		async (state) => {
			await asSetAside(() => ({ state }));
		},
	);

	it('a payload cut in two, which goes on once it is corrected and set to redrive', async () => {
		let whole: Cell = null;
		const world = await asSetAside(({ payload }) => {
			whole = payload ?? null;
			return { payload: cutInTwo(payload) };
		});
		world.database.journal.update([{ columnName: 'id', condition: 'eq', value: EDITED + 1 }], {
			...{ payload: whole, state: 'redrive' },
		});
		await world.time.until(() => false, AT_ONCE_MS);
		expect(processed(world)).toBe(EVENTS * eventsPerRow);
		expect(world.open).toBe(0);
	});

	it.each(['', '[]', '7', 'null', '{"a":1},{"b":2}', '[1,2]', 'gzip:AAAA'])(
		'payload = %s',
		async (payload) => {
			await asSetAside(() => ({ payload }));
		},
	);

	it.each<Cells>([
		{ events: -1 },
		{ events: 1e308 },
		{ events: null },
		{ due: null },
		{ due: '9999-12-31T00:00:00.000Z', state: 'retrying' },
		{ received: null, summary: null, last_error: 'x', event_type: null, user_id: '' },
		{ place: null },
		{ place: 1e308 },
		{ claim: '' },
		{ claim: null },
		{ owner: null },
		{ owner: 'nobody knows' },
		{ attempt: null },
		{ state: ' Waiting ' },
		{ done: '[]' },
		{ history: null },
	])('%j harms nothing: it goes on with all others', async (cells) => {
		const world = await deposited(() => cells, eventsPerRow);
		await delivered(world);
		await world.time.until(() => false, HEALING_MS);
		expect(processed(world)).toBe(EVENTS * eventsPerRow);
		expect(world.database.journal.all).toEqual([]);
		expect(world.logged).toEqual([]);
	});

	it.each<Cells>([
		{ state: 'redrive' },
		{ state: 'RETRY', attempt: 1 },
		{ state: 'redrive', attempt: 2, history: '{}', done: '{}' },
	])('%j, and it is no dead letter: it goes on with its next attempt', async (cells) => {
		const world = await deposited(() => cells, eventsPerRow);
		await delivered(world);
		expect(processed(world)).toBe(EVENTS * eventsPerRow);
		expect(world.open).toBe(0);
		const begun = [...world.attempts.keys()].find((attempt) => attempt.startsWith(`r${EDITED + 1}.0 `));
		expect(begun).toBe(`r${EDITED + 1}.0 redrive 0 attempt ${Number(cells.attempt ?? 0) + 1}`);
		expect(world.logged).toEqual([expect.stringContaining(`Row ${EDITED + 1} of the journal`)]);
	});

	it.each(['dead', 'Dead ', 'PROCESSED'])('state = "%s": it is left alone', async (state) => {
		const world = await deposited(() => ({ state }), eventsPerRow);
		await delivered(world);
		expect(processed(world)).toBe(others);
		expect(row(world)?.state).toBe(state.trim().toLowerCase());
	});
});

it('redrive on a row that runs: it goes on, and is written as it ends', async () => {
	const world = new World(seeded(1));
	world.durationMs = () => 5_000;
	const leader = world.process('leader');
	leader.lead();
	await world.time.until(() => leader.journal?.queue !== null, HEALING_MS);
	void leader.receive(world.arrival([{ id: 'a', failures: 1 }], leader.now()));
	await world.time.until(() => world.attempts.size === 1, HEALING_MS);
	const { journal } = world.database;
	journal.all = journal.all.map((each) => ({ ...each, state: 'redrive' }));
	await world.time.until(() => world.stories.get('a')?.processed === 1, HEALING_MS);
	await world.time.until(() => false, AT_ONCE_MS);
	expect([...world.attempts.keys()]).toEqual(['r1.0 redrive 0 attempt 1', 'r1.0 redrive 0 attempt 2']);
	expect(journal.all).toEqual([]);
});

it.each([null, -1, 0.5, 1e308, 4_711])(
	'place = %s on a row that waits: what is there is not lost, should n8n be killed then',
	async (place) => {
		const world = new World(seeded(1));
		world.settings = { ...world.settings, executionPer: 'event', maxConcurrentExecutions: 1 };
		world.durationMs = () => 3 * HEALING_MS;
		const leader = world.process('leader');
		leader.lead();
		await world.time.until(() => leader.journal?.queue !== null, HEALING_MS);
		for (const id of ['a', 'b']) void leader.receive(world.arrival([{ id, failures: 0 }], leader.now()));
		await world.time.until(() => false, AT_ONCE_MS);
		const { journal } = world.database;
		journal.all = journal.all.map((each, at) => (at === 1 ? { ...each, place } : each));
		await world.time.until(() => false, 2 * HEALING_MS);
		leader.kill();
		world.durationMs = () => 10;
		world.process('next').lead();
		await world.time.until(() => false, HEALING_MS);
		expect(['a', 'b'].map((id) => world.stories.get(id)?.processed)).toEqual([1, 1]);
	},
);

describe('a dead letter', () => {
	/** One dead letter, after its events have failed for good. */
	async function dead(): Promise<World> {
		const world = new World(seeded(1));
		const leader = world.process('leader');
		leader.lead();
		await world.time.until(() => leader.journal?.queue !== null, HEALING_MS);
		void leader.receive(world.arrival([{ id: 'a', failures: Infinity }], leader.now()));
		await world.time.until(() => world.database.journal.all[0]?.state === 'dead', HEALING_MS);
		return world;
	}

	it.each(['redriv', 're-drive', '', 'waiting', 'running', 'retrying', 'Dead'])(
		'whose state somebody sets to "%s" is dead again, and does not leave once more',
		async (state) => {
			const world = await dead();
			world.database.journal.all = world.database.journal.all.map((each) => ({ ...each, state }));
			await world.time.until(() => false, HEALING_MS);
			expect(world.stories.get('a')?.deadLettered).toBe(1);
			expect(world.database.journal.all).toMatchObject([{ state: 'dead', owner: '', claim: '' }]);
		},
	);
});

it('edits of any kind, in any column: nothing rejects, and all other rows are delivered at once', async () => {
	const texts = fc.constantFrom(...FOREIGN_JSON, 'gzip:', '__proto__', '\0', 'redrive', 'dying', 'running');
	const numbers = fc.constantFrom(-1, 0, 0.5, 1e308, -1e308, 2 ** 53, null);
	const columns = Object.entries(JOURNAL_COLUMNS).filter(([column]) => !/^(workflow|node)_id$/.test(column));
	const cell = fc.constantFrom(...columns).chain(([column, type]) =>
		(type === 'number' ? numbers : fc.oneof(texts, fc.constant(null))).map((value): Cells => ({
			[column]: value,
		})),
	);
	/** A field of a cell that only the node writes, with another value. */
	const field = fc.tuple(
		fc.constantFrom('request', 'receivedAtMs', 'sender', 'batchSize', 'holds', 'indexes', 'sourceIndexes'),
		fc.constantFrom<unknown>(null, -1, 1e308, 'x', [], [7], {}, true),
	);
	const edits = fc.tuple(fc.array(cell, { maxLength: 3 }), fc.option(field));
	await fc.assert(
		fc.asyncProperty(edits, fc.constantFrom(1, 3), async ([cells, changed], eventsPerRow) => {
			const world = await deposited((before) => {
				const after: Record<string, Cell> = Object.assign({}, ...cells);
				if (changed === null || after.details !== undefined) return after;
				const [name, value] = changed;
				const details = { ...(JSON.parse(String(before.details)) as object), [name]: value };
				return { ...after, details: JSON.stringify(details) };
			}, eventsPerRow);
			await delivered(world);
			expect(processed(world)).toBeGreaterThanOrEqual((EVENTS - 1) * eventsPerRow);
			expect(rejections).toEqual([]);
		}),
		{ numRuns: isQuick ? 150 : 1_500 },
	);
});
