import fc from 'fast-check';
import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';

/** What every event of a plan does to the executions that carry it. */
export interface PlannedEvent {
	/** Events with the same number have the same duplicate key. */
	readonly key: number | null;
	/** How many executions it makes fail before it lets one go well; infinity for a poison event. */
	readonly failures: number;
}

/** One thing that happens in the world outside the queue. */
export type Step =
	| {
			readonly kind: 'offer';
			readonly events: readonly PlannedEvent[];
			/** Dead letters made before any execution. */
			readonly deadLetters: number;
			readonly bytes: number;
			/** How long the request was received before it is offered. */
			readonly ageMs: number;
			readonly senderWaitsMs: number | undefined;
			/** Whether the events can be read again for their dead letters. */
			readonly isReadable: boolean;
	  }
	| { readonly kind: 'close' }
	/** Opens with the next settings. */
	| { readonly kind: 'open' }
	| { readonly kind: 'pause'; readonly milliseconds: number };

/** What n8n does with one execution. */
export interface Behaviour {
	readonly emit: 'starts' | 'throws' | 'rejects';
	/** Null: it never begins. */
	readonly beginsAfterMs: number | null;
	/** From the start. Before it begins: n8n lost track of it. Null: never, the watchdog gives it up. */
	readonly endsAfterMs: number | null;
	/** Whether the message that it began arrives. */
	readonly isHeard: boolean;
	readonly ends: 'well' | 'asleep' | 'failed' | 'fatal' | 'unknown';
}

/** A whole world, as data that fast-check can shrink. */
export interface Plan {
	/** In regular mode `execute()` asks the queue whether it is still wanted; a worker can't. */
	readonly mode: 'regular' | 'queue';
	/** Taken in turn by each opening. */
	readonly settings: readonly DeliverySettings[];
	readonly steps: readonly Step[];
	/** Taken in turn by each execution. */
	readonly behaviours: readonly Behaviour[];
	/** Taken in turn whenever the queue asks for a random number. */
	readonly randoms: readonly number[];
}

/** The message of an execution that ends `fatal`; some settings do not retry it. */
export const FATAL = 'Fatal: no such game';

const MEBIBYTE = 1024 * 1024;

const settings: fc.Arbitrary<DeliverySettings> = fc.record({
	respond: fc.constantFrom('onAccept', 'onFinish'),
	retry: fc.constantFrom(true, true, true, false),
	maxRetries: fc.nat(3),
	initialDelayMs: fc.constantFrom(0, 50, 1_000),
	backoffMultiplier: fc.constantFrom(1, 2, 3.5),
	maxDelayMs: fc.constantFrom(0, 700, 60_000),
	jitter: fc.boolean(),
	maxAgeMs: fc.constantFrom(3_000, 60_000, 86_400_000, 86_400_000),
	nonRetryableErrors: fc.constantFrom<string[]>([], ['Fatal']),
	isolateFailures: fc.boolean(),
	// Outages have worlds of their own.
	pauseAfterFailedEvents: fc.constant(0),
	executionPer: fc.constantFrom('request', 'event', 'group'),
	maxEventsPerExecution: fc.constantFrom(1, 3, 10, 100),
	maxConcurrentExecutions: fc.integer({ min: 1, max: 5 }),
	maxPendingEvents: fc.constantFrom(1, 20, 100, 1_000),
	acceptTimeoutMs: fc.constantFrom(null, null, 0, 100, 4_000, 4_000, 10_000, 10_000, 25_000),
	deduplicationWindowMs: fc.constantFrom(0, 2_000, 600_000, 600_000),
});

const event: fc.Arbitrary<PlannedEvent> = fc.record({
	key: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.nat(30) }),
	failures: fc.oneof(
		{ weight: 40, arbitrary: fc.constant(0) },
		{ weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
		{ weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
	),
});

const batch = fc.oneof(
	{ weight: 3, arbitrary: fc.array(event, { minLength: 1, maxLength: 2, size: 'max' }) },
	{ weight: 3, arbitrary: fc.array(event, { maxLength: 12, size: 'max' }) },
	{
		weight: 2,
		// Large ones cost too much to make event by event.
		arbitrary: fc
			.tuple(fc.integer({ min: 10, max: 400 }), event)
			.map(([count, one]): PlannedEvent[] => [
				one,
				...Array.from({ length: count }, () => ({ key: null, failures: 0 })),
			]),
	},
);

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 12,
		arbitrary: fc.record({
			kind: fc.constant('offer' as const),
			events: batch,
			deadLetters: fc.constantFrom(0, 0, 0, 1, 4),
			bytes: fc.constantFrom(100, 100, 100, 100, 15 * MEBIBYTE),
			ageMs: fc.constantFrom(0, 0, 0, 2_500, 100_000),
			senderWaitsMs: fc.constantFrom(undefined, 3_000, 10_000),
			isReadable: fc.constantFrom(true, true, true, false),
		}),
	},
	{
		weight: 12,
		arbitrary: fc.record({
			kind: fc.constant('pause' as const),
			milliseconds: fc.constantFrom(1, 20, 20, 300, 300, 4_000, 30_000),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
	{ weight: 2, arbitrary: fc.constant({ kind: 'open' as const }) },
);

const fewMs = fc.constantFrom(0, 1, 10, 200);

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc
			.tuple(fewMs, fewMs, fc.constantFrom('well', 'asleep', 'failed', 'fatal', 'unknown'))
			.map(([beginsAfterMs, runsMs, ends]): Behaviour => ({
				emit: 'starts',
				beginsAfterMs,
				endsAfterMs: beginsAfterMs + runsMs,
				isHeard: true,
				ends,
			})),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			emit: fc.constantFrom('starts', 'starts', 'starts', 'starts', 'throws', 'rejects'),
			beginsAfterMs: fc.constantFrom(null, 0, 50, 5_000, 28_000),
			endsAfterMs: fc.constantFrom(null, 0, 50, 6_000, 29_000),
			isHeard: fc.constantFrom(true, true, false),
			ends: fc.constantFrom('well', 'failed', 'fatal', 'unknown'),
		}),
	},
);

export const plan: fc.Arbitrary<Plan> = fc.record({
	mode: fc.constantFrom('regular', 'queue'),
	settings: fc.array(settings, { minLength: 1, maxLength: 3, size: 'max' }),
	steps: fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
	behaviours: fc.array(behaviour, { minLength: 1, maxLength: 25, size: 'max' }),
	randoms: fc.array(fc.constantFrom(0, 0.25, 0.5, 0.999_999), { minLength: 1, maxLength: 3 }),
});
