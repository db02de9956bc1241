import { CurrentAccess } from '../../../../nodes/shared/dataTables/n8nAccess';
import { type Call, type MakeCall, callN8n } from '../../../../nodes/shared/dataTables/n8nApi';
import { TableFailure } from '../../../../nodes/shared/dataTables/table';

const BASE = 'https://n8n.example.com';

/** An n8n that knows one key, a credential, and a clock. */
function world(status = 401) {
	const state = { keyOfN8n: 'old', inCredential: 'old', baseUrl: BASE, nowMs: 0, reads: 0, isAway: false };
	const said: string[] = [];
	const calls: Call[] = [];
	const make: MakeCall = async (call) => {
		calls.push(call);
		if (state.isAway) throw new Error('ECONNREFUSED');
		return call.headers['X-N8N-API-KEY'] === state.keyOfN8n
			? { status: 200, body: { ok: true } }
			: { status, body: { message: 'no' } };
	};
	const access = new CurrentAccess(
		{ baseUrl: BASE, apiKey: 'old' },
		async () => {
			state.reads++;
			if (state.inCredential === '') throw new Error('gone');
			return { baseUrl: state.baseUrl, apiKey: state.inCredential };
		},
		{ elapsedMs: () => state.nowMs, failed: (message) => void said.push(message) },
	);
	const call = async (): Promise<unknown> =>
		await callN8n(make, access, 'POST', '/rows', { body: { n: 1 } }).catch((error: unknown) => error);
	return { state, said, calls, call };
}

it.each([401, 403])(
	'answered %d, a call is made again with the key that is in the credential by now',
	async (status) => {
		const { state, calls, call } = world(status);
		expect(await call()).toEqual({ ok: true });
		Object.assign(state, { keyOfN8n: 'new', inCredential: 'new' });
		expect(await call()).toEqual({ ok: true });
		expect(calls.map(({ headers, body }) => [headers['X-N8N-API-KEY'], body])).toEqual([
			['old', { n: 1 }],
			['old', { n: 1 }],
			['new', { n: 1 }],
		]);
		expect(await call()).toEqual({ ok: true });
		expect([calls.length, state.reads]).toEqual([4, 1]);
	},
);

it('calls that fail together share one reading of the credential, and all of them go on', async () => {
	const { state, call } = world();
	Object.assign(state, { keyOfN8n: 'new', inCredential: 'new' });
	expect(await Promise.all([call(), call(), call()])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
	expect(state.reads).toBe(1);
});

it('the credential is read every 2 s at most while its key is not accepted', async () => {
	const { state, calls, call } = world();
	state.keyOfN8n = 'new';
	for (let n = 0; n < 10; n++) {
		expect(await call()).toMatchObject({ kind: 'refused', message: expect.stringContaining('not accept') });
		state.nowMs += 500;
	}
	expect([state.reads, calls.length]).toEqual([3, 10]);
	state.inCredential = 'new';
	state.nowMs += 2_000;
	expect(await call()).toEqual({ ok: true });
});

it('a call without an answer is never made again by itself: it may have taken effect', async () => {
	const { state, calls, call } = world();
	Object.assign(state, { isAway: true, baseUrl: 'https://moved.example.com' });
	expect(await call()).toBeInstanceOf(TableFailure);
	expect(calls).toHaveLength(1);
	state.isAway = false;
	expect(await call()).toEqual({ ok: true });
	expect(calls[1]?.url).toContain('https://moved.example.com');
});

it('a credential that can not be read says so, and the old key is used', async () => {
	const { state, said, call } = world();
	Object.assign(state, { keyOfN8n: 'new', inCredential: '' });
	expect(await call()).toMatchObject({ kind: 'refused' });
	expect(said).toEqual(['The credential for Durable could not be read again: gone']);
	state.keyOfN8n = 'old';
	expect(await call()).toEqual({ ok: true });
});
