import type {
	Arrival,
	Execution,
	Outcome,
	JobContent,
} from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetter } from '../../../../nodes/shared/items/deadLetter';
import type { DeliverySettings } from '../../../../nodes/GameInsightsWebhook/queue/deliverySettings';
import { eventTexts } from '../../../../nodes/shared/events/slice';
import { Queue } from '../../../../nodes/GameInsightsWebhook/queue/queue';
import type { Full, Taken } from '../../../../nodes/GameInsightsWebhook/queue/pendingReply';
import { settle, VirtualClock } from '../../../support/virtualClock';

/** An execution that a test moves by hand. */
export class StartedExecution implements Execution {
	readonly begun: Promise<void>;
	readonly ended: Promise<Outcome>;
	private resolveBegun!: () => void;
	private resolveEnded!: (outcome: Outcome) => void;

	constructor(
		readonly content: JobContent,
		readonly atMs: number,
	) {
		this.begun = new Promise((resolve) => (this.resolveBegun = resolve));
		this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
	}

	/** Places of the events in their requests. */
	get indexes(): number[] {
		return this.content.kind === 'events' ? this.content.events.map((event) => event.index) : [];
	}

	get deadLetters(): readonly DeadLetter[] {
		return this.content.kind === 'deadLetters' ? this.content.deadLetters : [];
	}

	get attempt(): number {
		return this.content.kind === 'events' ? this.content.attempt : 0;
	}

	async begin(): Promise<this> {
		this.resolveBegun();
		await settle();
		return this;
	}

	async end(outcome: Outcome): Promise<void> {
		this.resolveEnded(outcome);
		await settle();
	}

	async succeed(): Promise<void> {
		await (await this.begin()).end({ kind: 'processed' });
	}

	async fail(message = 'Connection refused', node: string | null = 'Save order'): Promise<void> {
		await (await this.begin()).end({ kind: 'failed', failure: { executionId: '7', message, node } });
	}

	/** The end stays unknown; whether it begins is up to the test. */
	async vanish(message = 'n8n did not say how the execution ended'): Promise<void> {
		await this.end({ kind: 'unknown', failure: { executionId: null, message, node: null } });
	}
}

export const DEFAULTS: DeliverySettings = {
	respond: 'onAccept',
	retry: true,
	maxRetries: 3,
	initialDelayMs: 1_000,
	backoffMultiplier: 2,
	maxDelayMs: 60_000,
	jitter: false,
	maxAgeMs: 86_400_000,
	nonRetryableErrors: [],
	isolateFailures: true,
	pauseAfterFailedEvents: 0,
	executionPer: 'request',
	maxEventsPerExecution: 100,
	maxConcurrentExecutions: 5,
	maxPendingEvents: 1_000,
	acceptTimeoutMs: 4_000,
	deduplicationWindowMs: 600_000,
};

/** What a test says about an arrival; the rest is made up. */
export interface ArrivalSpecification {
	readonly events?: number;
	/** Duplicate keys of the events, in their order. */
	readonly keys?: ReadonlyArray<string | null>;
	/** Values of `orderBy`, in step with the events; an empty one is none. */
	readonly order?: readonly string[];
	readonly deadLetters?: number;
	readonly bytes?: number;
	readonly receivedAtMs?: number;
	readonly replayableForMs?: number;
	readonly senderWaitsMs?: number;
}

/** A queue, and an n8n that does nothing by itself. */
export class World {
	readonly clock = new VirtualClock();
	readonly executions: StartedExecution[] = [];
	readonly errors: string[] = [];
	readonly queue: Queue;
	private requests = 0;
	private ids = 0;

	constructor(settings: Partial<DeliverySettings> = {}, random: () => number = () => 0.5) {
		this.queue = new Queue({
			now: this.clock.now,
			elapsedMs: this.clock.elapsedMs,
			sleep: this.clock.sleep,
			random,
			newId: () => `content-${++this.ids}`,
			eventTexts,
			log: { error: (message) => void this.errors.push(message) },
		});
		this.open(settings);
	}

	open(settings: Partial<DeliverySettings> = {}): void {
		this.queue.open(
			(content) => {
				const execution = new StartedExecution(content, this.clock.now());
				this.executions.push(execution);
				return execution;
			},
			{ ...DEFAULTS, ...settings },
		);
	}

	/** The executions started since the last call. */
	private seen = 0;
	started(): StartedExecution[] {
		const fresh = this.executions.slice(this.seen);
		this.seen = this.executions.length;
		return fresh;
	}

	/** The one execution started since the last call. */
	theStarted(): StartedExecution {
		const [execution, ...more] = this.started();
		if (execution === undefined || more.length > 0) {
			throw new Error(`${execution === undefined ? 0 : more.length + 1} executions were started, not one`);
		}
		return execution;
	}

	arrival(specification: ArrivalSpecification = {}): Arrival {
		const requestId = `request-${++this.requests}`;
		const { events, keys, order } = specification;
		const count = events ?? keys?.length ?? order?.length ?? (specification.deadLetters ? 0 : 1);
		const deadLetters = specification.deadLetters ?? 0;
		const receivedAtMs = specification.receivedAtMs ?? this.clock.now();
		const texts = Array.from(
			{ length: count },
			(_, index) => `{"event_type":"purchase","event_id":"e-${index}","n":${index}}`,
		);
		return {
			requestId,
			receivedAtMs,
			endpoint: 'orders',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text: `[${texts.join(',')}]` },
			senderWaitsMs: specification.senderWaitsMs,
			batchSize: count + deadLetters,
			replayableForMs: specification.replayableForMs,
			bytes: specification.bytes ?? 100,
			events: texts.map((_, index) => ({
				...{ index, deduplicationKey: keys?.[index] ?? null },
				...(order?.[index] ? { orderKey: order[index] } : {}),
			})),
			deadLetters: Array.from({ length: deadLetters }, (_, index) => invalidEvent(requestId, count + index)),
		};
	}

	offer(specification: ArrivalSpecification = {}): Taken {
		const answer = this.queue.offer(this.arrival(specification));
		if ('retryAfterSeconds' in answer) throw new Error('The queue is full');
		return answer;
	}

	refusal(specification: ArrivalSpecification = {}): Full {
		const answer = this.queue.offer(this.arrival(specification));
		if (!('retryAfterSeconds' in answer)) throw new Error('The queue took the request');
		return answer;
	}
}

function invalidEvent(requestId: string, index: number): DeadLetter {
	const at = '2026-01-01T00:00:00.000Z';
	return {
		eventText: '{}',
		raw: null,
		summary: `Event ${index} of ${requestId} has no type.`,
		reason: 'invalid_event',
		stage: 'validate',
		errors: [],
		attempts: { count: 0, max: 0, firstAt: null, lastAt: null, history: [] },
		receivedAt: at,
		deadLetteredAt: at,
		delivery: {
			id: `${requestId}.${index}`,
			attempt: 0,
			max_attempts: 0,
			automatic_retry: true,
			received_at: at,
			endpoint: 'orders',
			request_id: requestId,
			batch: { id: requestId, index, size: index + 1 },
			auth: { method: 'apiKey', key_id: 'current', claims: null },
			last_error: null,
		},
		redrive: { count: 0, of: null },
	};
}

const PENDING = Symbol('pending');

/** What a promise has resolved to; undefined while it has not. */
export async function valueOf<T>(promise: Promise<T>): Promise<T | undefined> {
	await settle();
	const value = await Promise.race([promise, Promise.resolve(PENDING)]);
	return value === PENDING ? undefined : value;
}
