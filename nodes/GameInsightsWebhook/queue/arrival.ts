import type { AcceptedEvent } from '../intake/receipt';
import type { Sender } from '../../shared/items/sender';
import type { Redrive } from '../../shared/rejectedEvent';
import type { Source } from '../../shared/events/source';
import type { DeadLetter } from '../../shared/items/deadLetter';
import type { FailedAttempt, Tried } from '../../shared/items/history';

/** What one request brings to the queue. The queue never reads `source` itself. */
export interface Arrival {
	readonly requestId: string;
	/** Milliseconds since the epoch. */
	readonly receivedAtMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
	readonly sender: Sender;
	readonly source: Source;
	/**
	 * The parsed events of the source, only to be read. Left out when they have to be parsed from the source.
	 */
	readonly view?: () => readonly unknown[];
	/** The indexes that the events in `source` had in the request, when `source` holds only some of them. */
	readonly sourceIndexes?: readonly number[];
	/** When a user sent it again, in milliseconds since the epoch. Its age counts from then. */
	readonly redrivenAtMs?: number;
	/**
	 * For how long, in milliseconds, the same request would be accepted again. Left out when the signature
	 * covers no time.
	 */
	readonly replayableForMs?: number;
	/** How long its sender waits for an answer, in milliseconds. Left out when the sender does not say. */
	readonly senderWaitsMs?: number | undefined;
	/** How many events the request held, valid or not. */
	readonly batchSize: number;
	/** Size of the body in bytes, for the queue's memory limit. */
	readonly bytes: number;
	readonly events: readonly AcceptedEvent[];
	/** Dead letters made before any execution: invalid events and unreadable bodies. */
	readonly deadLetters: readonly DeadLetter[];
}

/**
 * When a request was received or last sent again, in milliseconds of the monotonic clock. So a later change
 * of the system clock does not change its age.
 */
export const receivedElapsedMs = (
	{ receivedAtMs, redrivenAtMs }: Arrival,
	clocks: { now(): number; elapsedMs(): number },
): number => clocks.elapsedMs() - Math.max(0, clocks.now() - (redrivenAtMs ?? receivedAtMs));

/** How an execution ended, as far as n8n reports it. */
export type Outcome =
	| { readonly kind: 'processed' }
	/** It sleeps in a Wait node. How it ends is not known yet. */
	| { readonly kind: 'asleep'; readonly executionId: string }
	| { readonly kind: 'failed'; readonly failure: Omit<FailedAttempt, 'at'> }
	/**
	 * Rejected, cancelled, crashed or timed out: it may or may not have done its work. Never counts as a
	 * success.
	 */
	| { readonly kind: 'unknown'; readonly failure: Omit<FailedAttempt, 'at'> };

/** Any outcome that is neither success nor sleep. */
export type FailedOutcome = Exclude<Outcome, { kind: 'processed' | 'asleep' }>;

/** One event that is being delivered: its index in its request, and the results of its attempts. */
export interface PendingEvent {
	readonly arrival: Arrival;
	readonly index: number;
	readonly deduplicationKey: string | null;
	/** As in {@link AcceptedEvent}. */
	readonly orderKey?: string;
	/** Left out for an event that was not sent again by a user. */
	readonly redrive?: Redrive;
}

/** What one execution carries: either events of one attempt, or dead letters, never both. */
export type JobContent =
	| {
			readonly kind: 'events';
			readonly id: string;
			/** From 1. */
			readonly attempt: number;
			readonly maxAttempts: number;
			readonly events: readonly PendingEvent[];
			/** Null on the first attempt. */
			readonly lastError: FailedAttempt | null;
			/**
			 * One entry for each of `events`, this attempt included. Only set when the events have different
			 * attempts behind them.
			 */
			readonly tried?: readonly Tried[];
	  }
	| { readonly kind: 'deadLetters'; readonly id: string; readonly deadLetters: readonly DeadLetter[] };

/** A started execution. Neither promise ever rejects. */
export interface Execution {
	/**
	 * Resolves once the execution is stored and has begun. It may never resolve when n8n could not start the
	 * execution.
	 */
	readonly begun: Promise<void>;
	/** Resolves with the outcome, at the latest when the time limit of an execution is over. */
	readonly ended: Promise<Outcome>;
}

/** Starts an execution of the workflow. It is the only way in which the queue acts on n8n. */
export type StartExecution = (content: JobContent) => Execution;
