import type { AcceptedEvent, Sender } from '../intake/receipt';
import type { Redrive } from '../../shared/rejectedEvent';
import type { Source } from '../intake/source';
import type { DeadLetter } from '../items/deadLetter';
import type { FailedAttempt, Tried } from './history';

/** What one request brings to the queue. The queue never looks into `source`. */
export interface Arrival {
	readonly requestId: string;
	/** Milliseconds since the epoch. */
	readonly receivedAtMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
	readonly sender: Sender;
	readonly source: Source;
	/** The events of the source, to look at; left out where they have to be read from it. */
	readonly view?: () => readonly unknown[];
	/** Where the events in `source` stood in the request, when `source` holds only some of them. */
	readonly sourceIndexes?: readonly number[];
	/** When a user sent it through again, in milliseconds since the epoch: its age counts from there. */
	readonly redrivenAtMs?: number;
	/**
	 * For how long, in milliseconds, the same request would be let in again; left out where no time is
	 * signed.
	 */
	readonly replayableForMs?: number;
	/** How long its sender waits for an answer, in milliseconds; left out where it does not say. */
	readonly senderWaitsMs?: number | undefined;
	/** How many events the request held, valid or not. */
	readonly batchSize: number;
	/** Size of the body, for the queue's memory bound. */
	readonly bytes: number;
	readonly events: readonly AcceptedEvent[];
	/** Dead letters made before any execution (invalid events, unreadable bodies). */
	readonly deadLetters: readonly DeadLetter[];
}

/** Where the event with this index stands in the arrival's source. */
export function positionOf({ sourceIndexes }: Pick<Arrival, 'sourceIndexes'>, index: number): number {
	return sourceIndexes === undefined ? index : sourceIndexes.indexOf(index);
}

/** How an execution ended, as far as n8n told. */
export type Outcome =
	| { readonly kind: 'processed' }
	| { readonly kind: 'failed'; readonly failure: Omit<FailedAttempt, 'at'> }
	/**
	 * Rejected, cancelled, crashed or out of time: may or may not have done its work. Never taken for success.
	 */
	| { readonly kind: 'unknown'; readonly failure: Omit<FailedAttempt, 'at'> };

/** An outcome that is none of an execution that went well. */
export type FailedOutcome = Exclude<Outcome, { kind: 'processed' }>;

/** One event on its way: where it stands in its request, and what its attempts came to. */
export interface PendingEvent {
	readonly arrival: Arrival;
	readonly index: number;
	readonly deduplicationKey: string | null;
	/** As in {@link AcceptedEvent}. */
	readonly orderKey?: string;
	/** Left out for an event that comes for the first time. */
	readonly redrive?: Redrive;
}

/** What one execution carries: events of one attempt, or dead letters; never both. */
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
			/** In step with `events`, this attempt counted; only where they have different attempts behind them. */
			readonly tried?: readonly Tried[];
	  }
	| { readonly kind: 'deadLetters'; readonly id: string; readonly deadLetters: readonly DeadLetter[] };

/** A started execution. Neither promise ever rejects. */
export interface Execution {
	/** Resolves once the execution is stored and has begun; may never resolve when n8n could not start it. */
	readonly begun: Promise<void>;
	/** Resolves with the outcome, at the latest when the time an execution may take is over. */
	readonly ended: Promise<Outcome>;
}

/** Starts an execution of the workflow; the one thing the queue can do to n8n. */
export type StartExecution = (content: JobContent) => Execution;
