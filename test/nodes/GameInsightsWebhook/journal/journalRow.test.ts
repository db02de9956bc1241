import { JournalRow, LiveRows } from '../../../../nodes/GameInsightsWebhook/journal/journalRow';

const row = (claim: string, number: number): JournalRow =>
	new JournalRow(claim, claim === 'own' ? 'place' : 'id', number, [], 'waiting', 0);

function liveRows(...rows: JournalRow[]): LiveRows {
	const live = new LiveRows();
	for (const one of rows) live.add(one);
	return live;
}

const named = (live: LiveRows, rows: JournalRow[]) => live.filtersOf(rows).map(({ filter }) => filter);
const condition = (columnName: string, name: string, value: unknown) => ({
	columnName,
	condition: name,
	value,
});

describe('rows are named by their claim and a range of numbers', () => {
	it('one row by its number', () => {
		const only = row('own', 3);
		expect(named(liveRows(only), [only])).toEqual([
			[condition('claim', 'eq', 'own'), condition('place', 'eq', 3)],
		]);
	});

	it('rows that follow each other by one range, in whatever order they are given', () => {
		const rows = [row('own', 5), row('own', 3), row('own', 4)];
		expect(named(liveRows(...rows), rows)).toEqual([
			[condition('claim', 'eq', 'own'), condition('place', 'gte', 3), condition('place', 'lte', 5)],
		]);
	});

	it('a range goes over rows that are still there but on their way out', () => {
		const rows = [row('own', 1), row('own', 2), row('own', 3)] as const;
		rows[1].isGone = true;
		expect(named(liveRows(...rows), [rows[0], rows[2]])).toEqual([
			[condition('claim', 'eq', 'own'), condition('place', 'gte', 1), condition('place', 'lte', 3)],
		]);
	});

	it('a range that gives up the claim spares rows on their way out: one without its claim would stay', () => {
		const rows = [row('own', 1), row('own', 2), row('own', 3)] as const;
		rows[1].isGone = true;
		expect(liveRows(...rows).filtersOf([rows[0], rows[2]], true)).toMatchObject([
			{ filter: [condition('claim', 'eq', 'own'), condition('place', 'eq', 1)] },
			{ filter: [condition('claim', 'eq', 'own'), condition('place', 'eq', 3)] },
		]);
	});

	it('a range goes over rows that are gone, and never over one that is not meant', () => {
		const [first, third, other, fifth] = [row('own', 1), row('own', 3), row('own', 4), row('own', 5)];
		const live = liveRows(first, third, other, fifth);
		expect(named(live, [first, third, fifth])).toEqual([
			[condition('claim', 'eq', 'own'), condition('place', 'gte', 1), condition('place', 'lte', 3)],
			[condition('claim', 'eq', 'own'), condition('place', 'eq', 5)],
		]);
		live.remove(other);
		expect(named(live, [first, third, fifth])).toHaveLength(1);
	});

	it('rows of different claims never share a filter', () => {
		const [own, taken] = [row('own', 1), row('own/1', 2)];
		expect(named(liveRows(own, taken), [own, taken])).toEqual([
			[condition('claim', 'eq', 'own'), condition('place', 'eq', 1)],
			[condition('claim', 'eq', 'own/1'), condition('id', 'eq', 2)],
		]);
	});
});
