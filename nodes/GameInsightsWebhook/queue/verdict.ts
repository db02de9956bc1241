import type { FailedOutcome } from './arrival';
import type { DeadLetterReason } from '../../shared/items/deadLetter';
import type { DeliverySettings } from './deliverySettings';
import type { FailedAttempt } from '../../shared/items/history';

/** What happens after an execution that did not succeed. */
export type Verdict =
	/** The same events run again, later. */
	| { readonly kind: 'retry' }
	/** The events run again in parts, until those that fail alone are found. */
	| { readonly kind: 'bisect' }
	| { readonly kind: 'giveUp'; readonly reason: DeadLetterReason };

/** What the decision depends on besides the settings. */
export interface FailedJob {
	/** How many executions its events were in, including this one. Executions in an outage are not counted. */
	readonly attempts: number;
	readonly events: number;
	/** Whether it is a part of an execution that was split to find the failing events. */
	readonly isPart: boolean;
}

/** Whether a failure may go away by itself. The user lists texts of failures that do not. */
export const isRetryable = (
	{ message }: Pick<FailedAttempt, 'message'>,
	{ nonRetryableErrors }: Pick<DeliverySettings, 'nonRetryableErrors'>,
): boolean => !nonRetryableErrors.some((text) => message.includes(text));

/** Decides about a failed execution. An unknown outcome counts as a failure. */
export function verdictOn(
	failed: FailedJob,
	outcome: FailedOutcome,
	settings: Pick<DeliverySettings, 'retry' | 'maxRetries' | 'nonRetryableErrors' | 'isolateFailures'>,
): Verdict {
	const mayGoAway = isRetryable(outcome.failure, settings);
	if (settings.retry) {
		if (mayGoAway && !failed.isPart && failed.attempts <= settings.maxRetries) return { kind: 'retry' };
		if (failed.events > 1 && (failed.isPart || settings.isolateFailures)) return { kind: 'bisect' };
	}
	if (!mayGoAway) return { kind: 'giveUp', reason: 'non_retryable' };
	return { kind: 'giveUp', reason: outcome.kind === 'unknown' ? 'outcome_unknown' : 'retries_exhausted' };
}
