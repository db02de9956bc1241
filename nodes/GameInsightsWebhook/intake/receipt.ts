import type { AuthenticationMethod } from '../../shared/authenticationMethod';
import type { AnswerRules, FixedAnswer } from './authenticate/authentication';
import type { Refusal } from './refusal';
import type { Source } from './source';

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

/** A fault of one event (or of the whole body, then `index` is null), in words for whoever sends. */
export interface EventError {
	/** The event's place in the request, from 0; null when no event could be told apart. */
	readonly index: number | null;
	/** Only for events that came as lines (NDJSON): the line, as an editor counts it, from 1 and with blank ones. */
	readonly line?: number;
	/** Machine-readable rule that was broken, e.g. `required`, `type`, `format`, `json`. */
	readonly code: string;
	/** One plain sentence. */
	readonly message: string;
	/** JSON Pointer (RFC 6901) into the event; empty for the event as a whole. */
	readonly path: string;
}

/** An event that comes out of a dead letter. */
export interface Redrive {
	/** How often it was sent again, this time included; from 1. */
	readonly count: number;
	/** Id of the delivery that was dead-lettered first; null when the sender does not know it. */
	readonly of: string | null;
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

/** What becomes a dead letter before any execution: an event that is not valid, or a body that could not be read. */
export interface RejectedEvent {
	readonly index: number | null;
	/** The event as JSON text; null when it could not be read as an event, then `raw` holds what was sent. */
	readonly eventText: string | null;
	readonly raw: string | null;
	readonly reason: 'malformed_body' | 'invalid_event';
	readonly stage: 'parse' | 'validate';
	/** One plain sentence, fit for a chat message. */
	readonly summary: string;
	readonly errors: readonly EventError[];
	/** Left out for an event that comes for the first time. */
	readonly redrive?: Redrive;
}

/** What a request turned out to be. A request that is refused as a whole never becomes one: that is a `Refusal`. */
export interface Receipt {
	readonly request: IncomingRequest;
	readonly sender: Sender;
	readonly source: Source;
	/** How many events were in the request; 0 when the body could not be read. */
	readonly received: number;
	readonly accepted: readonly AcceptedEvent[];
	readonly rejected: readonly RejectedEvent[];
	/** Events whose type is not on the allow-list. */
	readonly ignored: number;
	/** For the answer. */
	readonly errors: readonly EventError[];
	/**
	 * What the sender is told when nothing of the request could be taken; its dead letters are to be kept all the same.
	 * Null when an event was accepted or ignored.
	 */
	readonly refusal: Refusal | null;
	/** The answer that this sender insists on once the request is kept, a handshake's too; null for the usual one. */
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
