import { REGISTER_COLUMNS } from '../../../../nodes/shared/journal/columns';
import { TableFailure, eq } from '../../../../nodes/shared/dataTables/table';
import type { MakeCall } from '../../../../nodes/shared/dataTables/n8nApi';
import { n8nTables } from '../../../../nodes/GameInsightsWebhook/n8n/n8nTables';

const ACCESS = { baseUrl: 'https://n8n.example.com', apiKey: 'key' };

interface SimulatedTable {
	id: string;
	name: string;
	columns: Array<{ name: string; type: string }>;
	rows: Array<Record<string, unknown>>;
}

/**
 * An n8n with Data Tables as users may rename, delete and change them; it refuses what it does not know, as
 * n8n does.
 */
class SimulatedN8n {
	readonly tables: SimulatedTable[] = [];
	readonly calls: string[] = [];
	private made = 0;

	readonly make: MakeCall = async ({ method, url, body }) => {
		const { pathname, searchParams } = new URL(url);
		const route = pathname.replace('/api/v1/data-tables', '');
		this.calls.push(`${method} ${route}`);
		if (route === '' && method === 'GET') {
			const { name } = JSON.parse(searchParams.get('filter') ?? '{}') as { name: string };
			return { status: 200, body: { data: this.tables.filter((table) => table.name === name).map(shown) } };
		}
		if (route === '') return { status: 201, body: shown(this.add(body as SimulatedTable)) };
		const [, id, ...rest] = route.split('/');
		const table = this.tables.find((one) => one.id === id);
		if (table === undefined)
			return { status: 404, body: { message: `Could not find the data table: '${id}'` } };
		if (rest.length === 0) return { status: 200, body: { ...shown(table), sizeBytes: 7 } };
		const { data = [] } = (body ?? {}) as { data?: object };
		const rows = (Array.isArray(data) ? data : [data]) as Array<Record<string, unknown>>;
		const unknown = rows
			.flatMap((row) => Object.keys(row))
			.find((name) => !table.columns.some((column) => column.name === name));
		if (unknown !== undefined) return { status: 400, body: { message: `unknown column name '${unknown}'` } };
		if (method === 'POST') table.rows.push(...rows);
		return { status: 200, body: method === 'GET' ? { data: table.rows } : [] };
	};

	table(name: string): SimulatedTable {
		return this.tables.find((table) => table.name === name) as SimulatedTable;
	}

	private add({ name, columns }: SimulatedTable): SimulatedTable {
		const table = { id: `t${++this.made}`, name, columns: [...columns], rows: [] };
		this.tables.push(table);
		return table;
	}
}

const shown = ({ id, name, columns }: SimulatedTable): object => ({ id, name, columns, createdAt: id });

async function world(): Promise<{
	n8n: SimulatedN8n;
	tables: Awaited<ReturnType<typeof n8nTables>>;
	told: string[];
}> {
	const n8n = new SimulatedN8n();
	const told: string[] = [];
	const tables = await n8nTables(n8n.make, ACCESS, 'journal', { tell: (message) => void told.push(message) });
	expect(n8n.tables.map(({ name }) => name)).toEqual(['journal', 'journal_processes']);
	return { n8n, tables, told };
}

const ROW = { state: 'waiting', summary: 'it', payload: '{}', history: null };

it('a deleted table is made anew, and what is written goes into the new one', async () => {
	const { n8n, tables, told } = await world();
	await tables.journal.insert([ROW]);
	n8n.tables.splice(0, 1);
	// A row that went with its table is no reason to stop.
	await tables.journal.update([eq('id', 1)], { state: 'running' });
	await tables.journal.insert([ROW]);
	expect(n8n.table('journal').rows).toEqual([ROW]);
	expect(told).toEqual([expect.stringContaining('"journal" was deleted')]);
	expect(await tables.sizeBytes()).toBe(7);
});

it('many calls that find it gone make one new table', async () => {
	const { n8n, tables } = await world();
	n8n.tables.splice(0, 1);
	await Promise.all(Array.from({ length: 5 }, async () => await tables.journal.insert([ROW])));
	expect(n8n.tables.map(({ name }) => name)).toEqual(['journal_processes', 'journal']);
	expect(n8n.table('journal').rows).toHaveLength(5);
});

