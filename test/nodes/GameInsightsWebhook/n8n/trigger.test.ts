import {
	type IDataObject,
	type INodeExecutionData,
	type IRun,
	type ITriggerFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import { Journals } from '../../../../nodes/GameInsightsWebhook/endpoint/journals';
import { Registry, registryKey } from '../../../../nodes/GameInsightsWebhook/endpoint/registry';
import type { Emitter } from '../../../../nodes/GameInsightsWebhook/n8n/execution';
import { checkNode, trigger } from '../../../../nodes/GameInsightsWebhook/n8n/trigger';
import { Queue } from '../../../../nodes/GameInsightsWebhook/queue/queue';
import { eventTexts } from '../../../../nodes/shared/events/slice';
import { createDeferredPromise } from '../../../support/deferredPromise';
import { senders } from '../../../support/senders';
import { VirtualClock, settle } from '../../../support/virtualClock';
import { World } from '../queue/fakeEngine';

const HOUR_MS = 3_600_000;
const KEY = registryKey('workflow', 'node');

interface Published {
	readonly parameters?: IDataObject;
	/** Of the workflow. */
	readonly settings?: IDataObject;
	/** Null when n8n can't read it. */
	readonly credential?: IDataObject | null;
	/** What n8n's public API answers. */
	readonly api?: { statusCode: number; body: unknown };
	readonly journals?: Pick<Journals, 'open'>;
}

/** One process of n8n. Only its engine, its credentials and its HTTP client are fakes. */
class Process {
	readonly clock = new VirtualClock();
	readonly registry = new Registry(this.clock);
	readonly emitted: Array<{
		readonly data: INodeExecutionData[][];
		readonly response: Parameters<Emitter['emit']>[1];
		readonly done: Parameters<Emitter['emit']>[2];
	}> = [];
	private ids = 0;
	private readonly ports = {
		now: this.clock.now,
		elapsedMs: this.clock.elapsedMs,
		sleep: this.clock.sleep,
		random: () => 0.5,
		newId: () => `id-${++this.ids}`,
		eventTexts,
	};
	private readonly journals = new Journals(this.ports);

	context({ parameters = {}, settings = {}, credential, api }: Published): ITriggerFunctions {
		const emit: Emitter['emit'] = (data, response, done) => void this.emitted.push({ data, response, done });
		const context = {
			getNode: () => ({ id: 'node', name: 'Webhook', parameters }),
			getWorkflow: () => ({ id: 'workflow' }),
			getWorkflowSettings: () => settings,
			getCredentials: async (type: string) => {
				if (type === 'gameInsightsN8nApi') return { baseUrl: 'http://n8n:5678', apiKey: 'key' };
				if (credential === null) throw new Error('Credential not found');
				return credential ?? {};
			},
			emit,
			helpers: { createDeferredPromise, httpRequest: async () => api },
			logger: { error: () => undefined, warn: () => undefined },
		};
		return context as unknown as ITriggerFunctions;
	}

	async publish(published: Published = {}): Promise<() => Promise<void>> {
		const { closeFunction } = await trigger(
			this.context(published),
			this.registry,
			(published.journals ?? this.journals) as Journals,
			this.clock,
			() => new Queue({ ...this.ports, log: { error: () => undefined } }),
		);
		return closeFunction as () => Promise<void>;
	}

	get queue(): Queue {
		return this.registry.find(KEY) as Queue;
	}

	/** Offers one event. */
	offer(): void {
		this.queue.offer(new World().arrival({ receivedAtMs: this.clock.now() }));
	}

	/** The last execution ends, or its id becomes known. */
	async tell({ status, id }: { status?: IRun['status']; id?: string }): Promise<void> {
		const { response, done } = this.emitted.at(-1) as (typeof this.emitted)[number];
		if (id !== undefined) response.resolve({ body: { gameInsights: 'begun', executionId: id } });
		await settle();
		if (status !== undefined) done.resolve({ status, data: { resultData: {} } } as unknown as IRun);
		await settle();
	}

	/** Of all executions, the attempt that each was. */
	get attempts(): unknown[] {
		return this.emitted.map(({ data }) => data[0]?.[0]?.json.attempt);
	}
}

describe('a published workflow', () => {
	it('starts an execution with each event, with the payload as its one item', async () => {
		const n8n = new Process();
		await n8n.publish({ parameters: { batches: 'keep' } });
		n8n.offer();
		const [[item, ...more] = [], ...outputs] = n8n.emitted[0]?.data ?? [];
		expect([more, outputs]).toEqual([[], []]);
		expect(item?.json).toMatchObject({ attempt: 1, maxAttempts: 4, batches: 'keep', requests: [{}] });
	});

	it('runs an execution again that failed', async () => {
		const n8n = new Process();
		await n8n.publish({ parameters: { options: { jitter: false } } });
		n8n.offer();
		await n8n.tell({ id: '7', status: 'error' });
		expect(n8n.attempts).toEqual([1]);
		await n8n.clock.advance(1_000);
		expect(n8n.attempts).toEqual([1, 2]);
	});

	it('goes on in its next version with the events that waited in the last one', async () => {
		const n8n = new Process();
		const close = await n8n.publish({ parameters: { options: { jitter: false } } });
		n8n.offer();
		await n8n.tell({ id: '7', status: 'error' });
		await close();
		await n8n.clock.advance(HOUR_MS);
		expect(n8n.attempts).toEqual([1]);
		await n8n.publish();
		expect(n8n.attempts).toEqual([1, 2]);
	});

	it('takes no more requests 10 s after it was unpublished', async () => {
		const n8n = new Process();
		await n8n.clock.advance(HOUR_MS);
		const close = await n8n.publish();
		await close();
		expect(await n8n.registry.liveQueue(KEY)).toBe(n8n.queue);
		await n8n.clock.advance(10_000);
		expect(await n8n.registry.liveQueue(KEY)).toBeUndefined();
	});

	it('waits for running executions when it is unpublished', async () => {
		const n8n = new Process();
		const close = await n8n.publish();
		n8n.offer();
		let isClosed = false;
		void close().then(() => (isClosed = true));
		await settle();
		expect(isClosed).toBe(false);
		await n8n.tell({ id: '7', status: 'success' });
		expect(isClosed).toBe(true);
	});
});

describe('how long an execution may take until its end counts as unknown', () => {
	it.each([
		['a minute more than the timeout of the workflow', { settings: { executionTimeout: 600 } }, 660],
		['a day, without a timeout of the workflow', { parameters: { options: { maxAge: 100 } } }, 86_400],
		[
			'Max Age, if that is less than a day',
			{ parameters: { options: { maxAge: 2 } }, settings: { executionTimeout: -1 } },
			7_200,
		],
	] as Array<[string, Published, number]>)('is %s', async (_, published, seconds) => {
		const n8n = new Process();
		await n8n.publish(published);
		n8n.offer();
		await n8n.tell({ id: '7' });
		await n8n.clock.advance((seconds - 1) * 1_000);
		expect(n8n.emitted).toHaveLength(1);
		// It is checked every 5 s. Then the event is tried again, or is too old and becomes a dead letter.
		await n8n.clock.advance(8_000);
		expect(n8n.emitted).toHaveLength(2);
	});
});

describe('how long processed events are remembered', () => {
	const { scheme, credential } = senders.gameInsights as NonNullable<(typeof senders)[string]>;
	const hmac = { scheme, ...credential, timestampTolerance: 3_600 } as IDataObject;
	const REPLAYABLE_MS = 2 * HOUR_MS + 1;

	it.each([
		['for as long as the credential lets a request be replayed', 60, hmac, REPLAYABLE_MS],
		['for the time in the settings, if that is longer', 86_400, hmac, 86_400_000],
		['not at all when deduplication is turned off', 0, hmac, 0],
		['for the time in the settings when the credential can not be read', 60, null, 60_000],
	])('is %s', async (_, deduplicationWindow, readable, windowMs) => {
		const n8n = new Process();
		const parameters = { authentication: 'hmac', options: { deduplicationWindow } };
		await n8n.publish({ parameters, credential: readable });
		expect(n8n.queue.deduplicationWindowMs).toBe(windowMs);
	});
});

describe('a workflow that can not work is not published, and the message says what to change', () => {
	const refused: Array<[string, Published, string]> = [
		['Engine 2.0', { settings: { engineType: 'v2' } }, 'set "engineType" to "v1"'],
		['an expression in a setting', { parameters: { maxRetries: '={{ 5 }}' } }, 'expression'],
		['a faulty setting', { parameters: { options: { ipAllowlist: 'localhost' } } }, 'localhost'],
	];

	it.each(refused)('%s', async (_, published, message) => {
		const n8n = new Process();
		const error = await n8n.publish(published).catch((one: unknown) => one);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect((error as NodeOperationError).message).toContain(message);
		expect(n8n.registry.find(KEY)).toBeUndefined();
	});

	it.each(refused)('nor can it be tested: %s', (_, published, message) => {
		expect(() => checkNode(new Process().context(published))).toThrow(message);
	});

	it('no fault of the settings stops a workflow without faults', () => {
		expect(checkNode(new Process().context({})).delivery.maxRetries).toBe(3);
	});
});

describe('with Durable', () => {
	const parameters = { durable: true };

	it('the workflow is not published when this n8n has no Data Tables', async () => {
		const n8n = new Process();
		const api = { statusCode: 404, body: { message: 'not found' } };
		const error = await n8n.publish({ parameters, api }).catch((one: unknown) => one);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: expect.stringContaining('This n8n has no Data Tables API'),
			description: 'Durable could not be switched on.',
		});
	});

	it('events are kept in tables, and there is no queue in memory', async () => {
		const n8n = new Process();
		let isOpen = false;
		const close = await n8n.publish({
			parameters,
			journals: {
				open: async () => {
					isOpen = true;
					return async () => void (isOpen = false);
				},
			},
		});
		expect([isOpen, n8n.registry.find(KEY)]).toEqual([true, undefined]);
		await close();
		expect(isOpen).toBe(false);
	});

	it('events that were taken before it was switched on are delivered from memory', async () => {
		const n8n = new Process();
		const close = await n8n.publish({ parameters: { options: { jitter: false } } });
		n8n.offer();
		await n8n.tell({ id: '7', status: 'error' });
		await close();
		const journals = { open: async () => async () => undefined };
		await n8n.publish({ parameters, journals });
		await n8n.clock.advance(1_000);
		expect(n8n.attempts).toEqual([1, 2]);
	});
});
