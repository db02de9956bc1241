import { executionState } from '../../../../nodes/GameInsightsWebhook/n8n/executionState';
import type { Call } from '../../../../nodes/shared/dataTables/n8nApi';

const ACCESS = { baseUrl: 'http://n8n:5678/', apiKey: 'key' };

/** An n8n that answers each call in turn. */
async function asked(...answers: Array<{ status: number; body: unknown }>) {
	const calls: Call[] = [];
	const make = async (call: Call) => {
		calls.push(call);
		return answers[calls.length - 1] ?? Promise.reject(new Error('ECONNREFUSED'));
	};
	const state = await executionState(make, ACCESS, '7').catch((error: unknown) => error);
	return { state, calls };
}

const ok = (body: object) => ({ status: 200, body: { id: '7', ...body } });

it.each([
	[{ status: 'waiting', waitTill: '2026-01-02T03:04:05.000Z' }, Date.UTC(2026, 0, 2, 3, 4, 5)],
	[{ status: 'waiting', waitTill: '3000-01-01T00:00:00.000Z' }, null],
	[{ status: 'waiting', waitTill: null }, null],
	[{ status: 'waiting', waitTill: 'soon' }, null],
])('%j sleeps until %j', async (execution, wakesAtMs) => {
	const { state, calls } = await asked(ok(execution));
	expect(state).toEqual({ kind: 'asleep', wakesAtMs });
	expect(calls).toMatchObject([
		{
			method: 'GET',
			url: 'http://n8n:5678/api/v1/executions/7?includeData=false',
			headers: { 'X-N8N-API-KEY': 'key' },
		},
	]);
});

it.each(['new', 'running'])('%s is under way', async (status) => {
	expect((await asked(ok({ status }))).state).toEqual({ kind: 'running' });
});

it('success is known without the data of the execution', async () => {
	const { state, calls } = await asked(ok({ status: 'success' }));
	expect([state, calls.length]).toEqual([{ kind: 'ended', outcome: { kind: 'processed' } }, 1]);
});

it('a failure is told with the message and the node that the data of the execution name', async () => {
	const error = { message: 'Bad request', description: 'no such game', node: { name: 'Save' } };
	const data = { resultData: { error, lastNodeExecuted: 'Save' } };
	const { state, calls } = await asked(ok({ status: 'error' }), ok({ status: 'error', data }));
	expect(state).toEqual({
		kind: 'ended',
		outcome: {
			kind: 'failed',
			failure: { executionId: '7', message: 'Bad request: no such game', node: 'Save' },
		},
	});
	expect(calls[1]?.url).toBe('http://n8n:5678/api/v1/executions/7?includeData=true');
});

it.each(['crashed', 'canceled', 'unknown'])('%s is no success', async (status) => {
	// The data of a large execution is left out.
	const { state } = await asked(ok({ status }), ok({ status, dataTooLargeToDisplay: true }));
	expect(state).toMatchObject({
		kind: 'ended',
		outcome: { kind: 'unknown', failure: { executionId: '7', message: expect.any(String), node: null } },
	});
});

it('403 is a key that may not read executions', async () => {
	expect((await asked({ status: 403, body: { message: 'Forbidden' } })).state).toEqual({ kind: 'forbidden' });
});

it('404 of n8n is an execution that it does not know; 404 of somebody else tells nothing', async () => {
	expect((await asked({ status: 404, body: { message: 'Not Found' } })).state).toEqual({ kind: 'gone' });
	for (const body of ['<html>Not found</html>', 'Cannot GET /api/v1/executions/7', undefined]) {
		expect((await asked({ status: 404, body })).state).toBeInstanceOf(Error);
	}
});

it.each([
	[{ status: 200, body: 'n8n is starting up. Please wait' }],
	[{ status: 200, body: '<html></html>' }],
	[{ status: 401, body: { message: 'Unauthorized' } }],
	[{ status: 503, body: { message: 'Database is not ready' } }],
])('%j tells nothing', async (answer) => {
	expect((await asked(answer)).state).toMatchObject({ name: 'TableFailure' });
});

it('neither does silence', async () => {
	expect((await asked()).state).toMatchObject({ kind: 'unreachable' });
});
