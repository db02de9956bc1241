import type { INodeExecutionData, IRun } from 'n8n-workflow';
import {
	type Deferred,
	type Emitter,
	executionIdOfSignal,
	outcomeOfRun,
	startExecution,
} from '../../../../nodes/GameInsightsWebhook/n8n/execution';
import { Watchdog } from '../../../../nodes/GameInsightsWebhook/queue/watchdog';
import { createDeferredPromise } from '../../../support/deferredPromise';
import { VirtualClock, settle } from '../../../support/virtualClock';

const run = (status: string, resultData: object = {}): IRun =>
	({ status, data: { resultData } }) as unknown as IRun;

function started(emit: Emitter['emit']) {
	const clock = new VirtualClock();
	const execution = startExecution(
		{ emit, createDeferredPromise },
		{ hello: 'world' },
		new Watchdog(clock, 60_000),
	);
	const seen: { begun: boolean; ended: unknown } = { begun: false, ended: undefined };
	void execution.begun.then(() => (seen.begun = true));
	void execution.ended.then((outcome) => (seen.ended = outcome));
	return { clock, seen };
}

describe('an execution', () => {
	let emitted: {
		data: INodeExecutionData[][];
		response: Deferred<unknown>;
		done: Deferred<IRun>;
	};
	const emit: Emitter['emit'] = (data, response, done) => {
		emitted = { data, response: response, done };
	};

	it('is given the payload as its one item', () => {
		started(emit);
		expect(emitted.data).toEqual([[{ json: { hello: 'world' } }]]);
	});

	it('has begun when execute() says so', async () => {
		const { seen } = started(emit);
		await settle();
		expect(seen.begun).toBe(false);
		emitted.response.resolve({ body: { gameInsights: 'begun', executionId: '7' } });
		await settle();
		expect(seen.begun).toBe(true);
		expect(seen.ended).toBeUndefined();
	});

	it('has not begun when n8n only closes the response', async () => {
		const { seen } = started(emit);
		emitted.response.resolve({});
		await settle();
		expect(seen.begun).toBe(false);
	});

	it('tells the failing node, the message and its own id', async () => {
		const { seen } = started(emit);
		emitted.response.resolve({ body: { gameInsights: 'begun', executionId: '7' } });
		await settle();
		emitted.done.resolve(
			run('error', { error: { message: 'kaboom', node: { name: 'Save order' } }, lastNodeExecuted: 'Other' }),
		);
		await settle();
		expect(seen.ended).toEqual({
			kind: 'failed',
			failure: { executionId: '7', message: 'kaboom', node: 'Save order' },
		});
	});

	it('has an unknown outcome when n8n rejects it', async () => {
		const { seen } = started(emit);
		emitted.done.reject(new Error('database is gone'));
		await settle();
		expect(seen.ended).toEqual({
			kind: 'unknown',
			failure: { executionId: null, message: 'database is gone', node: null },
		});
	});

	it('has an unknown outcome when emit itself throws', async () => {
		const { seen } = started(() => {
			throw new Error('not ready');
		});
		await settle();
		expect(seen.ended).toMatchObject({ kind: 'unknown', failure: { message: 'not ready' } });
	});

	it('has an unknown outcome when its end never comes', async () => {
		const { clock, seen } = started(emit);
		await clock.advance(65_000);
		expect(seen.ended).toMatchObject({ kind: 'unknown' });
	});

	it.each([
		['success', 'processed'],
		['waiting', 'processed'],
		['error', 'failed'],
		['canceled', 'unknown'],
		['crashed', 'unknown'],
		['running', 'unknown'],
		['new', 'unknown'],
	])('that ended as %s is %s', (status, kind) => {
		expect(outcomeOfRun(run(status), null).kind).toBe(kind);
	});

	it('that sleeps is asleep when its id is known', () => {
		expect(outcomeOfRun(run('waiting'), '7')).toEqual({ kind: 'asleep', executionId: '7' });
	});

	it('that n8n says nothing of is unknown', () => {
		expect(outcomeOfRun(undefined, '3')).toMatchObject({ kind: 'unknown', failure: { executionId: '3' } });
	});

	it.each([[undefined], [null], [{}], [{ body: 'begun' }], [{ body: { gameInsights: 'begun' } }]])(
		'is not taken to have begun by the response %j',
		(response) => {
			expect(executionIdOfSignal(response)).toBeNull();
		},
	);
});
