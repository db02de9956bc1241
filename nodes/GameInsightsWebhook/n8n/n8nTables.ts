import { expiryDay, keyExpiryMs } from '../../shared/credential/keyExpiry';
import {
	COLUMNS_TO_DO_WITHOUT,
	DEAD_LETTER_COLUMNS,
	JOURNAL_COLUMNS,
	REGISTER_COLUMNS,
} from '../journal/columns';
import { packedTable } from '../journal/packedTable';
import {
	type Cell,
	type Cells,
	type Filter,
	type StoredRow,
	type Table,
	TableFailure,
	asTableFailure,
	gte,
	type FoundTable,
} from '../journal/table';
import type { JournalTables } from '../journal/lease';

/** How long a call may take. */
const CALL_MS = 8_000;
/** The most rows or tables that n8n lists on one page. */
const LARGEST_PAGE = 250;

/** One HTTP request. */
export interface Call {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly body?: unknown;
	readonly timeoutMs: number;
}

/** Makes an HTTP request. Rejects only when there is no answer. A body in JSON is parsed. */
export type MakeCall = (call: Call) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The address of n8n, and an API key for it. */
export interface N8nAccess {
	readonly baseUrl: string;
	readonly apiKey: string;
	/**
	 * Reads the credential again, where that is possible: it may have been changed. Resolves with whether it
	 * now differs from what was used. Never rejects.
	 */
	renew?(used: { readonly baseUrl: string; readonly apiKey: string }): Promise<boolean>;
}

/** The name of the table beside the journal. */
export const registerNameOf = (journalName: string): string => `${journalName}_processes`;

/** The name of the table of dead letters. */
export const deadLettersNameOf = (journalName: string): string => `${journalName}_dead_letters`;

/** People often paste n8n's address with a slash at the end, or with the path of the API. */
const rootOf = (baseUrl: string): string =>
	baseUrl
		.trim()
		.replace(/\/+$/, '')
		.replace(/\/api\/v1$/, '');

