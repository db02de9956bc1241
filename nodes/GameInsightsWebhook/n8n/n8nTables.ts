import { keyExpiryMs } from '../../shared/credential/keyExpiry';
import { COLUMNS_TO_DO_WITHOUT, JOURNAL_COLUMNS, REGISTER_COLUMNS } from '../journal/columns';
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
/** Rows and tables that n8n lists on a page at most. */
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

/** Makes an HTTP request; rejects only when there is no answer. The body is parsed where it is JSON. */
export type MakeCall = (call: Call) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Where n8n is, and the key to it. */
export interface N8nAccess {
	readonly baseUrl: string;
	readonly apiKey: string;
	/**
	 * Reads the credential again, where that is possible: it may have been changed. Resolves with whether
	 * something else is known by now than what was used. Never rejects.
	 */
	renew?(used: { readonly baseUrl: string; readonly apiKey: string }): Promise<boolean>;
}

/** The name of the table beside the journal. */
export const registerNameOf = (journalName: string): string => `${journalName}_processes`;

/** The name of the table that dead letters are kept in, where they have one of their own. */
export const deadLettersNameOf = (journalName: string): string => `${journalName}_dead_letters`;

/** How n8n's address is usually pasted: with a slash, or with the path of the API. */
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
 * Sends a request to n8n's public API. Where the key may not do it, it is sent once more when the credential
 * has another one by now.
 * @throws {TableFailure} for every answer but a good one
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
		// Without an answer it may have taken effect: another address is for the calls that follow.
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
	// Put together here: n8n's HTTP client leaves colons and brackets as they are, and n8n's API does not take
	// that, nor `+` for a blank.
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
	// A page of some other server, or of n8n's editor, must never pass for a row that was written.
	if (typeof said === 'string' || said === undefined) throw notN8n(access);
	return said;
}

/**
 * While n8n starts it answers every request with 200 and a sentence (`abstract-server.js`), then for a moment
 * with Express's own page for what is not there: nothing was done, and soon it can be.
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

/** The address of a page of n8n's editor is easily copied in place of n8n's own. */
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
		const day =
			expiresAtMs === null
				? ''
				: ` It says that it ends on ${new Date(expiresAtMs).toISOString().slice(0, 10)}.`;
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

/** Lists the tables that the key may see. @throws {TableFailure} */
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

/** How the tables are found. */
interface Search {
	readonly make: MakeCall;
	readonly access: N8nAccess;
	/** Whether a table that is missing is made. */
	readonly makesMissing: boolean;
	/** Says what somebody has done to a table that goes on all the same. */
	tell(message: string): void;
}

/** What a table has to be. */
interface Wanted {
	readonly name: string;
	readonly columns: Readonly<Record<string, string>>;
}

/** Of two processes that make the table at the same time, both end up with the older one. */
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

/** Columns that are not there, or of another type. */
function missingIn(table: TableInfo, columns: Wanted['columns']): Array<[column: string, type: string]> {
	const has = new Map(table.columns.map((column) => [column.name, column.type]));
	return Object.entries(columns).filter(([column, type]) => has.get(column) !== type);
}

const listedColumns = (columns: ReadonlyArray<readonly [string, string]>): string =>
	columns.map(([column, type]) => `${column} (${type})`).join(', ');

/** The tables, and how large the journal is. */
export interface N8nTables extends JournalTables {
	/** As n8n counted it some seconds ago. */
	sizeBytes(): Promise<number>;
}

/** Finds the journal and the table beside it, or makes them. @throws {TableFailure} */
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
 * A table, whatever users do to it: renamed it stays the same, deleted it is made anew, and some columns may
 * be missing.
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
	 * Does something with the table by its id; once more when n8n refuses, and the table turns out to be
	 * another than was thought.
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

	/** Looks at it by its id: columns may have come back. @throws {TableFailure} */
	async look(): Promise<TableInfo> {
		const { make, access } = this.search;
		const found = (await callN8n(make, access, 'GET', `/data-tables/${this.info.id}`)) as TableInfo;
		// n8n lists a table's columns here, too.
		if (Array.isArray((found as Partial<TableInfo> | null)?.columns)) this.info = found;
		this.tellWhatIsOdd();
		return found;
	}

	/** Whether it has a column, of the right type. */
	has(column: string): boolean {
		return !missingIn(this.info, this.wanted.columns).some(([missing]) => missing === column);
	}

	/** The cells that it has columns for. */
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
			// It is gone.
			const found = await findOrMake(this.search, this.wanted).catch(() => null);
			if (found === null) return;
			this.info = found;
			this.search.tell(
				`The Data Table "${this.wanted.name}" was deleted, with what waited in it. It goes on in a new one.`,
			);
		}
	}

	/** Once, until it changes. */
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

/** PostgreSQL keeps no NUL in a text; it only ever stands in what is no JSON. */
const keepable = (cells: Cells): Cells =>
	Object.fromEntries(
		Object.entries(cells).map(([column, cell]) => [
			column,
			typeof cell === 'string' && cell.includes('\0') ? cell.replaceAll('\0', '\uFFFD') : cell,
		]),
	);

/** The API knows no offset but the one in its cursors. */
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
