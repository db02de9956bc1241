import type { AuthenticationMethod } from '../../shared/authenticationMethod';
import type { AnswerRules, FixedAnswer } from '../../shared/answers';
import type { Refusal } from '../../shared/refusal';
import type { Source } from './source';
import type { EventError, Redrive, RejectedEvent } from '../../shared/rejectedEvent';

/** One HTTP request as the pure core sees it. */
export interface IncomingRequest {
	/** Made by us, a UUID; carried in answers and items. */
	readonly requestId: string;
	/** Milliseconds since the epoch. */
	readonly receivedAtMs: number;
	/** The IP address it came from, as n8n knows it; null when that is unknown. */
	readonly address: string | null;
	/** The path and query of the address, as they came. May hold a key: never to be shown. */
	readonly target: string;
	/** Names in lower case, as Node.js gives them. */
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Name, value, name, value… as they came: shows a header that was sent twice. */
	readonly rawHeaders: readonly string[];
	/** The body's bytes after n8n has undone a `Content-Encoding`; empty when there was none. */
	readonly body: Buffer;
}

/** Who sent a request, as far as the credential can tell. Never holds a secret, a token or a signature. */
export interface Sender {
	readonly method: AuthenticationMethod;
	/** Which key of the credential matched: `current`, `previous`, or a token's `kid`. */
	readonly keyId: string;
	/** A token's claims; null for the other methods. */
	readonly claims: Readonly<Record<string, unknown>> | null;
}

/** An event that may go on. Its content stays in the request's {@link Source}, at `index`. */
export interface AcceptedEvent {
	readonly index: number;
	/** Two events with the same key are the same event; null when nothing identifies it. */
	readonly deduplicationKey: string | null;
	/** Events with the same key run one after the other, as they came; left out when nothing holds it. */
	readonly orderKey?: string;
	/** Left out for an event that comes for the first time. */
	readonly redrive?: Redrive;
}

/** What was taken in of a request, for senders that are told of each event. */
export interface TakenIn {
	readonly request: IncomingRequest;
	readonly received: number;
	readonly rejected: readonly RejectedEvent[];
}

/**
 * What a request turned out to be. A request that is refused as a whole never becomes one: that is a
 * `Refusal`.
 */
export interface Receipt {
	readonly request: IncomingRequest;
	readonly sender: Sender;
	readonly source: Source;
	/**
	 * The events of the source as they were read to check them; nobody may change them. None when it could not
	 * be read.
	 */
	readonly values: readonly unknown[];
	/** How many events were in the request; 0 when the body could not be read. */
	readonly received: number;
	readonly accepted: readonly AcceptedEvent[];
	readonly rejected: readonly RejectedEvent[];
	/** Events whose type is not on the allow-list. */
	readonly ignored: number;
	/** For the answer. */
	readonly errors: readonly EventError[];
	/**
	 * What the sender is told when nothing of the request could be taken; its dead letters are to be kept all
	 * the same. Null when an event was accepted or ignored.
	 */
	readonly refusal: Refusal | null;
	/**
	 * The answer that this sender insists on once the request is kept, a handshake's too; null for the usual
	 * one.
	 */
	readonly prescribedAnswer: FixedAnswer | null;
	/**
	 * For how long, in milliseconds, the same request would be let in again; left out where no time is
	 * signed.
	 */
	readonly replayableForMs?: number;
	/** How long this sender waits for its answer, in milliseconds; left out where it does not say. */
	readonly senderWaitsMs?: number;
	/** How refusals have to be put for this sender; left out where the usual answers are right. */
	readonly answers?: AnswerRules;
}
