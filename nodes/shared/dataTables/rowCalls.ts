import type { Cells, Filter, StoredRow } from './table';
import { type MakeCall, type N8nAccess, callN8n } from './n8nApi';

/** The most rows or tables that n8n lists on one page. */
export const LARGEST_PAGE = 250;

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

/** Adds rows to the table with this id. @throws {TableFailure} */
export async function insertIn(
	make: MakeCall,
	access: N8nAccess,
	id: string,
	rows: readonly Cells[],
): Promise<void> {
	await callN8n(make, access, 'POST', `/data-tables/${id}/rows`, {
		body: { data: rows.map(keepable), returnType: 'count' },
	});
}

/**
 * The rows that match, at most one page of n8n's.
 * @param more from which row on, in which order, and a text that they contain
 * @throws {TableFailure}
 */
export async function readIn(
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	limit: number,
	{ offset = 0, ...more }: { readonly offset?: number; readonly sortBy?: string; readonly search?: string },
): Promise<StoredRow[]> {
	const onPage = Math.min(limit, LARGEST_PAGE);
	const query = {
		filter: JSON.stringify(filtered(filter)),
		limit: String(onPage),
		...(offset === 0 ? {} : { cursor: cursorTo(offset, onPage) }),
		...more,
	};
	const body = await callN8n(make, access, 'GET', `/data-tables/${id}/rows`, { query });
	return listed((body as { data?: unknown } | null)?.data);
}

/** Changes the rows that match. Returns them with their new cells. @throws {TableFailure} */
export const claimIn = async (
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	cells: Cells,
): Promise<StoredRow[]> => listed(await update(make, access, id, filter, cells, true));

/** Changes the rows that match. @throws {TableFailure} */
export const updateIn = async (
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	cells: Cells,
): Promise<void> => void (await update(make, access, id, filter, cells, false));

const update = async (
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

/** Removes the rows that match. Returns them where they are asked for. @throws {TableFailure} */
export async function removeIn(
	make: MakeCall,
	access: N8nAccess,
	id: string,
	filter: Filter,
	returnData: boolean,
): Promise<StoredRow[]> {
	const query = { filter: JSON.stringify(filtered(filter)), returnData: String(returnData) };
	return listed(await callN8n(make, access, 'DELETE', `/data-tables/${id}/rows/delete`, { query }));
}
