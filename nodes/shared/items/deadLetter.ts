import type { DeliveryInfo } from './delivery';
import type { FailedAttempt } from './history';

/** Why something became a dead letter. */
export type DeadLetterReason =
	'malformed_body' | 'invalid_event' | 'retries_exhausted' | 'non_retryable' | 'expired' | 'outcome_unknown';

/** The reason of a notice: something that the user should know but that is no event. */
export type NoticeReason =
	'outage' | 'recovered' | 'silence' | 'silence_over' | 'table_full' | 'key_expiring';

/** How many similar dead letters came before in the same hour. */
export interface Similar {
	/** 0 for the first. */
	readonly count: number;
	/** When the first of them was dead-lettered, RFC 3339. For the first one its own time. */
	readonly firstAt: string;
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
