import { type JournalRow, LiveRows, sameCells } from './journalRow';
import { Rounds } from './rounds';
import {
	type Cell,
	type Cells,
	type Condition,
	type Table,
	type TableFailure,
	asTableFailure,
} from '../../shared/dataTables/table';

/** The most calls of a round at the same time. */
const MOST_CALLS = 4;
/**
 * The time from the start of a round to the start of the next. Changes that are requested in the meantime
 * share a call, because each call costs n8n as much as some events. The first round after a rest starts at
 * once. Nothing waits for rows that only have to be removed.
 */
const CHANGES_EVERY_MS = 40;
const REMOVALS_EVERY_MS = 300;

/** The functions that the writer depends on. */
export interface RowWriterPorts {
	sleep(milliseconds: number): Promise<void>;
	failed(failure: TableFailure): void;
}

interface Call {
	readonly filter: Condition[];
	readonly rows: readonly JournalRow[];
	/** The cells to write. Null removes the rows. */
	readonly cells: Record<string, Cell> | null;
}

/**
 * Writes changes of rows to the table, and tries until that succeeds. Changes that are requested during a
 * call are written by the next call, many rows in one call. Of two changes of the same cell only the later
 * one is written. Every call names the claim of its rows, so it never changes rows that another process has
 * taken over.
 */
export class RowWriter {
	readonly live = new LiveRows();
	private readonly changes: Rounds;
	private readonly removals: Rounds;
	private isStopped = false;
	private isFull = false;

	constructor(
		private readonly table: Pick<Table, 'update' | 'remove'>,
		private readonly ports: RowWriterPorts,
	) {
		const rounds = (everyMs: number, callsFor: (rows: readonly JournalRow[]) => Call[]): Rounds =>
			new Rounds(
				everyMs,
				async (milliseconds) => await ports.sleep(milliseconds),
				async (rows) => await this.performAll(callsFor(rows)),
			);
		this.changes = rounds(CHANGES_EVERY_MS, (rows) => this.changesOf(rows));
		this.removals = rounds(REMOVALS_EVERY_MS, (rows) =>
			this.live.filtersOf(rows).map((run) => ({ ...run, cells: null })),
		);
	}

	get hasStopped(): boolean {
		return this.isStopped;
	}

	change(row: JournalRow, cells: Cells): void {
		if (this.isStopped || row.isGone) return;
		row.pending = { ...row.pending, ...cells };
		if (row.isInserted) this.changes.add(row);
	}

	remove(row: JournalRow): void {
		if (this.isStopped || row.isGone) return;
		row.isGone = true;
		row.pending = null;
		if (row.isInserted) this.removals.add(row);
	}

	/** The row is now in the table. */
	inserted(row: JournalRow): void {
		row.isInserted = true;
		if (this.isStopped) return;
		if (row.isGone) this.removals.add(row);
		else if (row.pending !== null) this.changes.add(row);
	}

	/** The row is not in the table and never will be. */
	forget(row: JournalRow): void {
		row.isGone = true;
		this.changes.drop(row);
		this.removals.drop(row);
		this.live.remove(row);
		this.resolveWritten(row, false);
	}

	/**
	 * Resolves once all requested changes of the row are in the table. Resolves with `false` when the row was
	 * lost before. A table without room takes no changes: then this resolves all the same, because delivering
	 * its events makes room.
	 */
	async written(row: JournalRow): Promise<boolean> {
		if (this.isStopped) return false;
		if (this.isFull && row.isInserted) return true;
		if (row.pending === null && !row.isBeingWritten && row.isInserted) return true;
		return await new Promise((resolve) => row.onWritten.push(resolve));
	}

	/** Resolves once nothing is left to be written, or after `timeoutMs`. */
	async flushed(timeoutMs: number): Promise<void> {
		const both = [this.changes, this.removals];
		await Promise.race([
			Promise.all(both.map(async (rounds) => await rounds.flushed())),
			this.ports.sleep(timeoutMs),
		]);
		for (const rounds of both) rounds.endFlush();
	}

	/** Stops writing: the rows belong to another process. */
	stop(): void {
		this.isStopped = true;
		this.changes.clear();
		this.removals.clear();
		for (const row of this.live.all) this.resolveWritten(row, false);
	}

	private changesOf(rows: readonly JournalRow[]): Call[] {
		const alike = new Map<string, { cells: Record<string, Cell>; rows: JournalRow[] }>();
		for (const row of rows) {
			if (row.isGone || row.pending === null) continue;
			const cells = row.pending;
			row.pending = null;
			row.isBeingWritten = true;
			const same = alike.get(sameCells(cells));
			if (same === undefined) alike.set(sameCells(cells), { cells, rows: [row] });
			else same.rows.push(row);
		}
		return [...alike.values()].flatMap(({ cells, rows: own }) =>
			this.live.filtersOf(own, cells.claim !== undefined).map((run) => ({ ...run, cells })),
		);
	}

	private async performAll(calls: readonly Call[]): Promise<boolean> {
		let isWell = true;
		const next = calls.values();
		const worker = async (): Promise<void> => {
			for (const call of next) {
				if (!(await this.perform(call))) isWell = false;
			}
		};
		await Promise.all(Array.from({ length: Math.min(MOST_CALLS, calls.length) }, worker));
		return isWell;
	}

	private async perform({ filter, rows, cells }: Call): Promise<boolean> {
		try {
			if (cells === null) await this.table.remove(filter);
			else {
				await this.table.update(filter, cells);
				this.isFull = false;
			}
		} catch (error) {
			const failure = asTableFailure(error);
			this.ports.failed(failure);
			if (this.isStopped) return true;
			if (failure.kind === 'full') this.isFull = true;
			for (const row of rows) {
				row.isBeingWritten = false;
				if (cells === null) this.removals.add(row);
				else if (row.isGone) continue;
				// Removing rows that are only shown makes room.
				else if (this.isFull && row.state === 'processed') this.remove(row);
				else this.change(row, { ...cells, ...row.pending });
				if (this.isFull) this.resolveWritten(row, true);
			}
			return false;
		}
		for (const row of rows) {
			row.isBeingWritten = false;
			// The row is no longer ours: it was removed, or its claim was given up.
			const hasLeft = cells === null || (cells.claim !== undefined && row.pending === null);
			if (hasLeft) this.live.remove(row);
			if (row.pending === null) this.resolveWritten(row, !this.isStopped);
		}
		return true;
	}

	private resolveWritten(row: JournalRow, isOurs: boolean): void {
		for (const resolve of row.onWritten.splice(0)) resolve(isOurs);
	}
}
