import type { AnswerRules, FixedAnswer } from '../../../shared/answers';
import type { IncomingRequest } from '../receipt';
import type { Sender } from '../../../shared/items/sender';
import type { Source } from '../../../shared/events/source';

/** What is known about a request once its sender is authenticated. */
export interface Authentication {
	readonly sender: Sender;
	/**
	 * Identifies a repeated request: a digest of the sender's message id, or else of the request's signature.
	 * Null where many requests carry the same proof (API key, token). Contains no secret.
	 */
	readonly deduplicationKey: string | null;
	/** The answer to a sender's handshake. If it is set, the request contains no events. */
	readonly handshake: FixedAnswer | null;
	/** The answer that this sender requires when its events were taken. Null for the usual one. */
	readonly acceptance: FixedAnswer | null;
	/**
	 * For how long, in milliseconds, the same request would be accepted again: from the furthest accepted time
	 * in the future to the furthest in the past. Left out when the signature covers no time.
	 */
	readonly replayableForMs?: number;
	/** How long this sender waits for its answer, in milliseconds. Left out when the sender does not say. */
	readonly senderWaitsMs?: number;
	/**
	 * Converts the sender's own format into Game Insights events. Null when the body is already in that format.
	 * Returns null for a body that it can't read, which is then handled like any other body.
	 */
	readonly translate: ((request: IncomingRequest) => Source | null) | null;
}

/**
 * Checks who sent a request.
 * @throws Refusal 401 `unauthorized`: the proof is missing or wrong. The sender always gets the same message.
 * @throws Refusal 500 `not_configured`: the credential can't verify any request, so all are refused.
 */
export interface Authenticator {
	(request: IncomingRequest): Promise<Authentication>;
	/** Left out where the usual answers are right. */
	readonly answers?: AnswerRules;
	/** See {@link Verifier}. */
	readonly hasOwnFormat?: boolean;
}

/**
 * Gets the JSON at an address. Rejects when there is none, and after a time limit of some seconds, because a
 * request waits for it.
 */
export type FetchJson = (url: string) => Promise<unknown>;

/** Checks requests with one credential. Made once for each content of a credential. */
export interface Verifier {
	/** @throws Refusal */
	readonly verify: (
		request: IncomingRequest,
		fetchJson: FetchJson,
	) => Authentication | Promise<Authentication>;
	/** Left out where the usual answers are right. */
	readonly answers?: AnswerRules;
	/** Whether its senders have their own known format. Then no other format is tried. */
	readonly hasOwnFormat?: boolean;
	/** Weaknesses that do not prevent verification, in plain words for the owner of the credential. */
	readonly advice: readonly string[];
	/** See {@link Authentication}; the same for every request. */
	readonly replayableForMs?: number;
	/**
	 * Checks what the credential refers to elsewhere. Returns problems that prevent all verification, in plain
	 * words.
	 */
	readonly examine?: (fetchJson: FetchJson) => Promise<readonly string[]>;
}

/** A verifier that needs nothing but the request. */
export interface LocalVerifier extends Verifier {
	/** @throws Refusal */
	readonly verify: (request: IncomingRequest) => Authentication;
}
