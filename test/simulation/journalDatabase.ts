import {
	type Cell,
	type Cells,
	type Filter,
	type StoredRow,
	type Table,
	TableFailure,
} from '../../nodes/GameInsightsWebhook/journal/table';
import type { SimulatedTime } from './journalTime';

/** What goes wrong with a call. */
export type Fault = 'none' | 'before' | 'after';

/** The one database that all simulated processes share. */
export class Database {
	calls = 0;
	/**
	 * Decides about each call; `before`: it fails without effect, `after`: it takes effect, and the answer is
	 * lost.
	 */
	faultOf: (call: number) => Fault = () => 'none';
	/** n8n has no room: nothing is inserted or changed, and what is removed makes none. */
	isFull = false;
	/** Tables that are older than the column `expires` do without. */
	expiryColumn: 'expires' | 'place' = 'expires';
	/** How long a call takes to arrive, and its answer to come back. */
	delayMs: () => number = () => 5;
	readonly journal: Rows;
	readonly register: Rows;

	constructor(
		private readonly time: SimulatedTime,
		/** What its own clock says, in milliseconds since the epoch. */
		now: () => number = () => time.nowMs,
	) {
		this.journal = new Rows(now);
		this.register = new Rows(now);
	}

	/** The tables as one process sees them, for as long as it lives and is not cut off. */
	tablesOf(process: { readonly isAlive: boolean; readonly isCutOff: boolean }): {
		journal: Table;
		register: Table;
		expiryColumn: 'expires' | 'place';
	} {
		const via = (rows: Rows): Table => ({
			insert: async (cells) => await this.write(process, () => rows.insert(cells)),
			read: async (filter, limit, offset) =>
				await this.call(process, () => rows.read(filter).slice(offset ?? 0, (offset ?? 0) + limit)),
			update: async (filter, cells) => {
				await this.write(process, () => rows.update(filter, cells));
			},
			claim: async (filter, cells) => await this.write(process, () => rows.update(filter, cells)),
			remove: async (filter) => {
				await this.call(process, () => rows.remove(filter));
			},
			take: async (filter) => await this.call(process, () => rows.remove(filter)),
		});
		const { expiryColumn } = this;
		return { journal: via(this.journal), register: via(this.register), expiryColumn };
	}

	/** A question to n8n itself, through the same API. */
	async ask<T>(process: Parameters<Database['call']>[0], answer: () => T): Promise<T> {
		return await this.call(process, answer);
	}

	private async write<T>(process: Parameters<Database['call']>[0], effect: () => T): Promise<T> {
		return await this.call(process, () => {
			if (this.isFull) throw new TableFailure('full', 'simulated');
			return effect();
		});
	}

	private async call<T>(
		process: { readonly isAlive: boolean; readonly isCutOff: boolean },
		effect: () => T,
	): Promise<T> {
		if (!process.isAlive) return await never();
		const fault = this.faultOf(this.calls++);
		await this.time.sleep(this.delayMs());
		// What a process had sent when it died may arrive all the same.
		const fails = process.isCutOff || fault === 'before';
		const result = fails ? null : { value: effect() };
		await this.time.sleep(this.delayMs());
		if (!process.isAlive) return await never();
		if (result === null || fault === 'after') throw new TableFailure('unreachable', 'simulated');
		return result.value;
	}
}

const never = async (): Promise<never> => await new Promise<never>(() => undefined);

/** A table whose every call is one step. */
export class Rows {
	all: StoredRow[] = [];
	private nextId = 1;

	/** @param now the clock of the database, in milliseconds since the epoch; without one it writes no times */
	constructor(private readonly now: (() => number) | null = null) {}

	insert(rows: readonly Cells[]): void {
		const made: Cells = this.now === null ? {} : { createdAt: new Date(this.now()).toISOString() };
		for (const cells of rows) this.all.push({ ...cells, ...made, id: this.nextId++ });
	}

	read(filter: Filter): StoredRow[] {
		return this.all.filter((row) => matches(row, filter)).map((row) => ({ ...row }));
	}

	update(filter: Filter, cells: Cells): StoredRow[] {
		const changed: StoredRow[] = [];
		this.all = this.all.map((row) => {
			if (!matches(row, filter)) return row;
			const next: StoredRow = { ...row, ...cells, id: row.id };
			changed.push({ ...next });
			return next;
		});
		return changed;
	}

	remove(filter: Filter): StoredRow[] {
		const removed = this.all.filter((row) => matches(row, filter));
		this.all = this.all.filter((row) => !matches(row, filter));
		return removed;
	}
}

function matches(row: StoredRow, filter: Filter): boolean {
	if (filter.length === 0) throw new Error('A filter must not be empty');
	return filter.every(({ columnName, condition, value }) => {
		const cell: Cell = row[columnName] ?? null;
		if (condition === 'eq') return cell === value;
		if (condition === 'neq') return cell !== value;
		if (cell === null || value === null || typeof cell !== typeof value) return false;
		if (condition === 'gte') return cell >= value;
		return condition === 'lte' ? cell <= value : cell < value;
	});
}
