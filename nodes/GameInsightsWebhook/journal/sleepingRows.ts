import { grouped } from '../queue/grouped';
import type { Item } from '../queue/item';
import type { StoredRow } from '../../shared/dataTables/table';
import { detailsIn, readableDoneIn, textIn } from '../../shared/journal/writtenCells';
import type { JournalRow } from './journalRow';
import type { OwnRows } from './ownRows';
import { cellsOfAttempts, rowsOfEvents } from './rows';

const CLAIM = /^execution ([\w-]+)$/;

/** What the column `claim` of a sleeping row holds: one filter finds all rows of an execution. */
export const claimOfSleep = (executionId: string): string => `execution ${executionId}`;

/** The execution in which a row sleeps. Null when the row does not say. */
export const executionOfSleep = (row: StoredRow): string | null =>
	CLAIM.exec(textIn(row, 'claim'))?.[1] ?? null;

/**
 * The events that sleep in a row: how many there are, and their keys for deduplication. None when a user has
 * edited the row in such a way that it can't be read.
 */
export function sleepingIn(row: StoredRow): { readonly events: number; readonly keys: readonly string[] } {
	try {
		const { indexes, keys } = detailsIn(row);
		const done = new Set(readableDoneIn(row));
		const open = [...indexes.keys()].filter((at) => !done.has(indexes[at] as number));
		return { events: open.length, keys: open.flatMap((at) => keys[at] ?? []) };
	} catch {
		// If its execution fails, it is set aside when it is read then.
		return { events: 0, keys: [] };
	}
}

/** An execution that sleeps. */
export interface Asleep {
	readonly executionId: string;
	/** The keys of its events, for deduplication. */
	readonly keys: Iterable<string>;
	/** How many events it has. */
	readonly events: number;
}

/** Writes which events sleep in an execution. Their rows lose their owner: any process may follow it. */
export class SleepingRows {
	constructor(
		private readonly rows: OwnRows,
		/** The rows of these events are in the table. */
		private readonly written: (asleep: Asleep) => void,
	) {}

	/** The execution of these events sleeps. */
	add(items: readonly Item[], executionId: string): void {
		for (const [row, own] of grouped(items, ({ parcel }) => parcel as JournalRow)) {
			if (own.length === row.size) this.markSleeping(row, own, executionId);
			else void this.markSleepingApart(row, own, executionId);
		}
	}

	/** All events of the row that are not finished sleep in one execution. */
	private markSleeping(row: JournalRow, items: readonly Item[], executionId: string): void {
		const [{ tried }] = items as [Item];
		const keys = items.flatMap(({ event }) => event?.deduplicationKey ?? []);
		row.size = 0;
		this.rows.move(row, 'sleeping', row.attempt, {
			...cellsOfAttempts(tried),
			...(row.done.length === 0 ? {} : { done: JSON.stringify(row.done) }),
			owner: '',
			claim: claimOfSleep(executionId),
		});
		void this.rows.writer.written(row).then((isOurs) => {
			if (isOurs) this.written({ executionId, keys, events: items.length });
		});
	}

	/** Only some events of the row sleep, so they get rows of their own. */
	private async markSleepingApart(
		row: JournalRow,
		items: readonly Item[],
		executionId: string,
	): Promise<void> {
		const [{ held, tried }] = items as [Item];
		const made = rowsOfEvents(held.arrival, items, Infinity).map(({ items: own, cells }) => {
			// If this process dies before the row says that it sleeps, its events count as interrupted.
			const apart = this.rows.make(own, 'running', tried.attempts);
			return { apart, own, cells: { ...cells, ...cellsOfAttempts(tried), ...this.rows.cellsOf(apart) } };
		});
		const isThere = await this.rows.insertUntilThere(made.map(({ cells }) => cells));
		if (!isThere) return;
		for (const { apart, own } of made) {
			this.rows.writer.inserted(apart);
			this.markSleeping(apart, own, executionId);
		}
		for (const item of items) this.rows.finish(row, item, false);
	}
}
