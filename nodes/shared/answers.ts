import type { Refusal } from './refusal';
import type { RejectedEvent } from './rejectedEvent';

/** An HTTP answer whose every byte is prescribed by the sender's documentation. */
export interface FixedAnswer {
	/** HTTP status. */
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** Empty for no body. */
	readonly body: string;
}

/**
 * Which answers make a sender send a request again, by its documentation: every one but 2xx, only a 5xx, or
 * none at all. `unsaid` where its documentation does not tell.
 */
export type RepeatsOn = 'failure' | 'serverError' | 'nothing' | 'unsaid';

/** How refusals have to be put for one kind of sender. Known before any request is. */
export interface AnswerRules {
	/** The answer to a missing or wrong proof, where the sender checks for a certain one. */
	readonly refusal?: FixedAnswer;
	readonly repeatsOn: RepeatsOn;
	/**
	 * What its programs look for in the body of a refusal: laid over the usual one. The events that were
	 * rejected are none where the request was refused before that was known.
	 */
	readonly refusalBody?: (
		refusal: Refusal,
		rejected: readonly RejectedEvent[],
	) => Readonly<Record<string, unknown>>;
}
