/** What a cell of a Data Table holds. */
export type Cell = string | number | boolean | null;

/** Some of a row's cells, by column. */
export type Cells = Readonly<Record<string, Cell>>;

/** A row as it was read; `id` is the table's own, rising with each insert. */
export type StoredRow = Readonly<Record<string, Cell>> & { readonly id: number };

/** A test on one column. `neq` holds for an empty cell, too. */
export interface Condition {
	readonly columnName: string;
	readonly condition: 'eq' | 'neq' | 'gte' | 'lte' | 'lt';
	readonly value: Cell;
}

/** All of these have to hold: the tables know no brackets. Never empty. */
export type Filter = readonly Condition[];

export const eq = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'eq', value });
export const neq = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'neq', value });
export const gte = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'gte', value });
export const lte = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'lte', value });
export const lt = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'lt', value });

/**
 * A table that several processes share. Each call is one transaction: it takes effect as a whole or not at
 * all, and of two that want the same rows the second sees what the first one did. Every call may reject with
 * a {@link TableFailure}.
 */
export interface Table {
	insert(rows: readonly Cells[]): Promise<void>;
	/** The oldest rows first. */
	read(filter: Filter, limit: number, offset?: number): Promise<StoredRow[]>;
	update(filter: Filter, cells: Cells): Promise<void>;
	/** Like `update`; resolves with the rows it changed, as they are now. */
	claim(filter: Filter, cells: Cells): Promise<StoredRow[]>;
	remove(filter: Filter): Promise<void>;
	/** Like `remove`; resolves with the rows it removed. */
	take(filter: Filter): Promise<StoredRow[]>;
}

/** Why a call to a table failed. */
export type TableFailureKind =
	/** No answer, or one that says nothing: it may or may not have taken effect. */
	| 'unreachable'
	/** The table took nothing, because it has no space left. */
	| 'full'
	/** Too large for one call. */
	| 'tooLarge'
	/** The key is wrong or may not do this, or the table is gone or not what it was. */
	| 'refused';

/**
 * A call to a table that did not go well. The message is for the operator, and says what to do where that is
 * known.
 */
export class TableFailure extends Error {
	constructor(
		readonly kind: TableFailureKind,
		message: string,
		/** Whether another address or key of n8n may be all that it takes. */
		readonly isNoAccess = false,
	) {
		super(message);
		this.name = 'TableFailure';
	}
}

/** Whatever was thrown, as a failure of the table. */
export const asTableFailure = (error: unknown): TableFailure =>
	error instanceof TableFailure
		? error
		: new TableFailure('unreachable', error instanceof Error ? error.message : String(error));

/** A table that is there, to look something up in. */
export interface FoundTable extends Pick<Table, 'claim'> {
	readonly name: string;
	/**
	 * Rows above an id, the lowest first; with a `text` those that hold it in one of their columns, in any case
	 * of its letters. What was packed stays packed.
	 */
	find(filter: Filter, afterId: number, limit: number, text: string): Promise<StoredRow[]>;
}
