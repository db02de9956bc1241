import type { AnswerRules, FixedAnswer } from '../../../shared/answers';
import type { IncomingRequest, Sender } from '../receipt';
import type { Source } from '../source';

/** What is known of a request once its sender has proven who it is. */
export interface Authentication {
	readonly sender: Sender;
	/**
	 * Tells a repeated request from a new one: a digest of the sender's message id, else of the request's
	 * signature. Null where the proof is the same for many requests (API key, token). Holds nothing secret.
	 */
	readonly deduplicationKey: string | null;
	/** The answer to a sender's handshake. When it is there, the request carries no events. */
	readonly handshake: FixedAnswer | null;
	/**
	 * What this sender insists on instead of the usual answer when its events were taken; null for the usual
	 * one.
	 */
	readonly acceptance: FixedAnswer | null;
	/**
	 * For how long, in milliseconds, the same request would be let in again: from as far ahead as its time
	 * may lie to as far back. Left out where no time is signed.
	 */
	readonly replayableForMs?: number;
	/** How long this sender waits for its answer, in milliseconds; left out where it does not say. */
	readonly senderWaitsMs?: number;
	/**
	 * Reads the sender's own format into Game Insights events. Null when the body is in that format already.
	 * Answers null for a body that it cannot read: then the body is to be treated like any other.
	 */
	readonly translate: ((request: IncomingRequest) => Source | null) | null;
}

/**
 * Tells who sent a request.
 * @throws Refusal 401 `unauthorized`: proof missing or wrong; always the same words for the sender.
 * @throws Refusal 500 `not_configured`: the credential can verify nobody, so nobody is let in.
 */
export interface Authenticator {
	(request: IncomingRequest): Promise<Authentication>;
	/** Left out where the usual answers are right. */
	readonly answers?: AnswerRules;
	/** As in {@link Verifier}. */
	readonly hasOwnFormat?: boolean;
}

/**
 * Gets the JSON at an address. Rejects when there is none, and gives up by itself after some seconds: a
 * request waits for it.
 */
export type FetchJson = (url: string) => Promise<unknown>;

/** Checks requests against one credential; made once for each content of a credential. */
export interface Verifier {
	/** @throws Refusal */
	readonly verify: (
		request: IncomingRequest,
		fetchJson: FetchJson,
	) => Authentication | Promise<Authentication>;
	/** Left out where the usual answers are right. */
	readonly answers?: AnswerRules;
	/** Whether its senders have a format of their own, which is known: no other is looked for. */
	readonly hasOwnFormat?: boolean;
	/**
	 * Weaknesses that let requests be verified all the same, in plain words for the owner of the credential.
	 */
	readonly advice: readonly string[];
	/** As in {@link Authentication}, of every request. */
	readonly replayableForMs?: number;
	/** Looks at what the credential refers to elsewhere: faults that leave nobody verified, in plain words. */
	readonly examine?: (fetchJson: FetchJson) => Promise<readonly string[]>;
}

/** A verifier that needs nothing but the request. */
export interface LocalVerifier extends Verifier {
	/** @throws Refusal */
	readonly verify: (request: IncomingRequest) => Authentication;
}
