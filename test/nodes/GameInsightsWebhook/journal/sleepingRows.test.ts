import { OwnRows } from '../../../../nodes/GameInsightsWebhook/journal/ownRows';
import { rowsOfEvents } from '../../../../nodes/GameInsightsWebhook/journal/rows';
import {
	type Asleep,
	SleepingRows,
	claimOfSleep,
	executionOfSleep,
	sleepingIn,
} from '../../../../nodes/GameInsightsWebhook/journal/sleepingRows';
import { Item, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { NODE, arrivalOf, cellsOfEventRow } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

describe('the claim of a sleeping row', () => {
	it('names its execution', () => {
		expect(executionOfSleep({ id: 1, claim: claimOfSleep('1234') })).toBe('1234');
	});

	it.each(['', null, 'execution', 'execution ', 'execution 1/../2', 'id7/3', 12])(
		'names none when it is %j',
		(claim) => {
			expect(executionOfSleep({ id: 1, claim })).toBeNull();
		},
	);
});

describe('the events that sleep in a row', () => {
	it('are those that are not done, with their keys', () => {
		const row = cellsOfEventRow([{}, {}, {}]);
		expect(sleepingIn({ ...row, id: 1 })).toEqual({ events: 3, keys: ['event:0', 'event:1', 'event:2'] });
		expect(sleepingIn({ ...row, id: 1, done: '[0,2]' })).toEqual({ events: 1, keys: ['event:1'] });
	});

	it('are not known when a user has edited the row in such a way that it can not be read', () => {
		expect(sleepingIn({ id: 1, details: '{' })).toEqual({ events: 0, keys: [] });
	});
});

describe('events whose execution sleeps', () => {
	/** A row with two events, in one execution. */
	async function world() {
		const { time, database, tables, pass, run } = simulatedTables();
		const written: Asleep[] = [];
		const rows = new OwnRows('me', NODE, { keepProcessedMs: 0 }, tables.journal, {
			now: () => time.nowMs,
			tableNow: () => time.nowMs,
			sleep: time.sleep,
			failed: () => undefined,
			expiryColumn: () => 'expires',
		});
		const arrival = arrivalOf([{ event_type: 'a' }, { event_type: 'b' }]);
		const held = heldRequest(arrival);
		const items = arrival.events.map((event) => new Item(held, { arrival, ...event }, null));
		const row = rows.make(items, 'running', 1);
		const [made] = rowsOfEvents(arrival, items, Infinity);
		await run(rows.insert([{ ...made?.cells, ...rows.cellsOf(row) }], 2));
		rows.writer.inserted(row);
		const sleeping = new SleepingRows(rows, (asleep) => void written.push(asleep));
		return { database, journal: database.journal, items, sleeping, written, pass };
	}

	it('stay in their row when all of them sleep: it has no owner and names the execution', async () => {
		const { journal, items, sleeping, written, pass } = await world();
		sleeping.add(items, '7');
		expect(written).toEqual([]);
		await pass(1_000);
		expect(journal.all).toMatchObject([{ state: 'sleeping', owner: '', claim: 'execution 7', events: 2 }]);
		expect(written).toEqual([{ executionId: '7', keys: ['event:0', 'event:1'], events: 2 }]);
	});

	it('get a row of their own when others of their row do not sleep', async () => {
		const { journal, items, sleeping, written, pass } = await world();
		sleeping.add([items[1] as Item], '7');
		await pass(1_000);
		expect(journal.all).toMatchObject([
			{ state: 'running', owner: 'me', done: '[1]' },
			{ state: 'sleeping', owner: '', claim: 'execution 7', event_type: 'b', payload: '{"event_type":"b"}' },
		]);
		expect(written).toEqual([{ executionId: '7', keys: ['event:1'], events: 1 }]);
	});
});
