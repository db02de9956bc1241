import { Deposits } from '../../../../nodes/GameInsightsWebhook/journal/deposit';
import { TableFailure } from '../../../../nodes/shared/dataTables/table';
import { NODE, arrivalOf, letterOf } from '../../../support/journalEvents';
import { simulatedTables } from '../../../support/simulatedTables';

const EVENTS = [{ event_type: 'a' }, { event_type: 'b' }, { event_type: 'c' }];

function world() {
	const { time, database, tables, pass, run } = simulatedTables();
	const deposits = new Deposits('webhook process', NODE, tables.journal, time.sleep);
	const deposit = async (mostEventsPerRow = 1, more: Parameters<typeof arrivalOf>[1] = {}) =>
		await run(deposits.deposit(arrivalOf(EVENTS, more), mostEventsPerRow));
	return { database, pass, deposit };
}

describe('a request that comes where no trigger is live', () => {
	it('is in the table as rows that wait and that nobody owns, in the order of its events', async () => {
		const { database, deposit } = world();
		expect(await deposit()).toBeNull();
		expect(database.journal.all).toMatchObject(
			['a', 'b', 'c'].map((event_type, place) => ({
				...{ event_type, place, state: 'waiting', attempt: 0 },
				...{ owner: '', claim: 'webhook process', workflow_id: 'w', node_id: 'n' },
			})),
		);
	});

	it('has as many events in a row as may run together', async () => {
		const { database, deposit } = world();
		await deposit(2);
		expect(database.journal.all.map(({ events }) => events)).toEqual([2, 1]);
	});

	it('brings its dead letters too, to be delivered as such', async () => {
		const { database, deposit } = world();
		await deposit(Infinity, { deadLetters: [letterOf({ event_type: 'bad' })] });
		expect(database.journal.all).toMatchObject([
			{ state: 'waiting', events: 3 },
			{ state: 'dying', event_type: 'bad', owner: '', place: 1 },
		]);
	});

	it('shares no number with the rows of another request', async () => {
		const { database, deposit } = world();
		await deposit(2);
		await deposit(2);
		expect(database.journal.all.map(({ place }) => place)).toEqual([0, 1, 2, 3]);
	});
});

describe('a request that may not be in the table', () => {
	it('is refused with the reason, and nothing is removed when it certainly is not there', async () => {
		const { database, pass, deposit } = world();
		database.isFull = true;
		expect(await deposit()).toMatchObject({ kind: 'full' });
		await pass(60_000);
		expect(database.calls).toBe(1);
	});

	it('is taken when the rows are there although the answer to the insert got lost', async () => {
		const { database, deposit } = world();
		database.faultOf = (call) => (call === 0 ? 'after' : 'none');
		expect(await deposit()).toBeNull();
		expect(database.journal.all).toHaveLength(3);
	});

	it('is refused and removed again when the table can only be reached some time later', async () => {
		const { database, pass, deposit } = world();
		database.faultOf = (call) => (call === 0 ? 'after' : call < 4 ? 'before' : 'none');
		const failure = await deposit();
		expect(failure).toBeInstanceOf(TableFailure);
		expect(failure?.kind).toBe('unreachable');
		await pass(1_000);
		expect(database.journal.all).toEqual([]);
	});

	it('stays when it can not be removed either: then it is delivered, and its repeat is a duplicate', async () => {
		const { database, pass, deposit } = world();
		database.faultOf = (call) => (call === 0 ? 'after' : 'before');
		expect(await deposit()).toMatchObject({ kind: 'unreachable' });
		await pass(60_000);
		expect(database.journal.all).toHaveLength(3);
		expect(database.calls).toBe(5);
	});

	it('leaves the rows alone that a process with a live trigger has taken over meanwhile', async () => {
		const { database, pass, deposit } = world();
		database.faultOf = (call) => {
			if (call === 3)
				database.journal.update([{ columnName: 'place', condition: 'eq', value: 1 }], { owner: 'p' });
			return call === 0 ? 'after' : call < 4 ? 'before' : 'none';
		};
		await deposit();
		await pass(1_000);
		expect(database.journal.all).toMatchObject([{ place: 1, owner: 'p' }]);
	});
});
