import type { Path } from '../intake/validate/path';
import type { IsHeld } from '../queue/order';
import { orderKeysIn } from './rows';
import type { StoredRow } from './table';

/** Far more rows than a table can have. */
const MOST_ROWS = 2 ** 51;

/**
 * What `orderBy` asks of a process that begins to deliver: rows that were in the table before belong to
 * others for a while, until those are known to be dead or have come to their end. Events with the same values
 * wait for them, and once those rows are taken over they come first.
 */
export class EarlierRows {
	/** The last row that was there before; rises until all of them were seen. */
	private lastId = 0;
	private hasSeenAll = false;
	private isOver: boolean;

	/** @param holdBack has events wait, by their values of `orderBy` and their ranks */
	constructor(
		private readonly orderBy: Path | null,
		private readonly holdBack: (isHeld: IsHeld) => void,
	) {
		this.isOver = orderBy === null;
		if (!this.isOver) holdBack(() => true);
	}

	/** Whether events may still wait for rows of others. */
	get isWaiting(): boolean {
		return !this.isOver;
	}

	/**
	 * Where a row's events stand among those of this process, as a rank; undefined for those that have just
	 * come. What was sent again by a user goes behind what was there.
	 */
	rankOf(id: number, isSentAgain: boolean): number | undefined {
		if (this.orderBy === null || (this.hasSeenAll && id > this.lastId)) return undefined;
		return id - (isSentAgain ? MOST_ROWS : 2 * MOST_ROWS);
	}

	/**
	 * The open rows of others were read, the oldest first.
	 * @param isAll whether there are no more than these
	 * @param isTaken whether a row is our own by now
	 */
	looked(rows: readonly StoredRow[], isAll: boolean, isTaken: (row: StoredRow) => boolean): void {
		const { orderBy } = this;
		if (orderBy === null || this.isOver) return;
		const last = rows.at(-1)?.id ?? 0;
		if (!this.hasSeenAll) {
			this.lastId = Math.max(this.lastId, last);
			this.hasSeenAll = isAll;
		}
		// Further ones that were there before may follow.
		const hasMore = !isAll && last <= this.lastId;
		const left = rows.filter((row) => row.id <= this.lastId && !isTaken(row));
		this.isOver = left.length === 0 && !hasMore;
		const keys = new Set(left.flatMap((row) => orderKeysIn(row, orderBy)));
		// What came before all that is left need not wait for it.
		const from = (left[0]?.id ?? last + 1) - 2 * MOST_ROWS;
		this.holdBack((orderKey, rank) => rank >= from && (hasMore || keys.has(orderKey)));
	}
}
