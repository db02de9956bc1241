import type { IncomingRequest, RejectedEvent, Sender } from '../receipt';
import type { Refusal } from '../refusal';
import type { Source } from '../source';

/** An HTTP answer whose every byte is prescribed by the sender's documentation. */
export interface FixedAnswer {
	/** HTTP status. */
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** Empty for no body. */
	readonly body: string;
}

/**
 * Which answers make a sender send a request again, by its documentation: every one but 2xx, only a 5xx, or none at all.
 * `unsaid` where its documentation does not tell.
 */
export type RepeatsOn = 'failure' | 'serverError' | 'nothing' | 'unsaid';

/** How refusals have to be put for one kind of sender. Known before any request is. */
export interface AnswerRules {
	/** The answer to a missing or wrong proof, where the sender checks for a certain one. */
	readonly refusal?: FixedAnswer;
	readonly repeatsOn: RepeatsOn;
	/**
	 * What its programs look for in the body of a refusal: laid over the usual one. The events that were rejected are
	 * none where the request was refused before that was known.
	 */
	readonly refusalBody?: (
		refusal: Refusal,
		rejected: readonly RejectedEvent[],
	) => Readonly<Record<string, unknown>>;
}

/** What is known of a request once its sender has proven who it is. */
export interface Authentication {
	readonly sender: Sender;
	/**
	 * Tells a repeated request from a new one: a digest of the sender's message id, else of the request's signature.
	 * Null where the proof is the same for many requests (API key, token). Holds nothing secret.
	 */
	readonly deduplicationKey: string | null;
	/** The answer to a sender's handshake. When it is there, the request carries no events. */
	readonly handshake: FixedAnswer | null;
	/** What this sender insists on instead of the usual answer when its events were taken; null for the usual one. */
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
 * Gets the JSON at an address. Rejects when there is none, and gives up by itself after some seconds: a request waits
 * for it.
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
	/** Weaknesses that let requests be verified all the same, in plain words for the owner of the credential. */
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
