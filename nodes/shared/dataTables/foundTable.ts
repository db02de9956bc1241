import { type FoundTable, gte } from './table';
import { type MakeCall, type N8nAccess, callN8n, notN8n } from './n8nApi';
import { LARGEST_PAGE, claimIn, readIn } from './rowCalls';

/** What n8n says of a table. */
export interface TableInfo {
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

/** Finds a table of this name; null when there is none. @throws {TableFailure} */
export async function findTable(make: MakeCall, access: N8nAccess, name: string): Promise<FoundTable | null> {
	const [info] = await listTables(make, access, name);
	if (info === undefined) return null;
	return {
		name,
		claim: async (filter, cells) => await claimIn(make, access, info.id, filter, cells),
		find: async (filter, afterId, limit, text) =>
			await readIn(make, access, info.id, [...filter, gte('id', afterId + 1)], limit, {
				sortBy: 'id:asc',
				...(text === '' ? {} : { search: text }),
			}),
	};
}
