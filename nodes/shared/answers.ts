import type { Refusal } from './refusal';
import type { RejectedEvent } from './rejectedEvent';

/** An HTTP answer that the sender's documentation defines byte by byte. */
export interface FixedAnswer {
	/** HTTP status. */
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** Empty for no body. */
	readonly body: string;
}

/**
 * After which answers a sender sends a request again, by its documentation: all except 2xx, only 5xx, or
 * none. `unsaid` when its documentation does not say.
 */
export type RepeatsOn = 'failure' | 'serverError' | 'nothing' | 'unsaid';

/** The form of refusals for one kind of sender. It is known before a request comes. */
export interface AnswerRules {
	/** The answer to a missing or wrong proof, when the sender expects a certain one. */
	readonly refusal?: FixedAnswer;
	readonly repeatsOn: RepeatsOn;
	/**
	 * Fields that the sender's programs read in the body of a refusal. They are added to the usual body. The
	 * list of rejected events is empty when the request was refused before they were known.
	 */
	readonly refusalBody?: (
		refusal: Refusal,
		rejected: readonly RejectedEvent[],
	) => Readonly<Record<string, unknown>>;
}
