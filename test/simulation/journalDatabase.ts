import {
	type Cell,
	type Cells,
	type Filter,
	type StoredRow,
	type Table,
	TableFailure,
} from '../../nodes/shared/dataTables/table';
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
	/** Why all calls are refused now. */
	failureOf: () => TableFailure | null = () => null;
	/** n8n has no room: nothing is inserted or changed, and what is removed makes none. */
	isFull = false;
	/** Tables that are older than the column `expires` do without. */
	expiryColumn: 'expires' | 'place' = 'expires';
	/** How long a call takes to arrive, and its answer to come back. */
	delayMs: () => number = () => 5;
	readonly journal: Rows;
	readonly register: Rows;
	readonly deadLetters: Rows;

	constructor(
		private readonly time: SimulatedTime,
		/** What its own clock says, in milliseconds since the epoch. */
		now: () => number = () => time.nowMs,
	) {
		this.journal = new Rows(now);
		this.register = new Rows(now);
		this.deadLetters = new Rows(now);
	}

	/** The tables as one process sees them, for as long as it lives and is not cut off. */
	tablesOf(process: { readonly isAlive: boolean; readonly isCutOff: boolean }): {
		journal: Table;
		register: Table;
		deadLetters: Table;
		deadLettersSizeBytes: () => Promise<number>;
		expiryColumn: 'expires' | 'place';
	} {
		const via = (rows: Rows): Table => ({
			insert: async (cells) => await this.write(process, () => rows.insert(cells)),
			read: async (filter, limit, offset) => await this.call(process, () => rows.read(filter, limit, offset)),
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
		return {
			journal: via(this.journal),
			register: via(this.register),
			deadLetters: via(this.deadLetters),
			expiryColumn,
			deadLettersSizeBytes: async () =>
				await this.call(process, () => JSON.stringify(this.deadLetters.all).length),
		};
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
		const refused = this.failureOf();
		const fails = process.isCutOff || fault === 'before' || refused !== null;
		const result = fails ? null : { value: effect() };
		await this.time.sleep(this.delayMs());
		if (!process.isAlive) return await never();
		if (refused !== null) throw refused;
		if (result === null || fault === 'after') throw new TableFailure('unreachable', 'simulated');
		return result.value;
	}
}

const never = async (): Promise<never> => await new Promise<never>(() => undefined);

/** A table whose every call is one step. */
export class Rows {
	private byId = new Map<number, StoredRow>();
	/** The rows of each state, because most calls name one. */
	private byState = new Map<Cell, Map<number, StoredRow>>();
	private nextId = 1;

	/** @param now the clock of the database, in milliseconds since the epoch; without one it writes no times */
	constructor(private readonly now: (() => number) | null = null) {}

	/** The lowest ids first. */
	get all(): StoredRow[] {
		return [...this.byId.values()].sort((one, other) => one.id - other.id);
	}

	set all(rows: readonly StoredRow[]) {
		this.byId = new Map();
		this.byState = new Map();
		for (const row of rows) this.put(row);
	}

	insert(rows: readonly Cells[]): void {
		const made: Cells = this.now === null ? {} : { createdAt: new Date(this.now()).toISOString() };
		for (const cells of rows) this.put({ ...cells, ...made, id: this.nextId++ });
	}

	read(filter: Filter, limit = Infinity, offset = 0): StoredRow[] {
		const found: StoredRow[] = [];
		let passed = 0;
		for (const row of this.matching(filter)) {
			if (found.length >= limit) break;
			if (passed++ >= offset) found.push({ ...row });
		}
		return found;
	}

	update(filter: Filter, cells: Cells): StoredRow[] {
		return [...this.matching(filter)].map((row) => {
			const next: StoredRow = { ...row, ...cells, id: row.id };
			this.drop(row);
			this.put(next);
			return { ...next };
		});
	}

	remove(filter: Filter): StoredRow[] {
		const removed = [...this.matching(filter)];
		for (const row of removed) this.drop(row);
		return removed;
	}

	private put(row: StoredRow): void {
		this.byId.set(row.id, row);
		const state = row.state ?? null;
		const alike = this.byState.get(state);
		if (alike === undefined) this.byState.set(state, new Map([[row.id, row]]));
		else alike.set(row.id, row);
	}

	private drop(row: StoredRow): void {
		this.byId.delete(row.id);
		this.byState.get(row.state ?? null)?.delete(row.id);
	}

	/** The lowest ids first. */
	private *matching(filter: Filter): Generator<StoredRow> {
		if (filter.length === 0) throw new Error('A filter must not be empty');
		for (const row of this.candidates(filter)) if (matches(row, filter)) yield row;
	}

	/** Rows that may match: by a short range of ids, else by their states. */
	private candidates(filter: Filter): StoredRow[] {
		const bound = (wanted: string): number | undefined =>
			filter.find(({ columnName, condition }) => columnName === 'id' && condition === wanted)
				?.value as number;
		const [from, to] = [bound('eq') ?? bound('gte') ?? 1, bound('eq') ?? bound('lte') ?? Infinity];
		if (to - from < 1_000) {
			return Array.from({ length: to - from + 1 }, (_, n) => this.byId.get(from + n) ?? []).flat();
		}
		const named = filter.filter(({ columnName }) => columnName === 'state');
		const rows = [...this.byState].flatMap(([state, alike]) =>
			named.every(({ condition, value }) => (condition === 'eq') === (state === value))
				? [[...alike.values()]]
				: [],
		);
		return rows.flat().sort((one, other) => one.id - other.id);
	}
}

function matches(row: StoredRow, filter: Filter): boolean {
	return filter.every(({ columnName, condition, value }) => {
		const cell: Cell = row[columnName] ?? null;
		if (condition === 'eq') return cell === value;
		if (condition === 'neq') return cell !== value;
		if (cell === null || value === null || typeof cell !== typeof value) return false;
		if (condition === 'gte') return cell >= value;
		return condition === 'lte' ? cell <= value : cell < value;
	});
}
