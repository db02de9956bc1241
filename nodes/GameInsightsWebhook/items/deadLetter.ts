import type { Similar } from '../queue/digest';
import type { FailedAttempt } from '../queue/history';

/** Why something became a dead letter. */
export type DeadLetterReason =
	'malformed_body' | 'invalid_event' | 'retries_exhausted' | 'non_retryable' | 'expired' | 'outcome_unknown';

/** The reason of a notice: something that the user should know but that is no event. */
export type NoticeReason =
	'outage' | 'recovered' | 'silence' | 'silence_over' | 'table_full' | 'table_large' | 'key_expiring';

/** The `_delivery` block of an item. */
export interface DeliveryInfo {
	/** The same for all attempts. */
	readonly id: string;
	readonly attempt: number;
	readonly max_attempts: number;
	/** Whether a failed execution is run again automatically. False where this process has no live trigger. */
	readonly automatic_retry: boolean;
	/** RFC 3339. */
	readonly received_at: string;
	readonly endpoint: string;
	/** Null for a notice. */
	readonly request_id: string | null;
	readonly batch: { readonly id: string | null; readonly index: number | null; readonly size: number };
	readonly auth: {
		readonly method: string;
		readonly key_id: string;
		readonly claims: Readonly<Record<string, unknown>> | null;
	} | null;
	readonly last_error: {
		readonly message: string;
		readonly node: string | null;
		readonly execution_id: string | null;
		readonly at: string;
	} | null;
	/** Only for an event that was sent again from a dead letter: as in {@link DeadLetter.redrive}. */
	readonly redrive?: { readonly count: number; readonly of: string | null };
}

/**
 * A dead letter before it is sent to the Dead Letter output. It has the same content as the item that users
 * see, but the event is still text: `execute()` parses `eventText` into `event`.
 */
export interface DeadLetter {
	readonly eventText: string | null;
	readonly raw: string | null;
	readonly summary: string;
	readonly reason: DeadLetterReason | NoticeReason;
	readonly stage: 'parse' | 'validate' | 'deliver' | 'notice';
	readonly errors: ReadonlyArray<{ readonly path: string; readonly message: string; readonly rule: string }>;
	readonly attempts: {
		readonly count: number;
		readonly max: number;
		readonly firstAt: string | null;
		readonly lastAt: string | null;
		readonly history: readonly FailedAttempt[];
	};
	/** How many similar ones came before. Left out where they are not counted. */
	readonly similar?: Similar;
	/** RFC 3339. */
	readonly receivedAt: string;
	/** RFC 3339. */
	readonly deadLetteredAt: string;
	readonly delivery: DeliveryInfo;
	/**
	 * How often the event was sent again from a dead letter, and the id of the delivery that became the first
	 * of those dead letters. 0 and null when it came for the first time.
	 */
	readonly redrive: { readonly count: number; readonly of: string | null };
}
