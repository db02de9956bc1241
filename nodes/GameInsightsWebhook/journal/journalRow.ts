import type { Item, Parcel } from '../queue/item';
import type { RowState } from './columns';
import type { Cell, Cells, Condition } from './table';
import { eq, gte, lte } from './table';

/**
 * Which number tells the rows of one claim apart: rows made here have a place, rows taken over the table's
 * id.
 */
export type NumberedBy = 'place' | 'id';

/** A row of the table that this process answers for. */
export class JournalRow implements Parcel {
	/** How many of its items are not settled. */
	size: number;
	/** Indexes of those that are, while the others are not. */
	readonly done: number[] = [];
	/** Changes that the table does not have yet. */
	pending: Record<string, Cell> | null = null;
	/** It is to be removed, or was. */
	isGone = false;
	isInserted = false;
	isBeingWritten = false;
	/** How many failed attempts the table knows the story of. */
	attemptsRecorded = 0;
	/** Told once the table has everything. */
	onWritten: Array<(isOurs: boolean) => void> = [];

	constructor(
		/** The table's row belongs to us for as long as it has this claim. */
		readonly claim: string,
		readonly numberedBy: NumberedBy,
		readonly number: number,
		readonly items: readonly Item[],
		/** As the table has it, or will have it. */
		public state: RowState,
		public attempt: number,
	) {
		this.size = items.length;
	}
}

/** Longest gap between two numbers that is looked through for rows that must not be touched. */
const LONGEST_GAP = 2_000;

/** The rows of each claim, to write many of them with one condition. */
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
	 * The fewest filters that name exactly these rows, each by a claim and a range of numbers. A row that
	 * somebody else has taken over has another claim by then, and is not touched.
	 * @param sparesGone whether rows that are to be removed must not be touched either: without its claim one
	 * would stay
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

	/** Whether no row between the two is anybody's concern; one that is to be removed is not, unless told. */
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

/** Cells that are equal get written together. */
export const sameCells = (cells: Cells): string => JSON.stringify(Object.entries(cells).sort());
