import type { Sender } from '../../shared/items/sender';
import type { AnswerRules, FixedAnswer } from '../../shared/answers';
import type { Refusal } from '../../shared/refusal';
import type { Source } from '../../shared/events/source';
import type { EventError, Redrive, RejectedEvent } from '../../shared/rejectedEvent';

/** One HTTP request in the form that the pure core needs. */
export interface IncomingRequest {
	/** A UUID made by this node. It is in answers and items. */
	readonly requestId: string;
	/** Milliseconds since the epoch. */
	readonly receivedAtMs: number;
	/** The IP address it came from, as n8n knows it; null when that is unknown. */
	readonly address: string | null;
	/** The path and query of the URL, unchanged. May contain a key, so it must never be shown. */
	readonly target: string;
	/** Names in lower case, as Node.js gives them. */
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Name, value, name, value… as they came. They show whether a header was sent twice. */
	readonly rawHeaders: readonly string[];
	/** The body's bytes after n8n has decoded the `Content-Encoding`. Empty when there was no body. */
	readonly body: Buffer;
}

/** An event that may be delivered. Its content stays in the request's {@link Source}, at `index`. */
export interface AcceptedEvent {
	readonly index: number;
	/** Two events with the same key are the same event; null when nothing identifies it. */
	readonly deduplicationKey: string | null;
	/**
	 * Events with the same key run one after the other, in the order in which they came. Left out when the
	 * event has no order.
	 */
	readonly orderKey?: string;
	/** Left out for an event that was not sent again. */
	readonly redrive?: Redrive;
}

/** The result of a request, for senders that want a result for each event. */
export interface TakenIn {
	readonly request: IncomingRequest;
	readonly received: number;
	readonly rejected: readonly RejectedEvent[];
}

/**
 * The content of a request after all checks. A request that is refused completely has no receipt, but a
 * `Refusal`.
 */
export interface Receipt {
	readonly request: IncomingRequest;
	readonly sender: Sender;
	readonly source: Source;
	/** How many events were in the request; 0 when the body could not be read. */
	readonly received: number;
	readonly accepted: readonly AcceptedEvent[];
	readonly rejected: readonly RejectedEvent[];
	/** Events whose type is not on the list of allowed types. */
	readonly ignored: number;
	/** The errors for the answer. */
	readonly errors: readonly EventError[];
	/**
	 * The refusal for the sender when no event of the request could be taken. Its dead letters are kept all the
	 * same. Null when an event was accepted or ignored.
	 */
	readonly refusal: Refusal | null;
	/**
	 * The answer that this sender requires once the request is kept, also for a handshake. Null for the usual
	 * one.
	 */
	readonly prescribedAnswer: FixedAnswer | null;
	/**
	 * For how long, in milliseconds, the same request would be accepted again. Left out when the signature
	 * covers no time.
	 */
	readonly replayableForMs?: number;
	/** How long this sender waits for its answer, in milliseconds. Left out when the sender does not say. */
	readonly senderWaitsMs?: number;
	/** The form of refusals for this sender. Left out where the usual answers are right. */
	readonly answers?: AnswerRules;
}