it('a deleted register is made anew', async () => {
	const { n8n, tables } = await world();
	n8n.tables.splice(1, 1);
	expect(await tables.register.claim([eq('name', 'me')], { beat: 1 })).toEqual([]);
	expect(n8n.table('journal_processes').columns).toHaveLength(Object.keys(REGISTER_COLUMNS).length);
});

it('a renamed table stays what it is, and that is told', async () => {
	const { n8n, tables, told } = await world();
	n8n.table('journal').name = 'archive';
	await tables.journal.insert([ROW]);
	await tables.sizeBytes();
	expect(n8n.tables.map(({ name }) => name)).toEqual(['archive', 'journal_processes']);
	expect(n8n.table('archive').rows).toEqual([ROW]);
	expect(told).toEqual([expect.stringContaining('is called "archive" by now')]);
});

it('a process without a live trigger makes no table: nobody would look into it', async () => {
	const { n8n } = await world();
	n8n.table('journal').name = 'archive';
	const failure = await n8nTables(n8n.make, ACCESS, 'journal', { makesMissing: false }).catch(
		(error: unknown) => error,
	);
	expect(failure).toMatchObject({
		kind: 'refused',
		message: expect.stringContaining('no Data Table "journal"'),
	});
	expect(n8n.tables).toHaveLength(2);
});

it.each(['summary', 'event_type', 'user_id', 'events', 'due', 'received', 'last_error', 'done', 'history'])(
	'without the column %s events go on, and with it again it is written again',
	async (column) => {
		const { n8n, tables, told } = await world();
		const table = n8n.table('journal');
		const { columns } = table;
		table.columns = columns.filter(({ name }) => name !== column);
		const row = { ...ROW, [column]: null };
		await tables.journal.insert([row]);
		await tables.journal.update([eq('id', 1)], { [column]: null });
		expect(table.rows).toHaveLength(1);
		expect(Object.keys(table.rows[0] ?? {})).not.toContain(column);
		expect(told.at(-1)).toContain(`lacks these columns: ${column} (`);
		// Published again, too.
		await n8nTables(n8n.make, ACCESS, 'journal');
		table.columns = columns;
		await tables.sizeBytes();
		await tables.journal.insert([row]);
		expect(Object.keys(table.rows[1] ?? {})).toContain(column);
	},
);

it.each(['state', 'attempt', 'payload', 'workflow_id', 'node_id', 'owner', 'claim', 'place', 'details'])(
	'without the column %s nothing can be kept: it is said, and it goes on with it again',
	async (column) => {
		const { n8n, tables } = await world();
		const table = n8n.table('journal');
		const { columns } = table;
		table.columns = columns.filter(({ name }) => name !== column);
		const row = { ...ROW, [column]: null };
		const refused = { kind: 'refused', message: expect.stringContaining(column) };
		await expect(tables.journal.insert([row])).rejects.toMatchObject(refused);
		await expect(n8nTables(n8n.make, ACCESS, 'journal')).rejects.toMatchObject(refused);
		table.columns = columns;
		await tables.journal.insert([row]);
		expect(table.rows).toHaveLength(1);
	},
);

it('a table that is older than the column expires goes on as it is, without a word', async () => {
	const { n8n, tables, told } = await world();
	expect(tables.expiryColumn).toBe('expires');
	const table = n8n.table('journal');
	table.columns = table.columns.filter(({ name }) => name !== 'expires');
	const older = await n8nTables(n8n.make, ACCESS, 'journal', { tell: (message) => void told.push(message) });
	expect(older.expiryColumn).toBe('place');
	await older.journal.update([eq('id', 1)], { state: 'processed', place: 7 });
	expect(told).toEqual([]);
});

it('what n8n refuses for another reason is asked about once, and refused', async () => {
	const { n8n, tables } = await world();
	n8n.calls.length = 0;
	const failure = await tables.journal.insert([{ nonsense: 1 }]).catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(TableFailure);
	expect(n8n.calls).toEqual(['POST /t1/rows', 'GET /t1']);
});
