import { COLUMNS_TO_DO_WITHOUT, JOURNAL_COLUMNS, REGISTER_COLUMNS } from '../../shared/journal/columns';
import type { JournalTables } from '../journal/lease';
import { packedTable } from '../../shared/journal/packedTable';
import {
	type Cell,
	type Cells,
	type Filter,
	type StoredRow,
	type Table,
	TableFailure,
	asTableFailure,
} from '../../shared/dataTables/table';
import { type TableInfo, listTables } from '../../shared/dataTables/foundTable';
import { type MakeCall, type N8nAccess, callN8n } from '../../shared/dataTables/n8nApi';
import { claimIn, insertIn, readIn, removeIn, updateIn } from '../../shared/dataTables/rowCalls';
import { registerNameOf } from '../../shared/journal/tableNames';

/** How to find the tables. */
interface Search {
	readonly make: MakeCall;
	readonly access: N8nAccess;
	/** Whether a missing table is created. */
	readonly makesMissing: boolean;
	/** Reports that a user has changed a table that can still be used. */
	tell(message: string): void;
}

/** The name and the columns that a table must have. */
interface Wanted {
	readonly name: string;
	readonly columns: Readonly<Record<string, string>>;
}

/** If two processes create the table at the same time, both use the older one in the end. */
async function findOrMake(
	{ make, access, makesMissing }: Search,
	{ name, columns }: Wanted,
): Promise<TableInfo> {
	let [table] = await listTables(make, access, name);
	if (table === undefined && !makesMissing) {
		throw new TableFailure(
			'refused',
			`There is no Data Table "${name}". Unpublish and publish the workflow: that makes one. Was it renamed? Then give it its name back.`,
		);
	}
	if (table === undefined) {
		const body = { name, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) };
		const failure = await callN8n(make, access, 'POST', '/data-tables', { body }).then(
			() => new TableFailure('unreachable', `The table ${name} was made, but is not listed`),
			asTableFailure,
		);
		[table] = await listTables(make, access, name);
		if (table === undefined) throw failure;
	}
	const missing = missingIn(table, columns).filter(([column]) => !COLUMNS_TO_DO_WITHOUT.has(column));
	if (missing.length > 0) {
		throw new TableFailure(
			'refused',
			`The Data Table "${name}" lacks these columns: ${listedColumns(missing)}. Rename it, so that a new one is made, or choose another name in the option Journal Table.`,
		);
	}
	return table;
}

/** Columns that are missing or have another type. */
function missingIn(table: TableInfo, columns: Wanted['columns']): Array<[column: string, type: string]> {
	const has = new Map(table.columns.map((column) => [column.name, column.type]));
	return Object.entries(columns).filter(([column, type]) => has.get(column) !== type);
}

const listedColumns = (columns: ReadonlyArray<readonly [string, string]>): string =>
	columns.map(([column, type]) => `${column} (${type})`).join(', ');

/** The tables, and the size of the journal. */
export interface N8nTables extends JournalTables {
	/** The size that n8n measured some seconds ago, in bytes. */
	sizeBytes(): Promise<number>;
}

/** Finds the journal and the table beside it, or creates them. @throws {TableFailure} */
export async function n8nTables(
	make: MakeCall,
	access: N8nAccess,
	journalName: string,
	{ makesMissing = true, tell = () => undefined }: Partial<Pick<Search, 'makesMissing' | 'tell'>> = {},
): Promise<N8nTables> {
	const search: Search = { make, access, makesMissing, tell };
	const journal = await KnownTable.found(search, { name: journalName, columns: JOURNAL_COLUMNS });
	const register = await KnownTable.found(search, {
		name: registerNameOf(journalName),
		columns: REGISTER_COLUMNS,
	});
	return {
		journal: packedTable(tableOf(make, access, journal)),
		register: tableOf(make, access, register),
		get expiryColumn() {
			return journal.has('expires') ? 'expires' : 'place';
		},
		sizeBytes: async () => ((await journal.look()) as TableInfo | null)?.sizeBytes ?? 0,
	};
}

/**
 * A table that users may change: if it is renamed it is still used, if it is deleted it is created again, and
 * some columns may be missing.
 */
class KnownTable {
	private looking: Promise<unknown> | null = null;
	private reported: readonly string[] = [];

	private constructor(
		private readonly search: Search,
		private readonly wanted: Wanted,
		private info: TableInfo,
	) {
		this.reportProblems();
	}

