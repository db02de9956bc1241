/** The value of a cell in a Data Table. */
export type Cell = string | number | boolean | null;

/** Some of a row's cells, by column. */
export type Cells = Readonly<Record<string, Cell>>;

/**
 * A row as it was read. `id` comes from the table: it is above the ids of all rows that are in the table at
 * the time. n8n's SQLite gives the id of a removed row again when no higher one is left.
 */
export type StoredRow = Readonly<Record<string, Cell>> & { readonly id: number };

/** A test on one column. `neq` also matches an empty cell. */
export interface Condition {
	readonly columnName: string;
	readonly condition: 'eq' | 'neq' | 'gte' | 'lte' | 'lt';
	readonly value: Cell;
}

/** All conditions have to be true: the tables know no brackets. Never empty. */
export type Filter = readonly Condition[];

export const eq = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'eq', value });
export const neq = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'neq', value });
export const gte = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'gte', value });
export const lte = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'lte', value });
export const lt = (columnName: string, value: Cell): Condition => ({ columnName, condition: 'lt', value });

/**
 * A table that several processes share. Each call is one transaction: it takes effect completely or not at
 * all. If two calls want the same rows, the second one sees the changes of the first one. Every call may
 * reject with a {@link TableFailure}.
 */
export interface Table {
	insert(rows: readonly Cells[]): Promise<void>;
	/** The oldest rows first. */
	read(filter: Filter, limit: number, offset?: number): Promise<StoredRow[]>;
	update(filter: Filter, cells: Cells): Promise<void>;
	/** Like `update`. Resolves with the rows that it changed, with their new cells. */
	claim(filter: Filter, cells: Cells): Promise<StoredRow[]>;
	remove(filter: Filter): Promise<void>;
	/** Like `remove`. Resolves with the rows that it removed. */
	take(filter: Filter): Promise<StoredRow[]>;
}

/** Why a call to a table failed. */
export type TableFailureKind =
	/** No answer, or one that tells nothing: the call may or may not have taken effect. */
	| 'unreachable'
	/** The table took nothing, because n8n has no space left. */
	| 'full'
	/** Too large for one call. */
	| 'tooLarge'
	/** The key is wrong or lacks a permission, or the table was deleted or changed. */
	| 'refused';

/** A failed call to a table. The message is for the operator, and says what to do if that is known. */
export class TableFailure extends Error {
	constructor(
		readonly kind: TableFailureKind,
		message: string,
		/** Whether another address or API key of n8n may be enough to correct it. */
		readonly isNoAccess = false,
	) {
		super(message);
		this.name = 'TableFailure';
	}
}

/** Converts anything that was thrown into a failure of the table. */
export const asTableFailure = (error: unknown): TableFailure =>
	error instanceof TableFailure
		? error
		: new TableFailure('unreachable', error instanceof Error ? error.message : String(error));

/** An existing table, to search in. */
export interface FoundTable extends Pick<Table, 'claim'> {
	readonly name: string;
	/**
	 * Rows above an id, the lowest first. With a `text`, only those that contain it in one of their columns;
	 * upper and lower case are equal. Packed texts stay packed.
	 */
	find(filter: Filter, afterId: number, limit: number, text: string): Promise<StoredRow[]>;
}
