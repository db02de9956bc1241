import type { Item, Parcel } from '../queue/item';
import type { RowState } from '../../shared/journal/columns';
import { type Cell, type Cells, type Condition, eq, gte, lte } from '../../shared/dataTables/table';

/**
 * Which number identifies a row within its claim: `place` for rows made here, the table's id for rows taken
 * over.
 */
export type NumberedBy = 'place' | 'id';

/** A row of the table that this process is responsible for. */
export class JournalRow implements Parcel {
	/** How many of its items are not settled. */
	size: number;
	/** Indexes of the items that are settled, while other items of the row are not. */
	readonly done: number[] = [];
	/** Changes that are not yet in the table. */
	pending: Record<string, Cell> | null = null;
	/** It was removed, or will be. */
	isGone = false;
	isInserted = false;
	isBeingWritten = false;
	/** How many failed attempts are recorded in the table. */
	attemptsRecorded = 0;
	/** Called once all changes of the row are in the table. */
	onWritten: Array<(isOurs: boolean) => void> = [];

	constructor(
		/** The row in the table belongs to this process while it has this claim. */
		readonly claim: string,
		readonly numberedBy: NumberedBy,
		readonly number: number,
		readonly items: readonly Item[],
		/** The state in the table, or the state that will be written next. */
		public state: RowState,
		public attempt: number,
	) {
		this.size = items.length;
	}
}

/** The largest gap between two numbers that is searched for rows that must not be changed. */
const LONGEST_GAP = 2_000;

/** The rows of each claim. They let one condition cover many rows. */
export class LiveRows {
	private readonly byClaim = new Map<string, Map<number, JournalRow>>();

	get isEmpty(): boolean {
		return this.byClaim.size === 0;
	}

	get all(): JournalRow[] {
		return [...this.byClaim.values()].flatMap((rows) => [...rows.values()]);
	}

	has(claim: string, number: number): boolean {
		return this.byClaim.get(claim)?.has(number) === true;
	}

	add(row: JournalRow): void {
		const rows = this.byClaim.get(row.claim);
		if (rows === undefined) this.byClaim.set(row.claim, new Map([[row.number, row]]));
		else rows.set(row.number, row);
	}

	remove(row: JournalRow): void {
		const rows = this.byClaim.get(row.claim);
		rows?.delete(row.number);
		if (rows?.size === 0) this.byClaim.delete(row.claim);
	}

	/**
	 * The smallest number of filters that match exactly these rows, each by a claim and a range of numbers. A
	 * row that another process has taken over has another claim by then, so it is not changed.
	 * @param sparesGone whether rows that will be removed must not be changed either: if they lost their claim,
	 * they would stay in the table
	 */
	filtersOf(
		rows: readonly JournalRow[],
		sparesGone = false,
	): Array<{ filter: Condition[]; rows: JournalRow[] }> {
		const sorted = [...rows].sort((one, other) =>
			one.claim === other.claim ? one.number - other.number : one.claim < other.claim ? -1 : 1,
		);
		const runs: JournalRow[][] = [];
		for (const row of sorted) {
			const run = runs.at(-1);
			const last = run?.at(-1);
			if (run !== undefined && last?.claim === row.claim && this.isClear(last, row, sparesGone))
				run.push(row);
			else runs.push([row]);
		}
		return runs.map((run) => {
			const [first] = run as [JournalRow];
			const last = run.at(-1) as JournalRow;
			const range =
				first === last
					? [eq(first.numberedBy, first.number)]
					: [gte(first.numberedBy, first.number), lte(first.numberedBy, last.number)];
			return { filter: [eq('claim', first.claim), ...range], rows: run };
		});
	}

	/**
	 * Whether a filter may cover all numbers between the two rows. Rows that will be removed only count with
	 * `sparesGone`.
	 */
	private isClear(from: JournalRow, to: JournalRow, sparesGone: boolean): boolean {
		if (to.number - from.number > LONGEST_GAP) return false;
		const rows = this.byClaim.get(from.claim);
		for (let number = from.number + 1; number < to.number; number++) {
			const between = rows?.get(number);
			if (between !== undefined && (sparesGone || !between.isGone)) return false;
		}
		return true;
	}
}

/** A text that is the same for equal cells. Rows with equal cells are written together. */
export const sameCells = (cells: Cells): string => JSON.stringify(Object.entries(cells).sort());