	/** @throws {TableFailure} */
	static async found(search: Search, wanted: Wanted): Promise<KnownTable> {
		return new KnownTable(search, wanted, await findOrMake(search, wanted));
	}

	/**
	 * Makes a request for the table with its id. If n8n refuses it and the table has changed, the request is
	 * repeated once.
	 */
	async use<T>(request: (id: string) => Promise<T>): Promise<T> {
		const before = this.info;
		try {
			return await request(before.id);
		} catch (error) {
			const failure = asTableFailure(error);
			if (failure.kind !== 'refused' || failure.isNoAccess) throw failure;
			this.looking ??= this.lookAgain().finally(() => (this.looking = null));
			await this.looking;
			if (isSame(this.info, before)) throw failure;
			return await request(this.info.id);
		}
	}

	/** Reads the table by its id again: users may have restored columns. @throws {TableFailure} */
	async look(): Promise<TableInfo> {
		const { make, access } = this.search;
		const found = (await callN8n(make, access, 'GET', `/data-tables/${this.info.id}`)) as TableInfo;
		// The answer lists the columns of the table.
		if (Array.isArray((found as Partial<TableInfo> | null)?.columns)) this.info = found;
		this.reportProblems();
		return found;
	}

	/** Whether the table has a column with the right type. */
	has(column: string): boolean {
		return !missingIn(this.info, this.wanted.columns).some(([missing]) => missing === column);
	}

	/** The cells that the table has columns for. */
	fitting(cells: Cells): Cells {
		const missing = new Set(missingIn(this.info, this.wanted.columns).map(([column]) => column));
		if (missing.size === 0) return cells;
		const fits = ([column]: [string, Cell]): boolean =>
			!missing.has(column) || !COLUMNS_TO_DO_WITHOUT.has(column);
		return Object.fromEntries(Object.entries(cells).filter(fits));
	}

	private async lookAgain(): Promise<void> {
		try {
			await this.look();
		} catch (error) {
			const { kind, isNoAccess } = asTableFailure(error);
			if (kind !== 'refused' || isNoAccess) return;
			// The table was deleted.
			const found = await findOrMake(this.search, this.wanted).catch(() => null);
			if (found === null) return;
			this.info = found;
			this.search.tell(
				`The Data Table "${this.wanted.name}" was deleted, with what waited in it. It goes on in a new one.`,
			);
		}
	}

	/** Reports each problem once, until it changes. */
	private reportProblems(): void {
		const problems = this.problems();
		for (const message of problems) if (!this.reported.includes(message)) this.search.tell(message);
		this.reported = problems;
	}

	private problems(): string[] {
		const { name, columns } = this.wanted;
		const problems: string[] = [];
		if (this.info.name !== name) {
			problems.push(
				`The Data Table "${name}" is called "${this.info.name}" by now. Events go on in it until the workflow is published again, or n8n starts: give it its name back before that, or what waits in it stays there.`,
			);
		}
		const missing = missingIn(this.info, columns).filter(([column]) => column !== 'expires');
		if (missing.length > 0) {
			problems.push(
				`The Data Table "${this.info.name}" lacks these columns: ${listedColumns(missing)}. Add them again, with these types: what they would hold is left out until then.`,
			);
		}
		return problems;
	}
}

const isSame = (one: TableInfo, other: TableInfo): boolean =>
	one.id === other.id && JSON.stringify(one.columns) === JSON.stringify(other.columns);

function tableOf(make: MakeCall, access: N8nAccess, table: KnownTable): Table {
	const remove = async (filter: Filter, returnData: boolean): Promise<StoredRow[]> =>
		await table.use(async (id) => await removeIn(make, access, id, filter, returnData));
	return {
		insert: async (cells) => {
			await table.use(async (id) => {
				await insertIn(
					make,
					access,
					id,
					cells.map((one) => table.fitting(one)),
				);
			});
		},
		read: async (filter, limit, offset = 0) =>
			await table.use(async (id) => await readIn(make, access, id, filter, limit, { offset })),
		update: async (filter, cells) => {
			await table.use(async (id) => {
				const fitting = table.fitting(cells);
				if (Object.keys(fitting).length > 0) await updateIn(make, access, id, filter, fitting);
			});
		},
		claim: async (filter, cells) =>
			await table.use(async (id) => await claimIn(make, access, id, filter, table.fitting(cells))),
		remove: async (filter) => {
			await remove(filter, false);
		},
		take: async (filter) => await remove(filter, true),
	};
}
