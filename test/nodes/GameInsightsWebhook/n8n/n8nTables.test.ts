import { type Call, type MakeCall, callN8n } from '../../../../nodes/shared/dataTables/n8nApi';
import { findTable } from '../../../../nodes/shared/dataTables/foundTable';
import { n8nTables } from '../../../../nodes/GameInsightsWebhook/n8n/n8nTables';
import { JOURNAL_COLUMNS, REGISTER_COLUMNS } from '../../../../nodes/shared/journal/columns';
import { type Table, TableFailure, eq } from '../../../../nodes/shared/dataTables/table';

const ACCESS = { baseUrl: 'https://n8n.example.com', apiKey: 'key' };
const STARTING = 'n8n is starting up. Please wait';
const NO_ROUTE =
	'<!DOCTYPE html>\n<html lang="en">\n<body>\n<pre>Cannot POST /api/v1/data-tables/1/rows</pre>\n</body>\n</html>';

/** An n8n that has both tables and answers everything about their rows alike. */
const answering =
	(status: number, body: unknown): MakeCall =>
	({ url }) =>
		Promise.resolve(url.includes('/rows') ? { status, body } : { status: 200, body: listed(url) });

const listed = (url: string): object => {
	const isRegister = url.includes('journal_processes');
	const columns = Object.entries(isRegister ? REGISTER_COLUMNS : JOURNAL_COLUMNS);
	const table = {
		id: isRegister ? '2' : '1',
		name: isRegister ? 'journal_processes' : 'journal',
		createdAt: '',
	};
	return { data: [{ ...table, columns: columns.map(([name, type]) => ({ name, type })) }] };
};

const failureOf = async (work: Promise<unknown>): Promise<TableFailure> => {
	const failure = await work.then(
		() => null,
		(error: unknown) => error,
	);
	expect(failure).toBeInstanceOf(TableFailure);
	return failure as TableFailure;
};

const OPERATIONS: Array<[string, (table: Table) => Promise<unknown>]> = [
	['insert', async (table) => await table.insert([{ state: 'waiting' }])],
	['read', async (table) => await table.read([eq('id', 1)], 1)],
	['update', async (table) => await table.update([eq('id', 1)], { state: 'running' })],
	['claim', async (table) => await table.claim([eq('id', 1)], { owner: 'me' })],
	['remove', async (table) => await table.remove([eq('id', 1)])],
	['take', async (table) => await table.take([eq('id', 1)])],
];

describe.each(OPERATIONS)('%s', (_, operation) => {
	it.each([
		['the sentence of an n8n that starts', 200, STARTING, 'unreachable', /still starting/],
		['the page of an n8n whose API is not there yet', 404, NO_ROUTE, 'unreachable', /still starting/],
		['the page of another server', 200, '<html>Welcome</html>', 'refused', /does not answer like n8n/],
		['an empty answer', 200, '', 'refused', /does not answer like n8n/],
		['no body', 204, undefined, 'refused', /does not answer like n8n/],
		['a table that is gone', 404, { message: 'Could not find' }, 'refused', /journal table is gone/],
		['a key that is not known', 401, { message: 'unauthorized' }, 'refused', /does not accept the API key/],
		['a key that may not', 403, { message: 'Forbidden' }, 'refused', /may not use Data Tables/],
		['too much at once', 413, 'too large', 'tooLarge', /larger than n8n takes/],
		['too many calls', 429, 'slow down', 'unreachable', /answered 429/],
		['trouble inside n8n', 500, { message: 'database is locked' }, 'unreachable', /database is locked/],
		['a full table', 400, { message: 'Data table size limit exceeded' }, 'full', /no space left/],
		['a cell that does not fit', 400, { message: 'value is no date' }, 'refused', /value is no date/],
	])('takes %s for what it is', async (_what, status, body, kind, words) => {
		const { journal } = await n8nTables(answering(status, body), ACCESS, 'journal');
		const failure = await failureOf(operation(journal));
		expect([failure.kind, failure.message]).toEqual([kind, expect.stringMatching(words)]);
	});
});