interface CallContent {
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

/**
 * Sends a request to n8n's public API. If the key is not accepted, the request is sent once more with a new
 * key from the credential, if there is one.
 * @throws {TableFailure} for every answer that is not a success
 */
export async function callN8n(
	make: MakeCall,
	access: N8nAccess,
	method: Call['method'],
	route: string,
	content: CallContent = {},
): Promise<unknown> {
	const used = { baseUrl: access.baseUrl, apiKey: access.apiKey };
	try {
		return await callOnce(make, access, method, route, content);
	} catch (error) {
		const failure = asTableFailure(error);
		const isOther = failure.isNoAccess && (await access.renew?.(used)) === true;
		// Without an answer, the call may have taken effect. Then a new address is only used for later calls.
		if (!isOther || failure.kind === 'unreachable') throw failure;
		return await callOnce(make, access, method, route, content);
	}
}

async function callOnce(
	make: MakeCall,
	access: N8nAccess,
	method: Call['method'],
	route: string,
	{ query = {}, body }: CallContent,
): Promise<unknown> {
	// The query is encoded here: n8n's HTTP client does not encode colons and brackets, and n8n's API does not
	// accept that, nor `+` for a space.
	const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
	const { baseUrl, apiKey } = access;
	const url = `${rootOf(baseUrl)}/api/v1${route}${search === '' ? '' : `?${search}`}`;
	const headers = { 'X-N8N-API-KEY': apiKey, accept: 'application/json' };
	const answer = await make({ method, url, headers, body, timeoutMs: CALL_MS }).catch(
		(error: unknown) => new TableFailure('unreachable', unreachableAt(baseUrl, error), true),
	);
	if (answer instanceof TableFailure) throw answer;
	const { status, body: said } = answer;
	if (isStarting(status, said)) {
		const where = rootOf(baseUrl);
		throw new TableFailure(
			'unreachable',
			`n8n at ${where} is still starting, or its public API is switched off (N8N_PUBLIC_API_DISABLED).${aboutPath(baseUrl)}`,
		);
	}
	if (status < 200 || status >= 300) throw failureOf(status, said, route, access);
	// A page of another server, or of n8n's editor, must not count as success.
	if (typeof said === 'string' || said === undefined) throw notN8n(access);
	return said;
}

/**
 * While n8n starts it answers every request with 200 and a sentence (`abstract-server.js`), then for a moment
 * with Express's page for an unknown path. Nothing was done, and the request can soon be repeated.
 */
const isStarting = (status: number, body: unknown): boolean =>
	typeof body === 'string' &&
	(body.startsWith('n8n is starting up') || (status === 404 && /Cannot [A-Z]+ \//.test(body)));

const notN8n = ({ baseUrl }: N8nAccess): TableFailure =>
	new TableFailure(
		'refused',
		`${rootOf(baseUrl)} does not answer like n8n's API. Check the Base URL in the credential "Game Insights Data Tables API", and that n8n's public API is switched on.${aboutPath(baseUrl)}`,
	);

function unreachableAt(baseUrl: string, error: unknown): string {
	const reason = error instanceof Error ? error.message : String(error);
	return `n8n could not be reached at ${rootOf(baseUrl)} (${reason}). Check the Base URL in the credential "Game Insights Data Tables API".${aboutPath(baseUrl)}`;
}

/** People easily copy the address of a page of n8n's editor instead of the address of n8n. */
function aboutPath(baseUrl: string): string {
	const path = /^https?:\/\/[^/]+(\/.+)$/i.exec(rootOf(baseUrl))?.[1];
	return path === undefined
		? ''
		: ` The Base URL has the path "${path}": leave it out, unless this n8n is served under it (N8N_PATH).`;
}

function failureOf(
	status: number,
	body: unknown,
	route: string,
	{ baseUrl, apiKey }: N8nAccess,
): TableFailure {
	const { message } = (body ?? {}) as { message?: unknown };
	const words = typeof message === 'string' ? message : `status ${status}`;
	if (status === 401) {
		const expiresAtMs = keyExpiryMs(apiKey);
		const day = expiresAtMs === null ? '' : ` It says that it ends on ${expiryDay(expiresAtMs)}.`;
		return new TableFailure(
			'refused',
			`n8n does not accept the API key.${day} Make a new one under Settings → n8n API and put it into the credential "Game Insights Data Tables API".`,
			true,
		);
	}
	if (status === 403) {
		return new TableFailure(
			'refused',
			'The API key may not use Data Tables. Under Settings → n8n API give it the scopes dataTable:list, dataTable:read, dataTable:create, and dataTableRow:read, create, update and delete.',
			true,
		);
	}
	if (status === 404 && route === '/data-tables') {
		return new TableFailure(
			'refused',
			`This n8n has no Data Tables API, which Durable needs. Update n8n to version 2.41 or later, or turn Durable off.${aboutPath(baseUrl)}`,
		);
	}
	if (status === 404) {
		return new TableFailure(
			'refused',
			'The journal table is gone. Unpublish and publish the workflow: that makes a new one.',
		);
	}
	if (status === 413)
		return new TableFailure('tooLarge', 'The events are larger than n8n takes in one call.');
	if (status === 429 || status >= 500) {
		return new TableFailure('unreachable', `n8n answered ${status}: ${words}`);
	}
	if (/size limit/i.test(words)) {
		return new TableFailure(
			'full',
			`n8n has no space left for Data Tables (${words}). Delete rows, or raise N8N_DATA_TABLES_MAX_SIZE_BYTES.`,
		);
	}
	return new TableFailure('refused', `n8n refused a call to the journal table: ${words}`);
}

interface TableInfo {
	readonly id: string;
	readonly name: string;
	readonly createdAt: string;
	readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>;
	readonly sizeBytes?: number;
}

/** Lists the tables that the key may read. @throws {TableFailure} */
export async function listTables(make: MakeCall, access: N8nAccess, name: string): Promise<TableInfo[]> {
	const query = { limit: String(LARGEST_PAGE), filter: JSON.stringify({ name }) };
	const body = await callN8n(make, access, 'GET', '/data-tables', { query });
	const { data } = (body ?? {}) as { data?: unknown };
	if (!Array.isArray(data)) throw notN8n(access);
	return (data as TableInfo[])
		.filter((table) => table.name === name)
		.sort((one, other) =>
			one.createdAt === other.createdAt
				? one.id.localeCompare(other.id)
				: one.createdAt < other.createdAt
					? -1
					: 1,
		);
}

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

/** Finds the journal and the tables beside it, or creates them. @throws {TableFailure} */
export async function n8nTables(
	make: MakeCall,
	access: N8nAccess,
	journalName: string,
	tell: Search['tell'] = () => undefined,
): Promise<N8nTables> {
	const search: Search = { make, access, makesMissing: true, tell };
	const journal = await KnownTable.found(search, { name: journalName, columns: JOURNAL_COLUMNS });
	const register = await KnownTable.found(search, {
		name: registerNameOf(journalName),
		columns: REGISTER_COLUMNS,
	});
	const deadLetters = await KnownTable.found(search, {
		name: deadLettersNameOf(journalName),
		columns: DEAD_LETTER_COLUMNS,
	});
	return {
		journal: packedTable(tableOf(make, access, journal)),
		register: tableOf(make, access, register),
		deadLetters: packedTable(tableOf(make, access, deadLetters)),
		get expiryColumn() {
			return journal.has('expires') ? 'expires' : 'place';
		},
		sizeBytes: async () => await sizeOf(journal),
		deadLettersSizeBytes: async () => await sizeOf(deadLetters),
	};
}

/** Finds the journal for a process that only inserts into it. A missing one is not created. @throws {TableFailure} */
export async function existingJournal(
	make: MakeCall,
	access: N8nAccess,
	journalName: string,
): Promise<Pick<N8nTables, 'journal' | 'sizeBytes'>> {
	const search: Search = { make, access, makesMissing: false, tell: () => undefined };
	const journal = await KnownTable.found(search, { name: journalName, columns: JOURNAL_COLUMNS });
	return {
		journal: packedTable(tableOf(make, access, journal)),
		sizeBytes: async () => await sizeOf(journal),
	};
}

const sizeOf = async (table: KnownTable): Promise<number> =>
	((await table.look()) as TableInfo | null)?.sizeBytes ?? 0;

/**
 * A table that users may change: if it is renamed it is still used, if it is deleted it is created again, and
 * some columns may be missing.
 */
class KnownTable {
	private looking: Promise<unknown> | null = null;
	private told: readonly string[] = [];

	private constructor(
		private readonly search: Search,
		private readonly wanted: Wanted,
		private info: TableInfo,
	) {
		this.tellWhatIsOdd();
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
		this.tellWhatIsOdd();
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
	private tellWhatIsOdd(): void {
		const odd = this.whatIsOdd();
		for (const message of odd) if (!this.told.includes(message)) this.search.tell(message);
		this.told = odd;
	}

	private whatIsOdd(): string[] {
		const { name, columns } = this.wanted;
		const odd: string[] = [];
		if (this.info.name !== name) {
			odd.push(
				`The Data Table "${name}" is called "${this.info.name}" by now. Events go on in it until the workflow is published again, or n8n starts: give it its name back before that, or what waits in it stays there.`,
			);
		}
		const missing = missingIn(this.info, columns).filter(([column]) => column !== 'expires');
		if (missing.length > 0) {
			odd.push(
				`The Data Table "${this.info.name}" lacks these columns: ${listedColumns(missing)}. Add them again, with these types: what they would hold is left out until then.`,
			);
		}
		return odd;
	}
}

const isSame = (one: TableInfo, other: TableInfo): boolean =>
	one.id === other.id && JSON.stringify(one.columns) === JSON.stringify(other.columns);

/** Finds a table of this name; null when there is none. @throws {TableFailure} */
export async function findTable(make: MakeCall, access: N8nAccess, name: string): Promise<FoundTable | null> {
	const [info] = await listTables(make, access, name);
	if (info === undefined) return null;
	return {
		name,
		claim: async (filter, cells) => await claimIn(make, access, info.id, filter, cells),
		find: async (filter, afterId, limit, text) => {
			const query = {
				filter: JSON.stringify(filtered([...filter, gte('id', afterId + 1)])),
				limit: String(Math.min(limit, LARGEST_PAGE)),
				sortBy: 'id:asc',
				...(text === '' ? {} : { search: text }),
			};
			const body = await callN8n(make, access, 'GET', `/data-tables/${info.id}/rows`, { query });
			return listed((body as { data?: unknown } | null)?.data);
		},
	};
}

/** PostgreSQL accepts no NUL in a text. Only texts that are not JSON can contain one. */
const keepable = (cells: Cells): Cells =>
	Object.fromEntries(
		Object.entries(cells).map(([column, cell]) => [
			column,
			typeof cell === 'string' && cell.includes('\0') ? cell.replaceAll('\0', '\uFFFD') : cell,
		]),
	);

/** The API accepts an offset only inside a cursor. */
const cursorTo = (offset: number, limit: number): string =>
	Buffer.from(JSON.stringify({ limit, offset })).toString('base64');

const listed = (body: unknown): StoredRow[] => (Array.isArray(body) ? (body as StoredRow[]) : []);

const filtered = (filter: Filter): object => ({ type: 'and', filters: filter });

const claimIn = async (
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	cells: Cells,
): Promise<StoredRow[]> => listed(await updateIn(make, access, id, filter, cells, true));

const updateIn = async (
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	cells: Cells,
	returnData: boolean,
): Promise<unknown> =>
	await callN8n(make, access, 'PATCH', `/data-tables/${id}/rows/update`, {
		body: { filter: filtered(filter), data: keepable(cells), returnData },
	});

function tableOf(make: MakeCall, access: N8nAccess, table: KnownTable): Table {
	const remove = async (filter: Filter, returnData: boolean): Promise<unknown> =>
		await table.use(
			async (id) =>
				await callN8n(make, access, 'DELETE', `/data-tables/${id}/rows/delete`, {
					query: { filter: JSON.stringify(filtered(filter)), returnData: String(returnData) },
				}),
		);
	return {
		insert: async (cells) => {
			await table.use(async (id) => {
				const data = cells.map((one) => keepable(table.fitting(one)));
				await callN8n(make, access, 'POST', `/data-tables/${id}/rows`, {
					body: { data, returnType: 'count' },
				});
			});
		},
		read: async (filter, limit, offset = 0) => {
			const query = {
				filter: JSON.stringify(filtered(filter)),
				limit: String(Math.min(limit, LARGEST_PAGE)),
				...(offset === 0 ? {} : { cursor: cursorTo(offset, Math.min(limit, LARGEST_PAGE)) }),
			};
			const body = await table.use(
				async (id) => await callN8n(make, access, 'GET', `/data-tables/${id}/rows`, { query }),
			);
			return listed((body as { data?: unknown } | null)?.data);
		},
		update: async (filter, cells) => {
			await table.use(async (id) => {
				const fitting = table.fitting(cells);
				if (Object.keys(fitting).length > 0) await updateIn(make, access, id, filter, fitting, false);
			});
		},
		claim: async (filter, cells) =>
			await table.use(async (id) => await claimIn(make, access, id, filter, table.fitting(cells))),
		remove: async (filter) => {
			await remove(filter, false);
		},
		take: async (filter) => listed(await remove(filter, true)),
	};
}
