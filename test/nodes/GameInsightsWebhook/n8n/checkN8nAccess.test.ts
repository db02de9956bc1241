import type { ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { testN8nAccess } from '../../../../nodes/GameInsightsWebhook/n8n/checkN8nAccess';

interface Request {
	readonly method: string;
	readonly uri: string;
	readonly headers: Record<string, string>;
}

const SCOPES = [
	...['dataTable:list', 'dataTable:read', 'dataTable:create'],
	...['dataTableRow:read', 'dataTableRow:create', 'dataTableRow:update', 'dataTableRow:delete'],
	'execution:read',
];

/** The scope that n8n asks for, by the request. */
function scopeOf({ method, uri }: Request): string {
	const { pathname } = new URL(uri);
	const [, area, ...rest] = pathname.replace('/api/v1', '').split('/');
	if (area === 'executions') return 'execution:read';
	const isRows = rest.includes('rows');
	const action = { GET: 'read', POST: 'create', PATCH: 'update', DELETE: 'delete' }[method] ?? '';
	return isRows
		? `dataTableRow:${action}`
		: `dataTable:${method === 'GET' && rest.length === 0 ? 'list' : action}`;
}

/** Tests a credential at an n8n that finds no table and no execution. Only n8n's HTTP client is a fake. */
async function test(scopes: readonly string[], data: Record<string, string> = {}) {
	const requests: Request[] = [];
	const request = async (made: Request) => {
		requests.push(made);
		const scope = scopeOf(made);
		if (!scopes.includes(scope)) return { statusCode: 403, body: { message: 'Forbidden' } };
		if (scope === 'dataTable:list') return { statusCode: 200, body: { data: [] } };
		return { statusCode: 400, body: { message: 'there is none' } };
	};
	const result: INodeCredentialTestResult = await testN8nAccess.call(
		{ helpers: { request } } as unknown as ICredentialTestFunctions,
		{
			...{ id: '1', name: 'A credential', type: 'gameInsightsN8nApi' },
			data: { baseUrl: 'http://n8n:5678', apiKey: 'key', ...data },
		},
	);
	return { result, requests };
}

it('a key with all scopes is good', async () => {
	const { result, requests } = await test(SCOPES);
	expect(result).toEqual({ status: 'OK', message: 'n8n can keep events in its Data Tables' });
	expect(new Set(requests.map(scopeOf))).toEqual(new Set(SCOPES));
	expect(requests.every(({ headers }) => headers['X-N8N-API-KEY'] === 'key')).toBe(true);
});

it('a good key that expires says when', async () => {
	const payload = Buffer.from(JSON.stringify({ exp: 32_503_680_000 })).toString('base64url');
	const { result } = await test(SCOPES, { apiKey: `e30.${payload}.x` });
	expect(result).toMatchObject({
		status: 'OK',
		message: expect.stringMatching(/Data Tables\. The API key expires on 3000-01-01, in \d+ days$/),
	});
});

it.each(SCOPES.filter((scope) => !['dataTable:list', 'execution:read'].includes(scope)))(
	'a key without the scope %s is told that it lacks it',
	async (scope) => {
		const { result } = await test(SCOPES.filter((one) => one !== scope));
		expect(result).toEqual({
			status: 'Error',
			message: `The API key lacks these scopes: ${scope}. Add them under Settings → n8n API.`,
		});
	},
);

it('all scopes that are missing are named at once', async () => {
	const { result } = await test(['dataTable:list', 'dataTable:read']);
	expect(result.message).toContain('dataTable:create, dataTableRow:read, dataTableRow:create');
});

it('a key that may not list tables is told which scopes to give it', async () => {
	const { result } = await test([]);
	expect(result).toMatchObject({ status: 'Error', message: expect.stringContaining('dataTable:list') });
});

it('a key that may not read executions is good, and told what it misses', async () => {
	const { result } = await test(SCOPES.filter((scope) => scope !== 'execution:read'));
	expect(result).toMatchObject({
		status: 'OK',
		message: expect.stringContaining('Without the scope execution:read'),
	});
});

it('an n8n that can not be reached is an error in plain words', async () => {
	const request = async () => {
		throw new Error('ECONNREFUSED');
	};
	const result = await testN8nAccess.call({ helpers: { request } } as unknown as ICredentialTestFunctions, {
		id: '1',
		name: 'A credential',
		type: 'gameInsightsN8nApi',
		data: { baseUrl: 'http://n8n:5678' },
	});
	expect(result).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('could not be reached at http://n8n:5678'),
	});
});
