import type { Path } from '../intake/validate/path';
import type { IsHeld } from '../queue/order';
import { orderKeysIn } from './restoredRow';
import type { StoredRow } from '../../shared/dataTables/table';

/** Far more rows than a table can have. */
const MOST_ROWS = 2 ** 51;

/**
 * Helps a process that begins to deliver to keep the order of `orderBy`. For a while, rows that were in the
 * table before belong to other processes, until those are known to be dead or have finished the rows. Events
 * with the same values wait for these rows, and once the rows are taken over they come first.
 */
export class EarlierRows {
	/** The id of the last row that was there before. It rises until all earlier rows were seen. */
	private lastId = 0;
	private hasSeenAll = false;
	private isOver: boolean;

	/** @param holdBack makes events wait, by their values of `orderBy` and their ranks */
	constructor(
		private readonly orderBy: Path | null,
		private readonly holdBack: (isHeld: IsHeld) => void,
	) {
		this.isOver = orderBy === null;
		if (!this.isOver) holdBack(() => true);
	}

	/** Whether events may still have to wait for rows of other processes. */
	get isWaiting(): boolean {
		return !this.isOver;
	}

	/**
	 * The rank of a row's events among the events of this process. Undefined for a row that has just come. Rows
	 * that a user sent again come after the earlier rows.
	 */
	rankOf(id: number, isSentAgain: boolean): number | undefined {
		if (this.orderBy === null || (this.hasSeenAll && id > this.lastId)) return undefined;
		return id - (isSentAgain ? MOST_ROWS : 2 * MOST_ROWS);
	}

	/**
	 * The open rows of other processes were read, the oldest first.
	 * @param isAll whether these are all of them
	 * @param isTaken whether this process owns a row now
	 */
	looked(rows: readonly StoredRow[], isAll: boolean, isTaken: (row: StoredRow) => boolean): void {
		const { orderBy } = this;
		if (orderBy === null || this.isOver) return;
		const last = rows.at(-1)?.id ?? 0;
		if (!this.hasSeenAll) {
			this.lastId = Math.max(this.lastId, last);
			this.hasSeenAll = isAll;
		}
		// More earlier rows may follow.
		const hasMore = !isAll && last <= this.lastId;
		const left = rows.filter((row) => row.id <= this.lastId && !isTaken(row));
		this.isOver = left.length === 0 && !hasMore;
		const keys = new Set(left.flatMap((row) => orderKeysIn(row, orderBy)));
		// Events that came before all remaining rows need not wait for them.
		const from = (left[0]?.id ?? last + 1) - 2 * MOST_ROWS;
		this.holdBack((orderKey, rank) => rank >= from && (hasMore || keys.has(orderKey)));
	}
}
