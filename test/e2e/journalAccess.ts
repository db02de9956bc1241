import { randomUUID } from 'node:crypto';
import type { RealN8n } from '../../lab/realN8n';
import type { WorkflowOptions } from '../support/workflow';
import { type Endpoint, until } from './instance';

/** What a key needs, as the panel says. */
export const SCOPES = [
	'dataTable:list',
	'dataTable:read',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
	'dataTableRow:delete',
];

/** Makes a key of n8n's public API, as a user does under Settings. */
export async function apiKeyFor(n8n: RealN8n, scopes: readonly string[] = SCOPES): Promise<string> {
	const label = `journal ${Math.random()}`;
	const { rawApiKey } = await n8n.api.call('POST', '/api-keys', { label, scopes, expiresAt: null });
	return rawApiKey as string;
}

/** Most rows that n8n's table view asks for at once. */
const MOST_ROWS = 250;

interface TableRow {
	readonly id: number;
	readonly [column: string]: unknown;
}

/** n8n's table view, as its editor reads it. */
export class TableView {
	private constructor(
		private readonly n8n: RealN8n,
		private readonly route: string,
	) {}

	static async of(n8n: RealN8n, name = 'game_insights_journal'): Promise<TableView | null> {
		const { data } = await n8n.api.call(
			'GET',
			`/data-tables-global?filter=${encodeURIComponent(JSON.stringify({ name }))}`,
		);
		const found = (
			data as Array<{ id: string; name: string; projectId?: string; project?: { id: string } }>
		).find((table) => table.name === name);
		if (found === undefined) return null;
		const projectId = found.projectId ?? found.project?.id;
		return new TableView(n8n, `/projects/${projectId}/data-tables/${found.id}`);
	}

	/** Makes one, as a user does. */
	static async make(n8n: RealN8n, name: string, columns: readonly object[]): Promise<TableView> {
		const { id: projectId } = await n8n.api.call('GET', '/projects/personal');
		const { id } = await n8n.api.call('POST', `/projects/${projectId}/data-tables`, { name, columns });
		return new TableView(n8n, `/projects/${projectId}/data-tables/${id}`);
	}

	/** Where it is in n8n's editor. */
	get page(): string {
		return this.route.replace('/data-tables/', '/datatables/');
	}

	async rows(): Promise<TableRow[]> {
		const rows: TableRow[] = [];
		for (;;) {
			const page = `take=${MOST_ROWS}&skip=${rows.length}&sortBy=id:asc`;
			const { data } = await this.n8n.api.call('GET', `${this.route}/rows?${page}`);
			rows.push(...(data as TableRow[]));
			if (data.length < MOST_ROWS) return rows;
		}
	}

	private async info(): Promise<{ columns: Array<{ id: string; name: string }> }> {
		return { columns: await this.n8n.api.call('GET', `${this.route}/columns`) };
	}

	/** As a user deletes rows. */
	async delete(ids: readonly number[]): Promise<void> {
		const filters = ids.map((value) => ({ columnName: 'id', condition: 'eq', value }));
		const filter = encodeURIComponent(JSON.stringify({ type: 'or', filters }));
		await this.n8n.api.call('DELETE', `${this.route}/rows?filter=${filter}`);
	}

	/** As a user renames it. */
	async rename(name: string): Promise<void> {
		await this.n8n.api.call('PATCH', this.route, { name });
	}

	async deleteTable(): Promise<void> {
		await this.n8n.api.call('DELETE', this.route);
	}

	async deleteColumn(name: string): Promise<void> {
		const { columns } = await this.info();
		const { id } = columns.find((column) => column.name === name) as { id: string };
		await this.n8n.api.call('DELETE', `${this.route}/columns/${id}`);
	}

	async insert(data: readonly object[]): Promise<void> {
		await this.n8n.api.call('POST', `${this.route}/insert`, { data, returnType: 'count' });
	}

	/** As a user edits a cell. */
	async set(id: number, cells: object): Promise<void> {
		const filter = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: id }] };
		await this.n8n.api.call('PATCH', `${this.route}/rows`, { filter, data: cells });
	}
}

/** The table of dead letters that belongs to the usual journal. */
export const DEAD_LETTERS = 'game_insights_journal_dead_letters';

/** All rows of the journal; none while it has not been made. */
export async function journalOf(n8n: RealN8n, name?: string): Promise<TableRow[]> {
	return (await (await TableView.of(n8n, name))?.rows()) ?? [];
}

/** What the two kinds of instances have in common. */
interface Host<Made extends Endpoint> {
	readonly n8n: RealN8n;
	credential(kind: 'apiKey'): Promise<object>;
	endpoint(kind: 'apiKey', options: Partial<WorkflowOptions>): Promise<Made>;
}

/** Makes endpoints with Durable on, and reads their rows. */
export class DurableEndpoints<Made extends Endpoint = Endpoint> {
	private constructor(
		private readonly host: Host<Made>,
		private readonly access: object,
	) {}

	static async in<Made extends Endpoint>(host: Host<Made>): Promise<DurableEndpoints<Made>> {
		return new DurableEndpoints(host, await accessWith(host.n8n, await apiKeyFor(host.n8n)));
	}

	/** Published, with the usual key unless another is given. */
	async make(parameters: object = {}, access: object = this.access): Promise<Made> {
		const credentials = { ...(await this.host.credential('apiKey')), ...access };
		return await this.host.endpoint('apiKey', { credentials, parameters: { durable: true, ...parameters } });
	}

	/** What the journal has of an endpoint. */
	async rowsOf({ workflowId }: Endpoint): Promise<TableRow[]> {
		return (await journalOf(this.host.n8n)).filter((row) => row.workflow_id === workflowId);
	}

	/** The dead letters of an endpoint, in their own table. */
	async deadLettersOf({ workflowId }: Endpoint): Promise<TableRow[]> {
		return (await journalOf(this.host.n8n, DEAD_LETTERS)).filter((row) => row.workflow_id === workflowId);
	}

	/** Waits until so many dead letters of an endpoint are in their table, and none in the journal. */
	async untilDeadLetters(endpoint: Endpoint, count: number, timeoutMs?: number): Promise<TableRow[]> {
		let letters: TableRow[] = [];
		let rows: TableRow[] = [];
		await until(
			() => `${count} dead letters; there are ${letters.length}, and ${rows.length} rows of the journal`,
			async () => {
				rows = await this.rowsOf(endpoint);
				letters = await this.deadLettersOf(endpoint);
				return rows.length === 0 && letters.filter(({ state }) => state === 'dead').length === count;
			},
			timeoutMs,
		);
		return letters;
	}

	/** Waits until nothing of an endpoint is left; says which rows are when that takes too long. */
	async untilNoRows(endpoint: Endpoint, timeoutMs?: number): Promise<void> {
		let left: TableRow[] = [];
		await until(
			() => `no rows; ${left.length} are left, first of all ${JSON.stringify(left.slice(0, 5))}`,
			async () => {
				left = await this.rowsOf(endpoint);
				return left.length === 0;
			},
			timeoutMs,
		);
	}
}

/** The credential of a node with Durable on. */
export async function accessWith(n8n: RealN8n, apiKey: string, baseUrl = n8n.baseUrl): Promise<object> {
	const reference = await n8n.api.createCredential({
		name: `n8n ${randomUUID()}`,
		type: 'gameInsightsN8nApi',
		data: { baseUrl, apiKey },
	});
	return { gameInsightsN8nApi: reference };
}
