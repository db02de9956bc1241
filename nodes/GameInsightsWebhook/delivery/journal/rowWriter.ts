import { type JournalRow, LiveRows, sameCells } from './journalRow';
import {
	type Cell,
	type Cells,
	type Condition,
	type Table,
	type TableFailure,
	asTableFailure,
} from './table';

/** Waits between two tries while the table can't be reached. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4_000;
/** Calls at the same time. */
const MOST_CALLS = 4;
/** For how long rows that only have to go gather: nobody waits for them, and each call costs n8n as much as some events. */
const GATHER_REMOVALS_MS = 50;

/** What the writer needs of the world. */
export interface RowWriterPorts {
	sleep(milliseconds: number): Promise<void>;
	failed(failure: TableFailure): void;
}

interface Call {
	readonly filter: Condition[];
	readonly rows: readonly JournalRow[];
	/** Null removes the rows. */
	readonly cells: Record<string, Cell> | null;
}

/**
 * Brings the rows of the table to what they ought to be, for as long as it takes. What is wanted of a row while the table is
 * being written is written next, many rows in one call; of two changes of the same cell only the later one is written.
 * Every call names the claim of its rows, so it touches nothing that somebody else has taken over.
 */
export class RowWriter {
	readonly live = new LiveRows();
	private dirty = new Set<JournalRow>();
	private isWorking = false;
	private isStopped = false;
	private isFlushing = false;
	/** Ends the gathering of removals. */
	private hurry: () => void = () => undefined;
	private idle: Array<() => void> = [];

	constructor(
		private readonly table: Pick<Table, 'update' | 'remove'>,
		private readonly ports: RowWriterPorts,
	) {}

	get hasStopped(): boolean {
		return this.isStopped;
	}

	change(row: JournalRow, cells: Cells): void {
		if (this.isStopped || row.isGone) return;
		row.pending = { ...row.pending, ...cells };
		this.touch(row);
	}

	remove(row: JournalRow): void {
		if (this.isStopped || row.isGone) return;
		row.isGone = true;
		row.pending = null;
		this.touch(row);
	}

	/** The row is in the table now. */
	inserted(row: JournalRow): void {
		row.isInserted = true;
		if (row.isGone || row.pending !== null) this.touch(row);
	}

	/** The row is not in the table, and never will be. */
	forget(row: JournalRow): void {
		row.isGone = true;
		this.dirty.delete(row);
		this.live.remove(row);
		this.tell(row, false);
	}

	/** Resolves once the table has everything that is wanted of the row; with `false` when it was lost before. */
	async written(row: JournalRow): Promise<boolean> {
		if (this.isStopped) return false;
		if (row.pending === null && !row.isBeingWritten && row.isInserted) return true;
		return await new Promise((resolve) => row.onWritten.push(resolve));
	}

	/** Resolves once nothing is left to be written, or after a time. */
	async flushed(timeoutMs: number): Promise<void> {
		if (this.dirty.size === 0 && !this.isWorking) return;
		this.isFlushing = true;
		this.hurry();
		await Promise.race([
			new Promise<void>((resolve) => this.idle.push(resolve)),
			this.ports.sleep(timeoutMs),
		]);
		this.isFlushing = false;
	}

	/** Nothing is written any more: the rows are somebody else's. */
	stop(): void {
		this.isStopped = true;
		this.dirty.clear();
		for (const row of this.live.all) this.tell(row, false);
	}

	private touch(row: JournalRow): void {
		if (!row.isInserted) return;
		this.dirty.add(row);
		if (!row.isGone) this.hurry();
		if (!this.isWorking) void this.work();
	}

	/** Waits while there is nothing but rows to remove. */
	private async gatherRemovals(): Promise<void> {
		if (this.isFlushing) return;
		for (const row of this.dirty) if (!row.isGone) return;
		await Promise.race([
			this.ports.sleep(GATHER_REMOVALS_MS),
			new Promise<void>((resolve) => (this.hurry = resolve)),
		]);
	}

	private async work(): Promise<void> {
		this.isWorking = true;
		let waitMs = FIRST_WAIT_MS;
		// What is wanted in the same turn of the event loop goes together.
		await Promise.resolve();
		while (this.dirty.size > 0 && !this.isStopped) {
			await this.gatherRemovals();
			const calls = this.callsFor([...this.dirty]);
			this.dirty.clear();
			let hasFailed = false;
			const next = calls.values();
			const lane = async (): Promise<void> => {
				for (const call of next) {
					if (!(await this.perform(call))) hasFailed = true;
				}
			};
			await Promise.all(Array.from({ length: Math.min(MOST_CALLS, calls.length) }, lane));
			if (hasFailed) {
				await this.ports.sleep(waitMs);
				waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
			} else {
				waitMs = FIRST_WAIT_MS;
			}
		}
		this.isWorking = false;
		for (const resolve of this.idle.splice(0)) resolve();
	}

	private callsFor(rows: readonly JournalRow[]): Call[] {
		const removed = rows.filter((row) => row.isGone);
		const changed = new Map<string, { cells: Record<string, Cell>; rows: JournalRow[] }>();
		for (const row of rows) {
			if (row.isGone || row.pending === null) continue;
			const cells = row.pending;
			row.pending = null;
			row.isBeingWritten = true;
			const same = changed.get(sameCells(cells));
			if (same === undefined) changed.set(sameCells(cells), { cells, rows: [row] });
			else same.rows.push(row);
		}
		return [
			...[...changed.values()].flatMap(({ cells, rows: own }) =>
				this.live.filtersOf(own).map((run) => ({ ...run, cells })),
			),
			...this.live.filtersOf(removed).map((run) => ({ ...run, cells: null })),
		];
	}

	private async perform({ filter, rows, cells }: Call): Promise<boolean> {
		try {
			if (cells === null) await this.table.remove(filter);
			else await this.table.update(filter, cells);
		} catch (error) {
			this.ports.failed(asTableFailure(error));
			if (this.isStopped) return true;
			for (const row of rows) {
				row.isBeingWritten = false;
				if (cells !== null && !row.isGone) row.pending = { ...cells, ...row.pending };
				this.dirty.add(row);
			}
			return false;
		}
		for (const row of rows) {
			row.isBeingWritten = false;
			if (row.isGone && cells !== null) this.dirty.add(row);
			else if (row.isGone) this.live.remove(row);
			// Nobody's any more: it has left our claim.
			else if (cells?.claim !== undefined && row.pending === null) this.live.remove(row);
			if (row.pending === null) this.tell(row, !this.isStopped);
		}
		return true;
	}

	private tell(row: JournalRow, isOurs: boolean): void {
		for (const told of row.onWritten.splice(0)) told(isOurs);
	}
}