it('takes the answers of n8n', async () => {
	const calls: Call[] = [];
	const answer = async (body: unknown): Promise<Table> => {
		const make: MakeCall = async (call) => {
			calls.push(call);
			return await answering(200, body)(call);
		};
		return (await n8nTables(make, ACCESS, 'journal')).journal;
	};
	await (await answer({ success: true, insertedRows: 1 })).insert([{ payload: 'a\0b' }]);
	await (await answer(true)).update([eq('id', 1)], { state: 'dead' });
	await (await answer(true)).remove([eq('id', 1)]);
	expect(await (await answer({ data: [{ id: 1 }] })).read([], 1)).toEqual([{ id: 1 }]);
	expect(await (await answer([{ id: 1 }])).claim([], {})).toEqual([{ id: 1 }]);
	expect(await (await answer([{ id: 1 }])).take([])).toEqual([{ id: 1 }]);
	const [insert] = calls.filter(({ method, url }) => method === 'POST' && url.includes('/rows'));
	expect(insert).toMatchObject({
		url: 'https://n8n.example.com/api/v1/data-tables/1/rows',
		headers: { 'X-N8N-API-KEY': 'key' },
		body: { data: [{ payload: 'a\uFFFDb' }], returnType: 'count' },
	});
});

it('tells why there is no answer at all, and where', async () => {
	const failure = await failureOf(
		callN8n(() => Promise.reject(new Error('connect ECONNREFUSED')), ACCESS, 'GET', '/data-tables'),
	);
	expect(failure).toMatchObject({
		kind: 'unreachable',
		message: expect.stringMatching(/https:\/\/n8n\.example\.com \(connect ECONNREFUSED\)/),
	});
});

describe('a Base URL with a path', () => {
	const PATH = 'The Base URL has the path "/home/workflows": leave it out';
	const at = async (baseUrl: string, answer: () => ReturnType<MakeCall>) =>
		(await failureOf(callN8n(answer, { baseUrl, apiKey: 'key' }, 'GET', '/data-tables'))).message;

	it.each<[string, () => ReturnType<MakeCall>]>([
		['a page of the editor', async () => ({ status: 200, body: '<html>' })],
		['nothing there', async () => ({ status: 404, body: NO_ROUTE })],
		['nothing there, in JSON', async () => ({ status: 404, body: { message: 'not found' } })],
		['no answer', async () => await Promise.reject(new Error('ECONNREFUSED'))],
	])('is told as such: %s', async (_, answer) => {
		expect(await at('https://n8n.example.com/home/workflows/', answer)).toContain(PATH);
		for (const whole of [
			'https://n8n.example.com',
			'https://n8n.example.com/',
			'http://localhost:5678/api/v1/',
		]) {
			expect(await at(whole, answer)).not.toContain('has the path');
		}
	});

	it('is called to when n8n is served under it', async () => {
		const urls: string[] = [];
		const make: MakeCall = async ({ url }) => {
			urls.push(url);
			return { status: 200, body: { data: [] } };
		};
		await callN8n(make, { baseUrl: 'https://example.com/n8n/', apiKey: 'key' }, 'GET', '/data-tables');
		expect(urls).toEqual(['https://example.com/n8n/api/v1/data-tables']);
	});
});

describe('looking something up in a table', () => {
	it('makes none, and says null where there is none', async () => {
		const methods: string[] = [];
		const make: MakeCall = async ({ method }) => {
			methods.push(method);
			return { status: 200, body: { data: [] } };
		};
		expect(await findTable(make, ACCESS, 'journal')).toBeNull();
		expect(methods).toEqual(['GET']);
	});

	it('asks for what comes after a row, in order, and for a text as n8n takes it in an address', async () => {
		const urls: string[] = [];
		const make: MakeCall = async (call) => {
			urls.push(call.url);
			return await answering(200, { data: [{ id: 8 }] })(call);
		};
		const table = await findTable(make, ACCESS, 'journal');
		expect(await table?.find([eq('state', 'dead')], 7, 10, 'a b+c: d')).toEqual([{ id: 8 }]);
		const { search, pathname } = new URL(urls.at(-1) ?? '');
		expect(pathname).toBe('/api/v1/data-tables/1/rows');
		expect(search).toContain('search=a%20b%2Bc%3A%20d');
		const asked = new URLSearchParams(search);
		expect([asked.get('sortBy'), asked.get('limit')]).toEqual(['id:asc', '10']);
		expect(JSON.parse(asked.get('filter') ?? '')).toEqual({
			type: 'and',
			filters: [eq('state', 'dead'), { columnName: 'id', condition: 'gte', value: 8 }],
		});
		await table?.find([eq('state', 'dead')], 0, 10, '');
		expect(urls.at(-1)).not.toContain('search');
	});
});
