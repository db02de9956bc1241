/** After how long without events to send an alert. */
export interface SilenceAlert {
	/** In milliseconds. */
	readonly afterMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
}

/**
 * How the queue delivers. Times are in milliseconds. Every number is within the limits of its field: they are
 * in `panel/numberBounds.ts` alone. The queue does not check again. A slot count of NaN would stop it, and an
 * infinite one would remove the limit.
 */
export interface DeliverySettings {
	readonly respond: 'onAccept' | 'onFinish';
	readonly retry: boolean;
	readonly maxRetries: number;
	readonly initialDelayMs: number;
	readonly backoffMultiplier: number;
	readonly maxDelayMs: number;
	readonly jitter: boolean;
	/** Counted from the time when the request was received. */
	readonly maxAgeMs: number;
	/** A failure whose message contains one of these texts is not retried. */
	readonly nonRetryableErrors: readonly string[];
	readonly isolateFailures: boolean;
	/** How many different events have to fail in a row before an outage is assumed. 0 turns the breaker off. */
	readonly pauseAfterFailedEvents: number;
	readonly executionPer: 'request' | 'event' | 'group';
	readonly maxEventsPerExecution: number;
	readonly maxConcurrentExecutions: number;
	/** How many events may wait for a slot or for their retry. */
	readonly maxPendingEvents: number;
	/**
	 * How long a request waits for its executions to begin. Null uses the time that the sender waits, see
	 * `acceptTimeoutMs`.
	 */
	readonly acceptTimeoutMs: number | null;
	/** 0 turns deduplication off. */
	readonly deduplicationWindowMs: number;
	/** Left out when no alert is wanted. */
	readonly silenceAlert?: SilenceAlert | undefined;
}

/** How long a sender waits for its answer if it does not say, less {@link ON_THE_WAY_MS}. */
const USUAL_ACCEPT_TIMEOUT_MS = 20_000;
/** The part of a sender's wait that is kept for sending the request and the answer over the network. */
const ON_THE_WAY_MS = 1_000;

/**
 * How long a request waits for its executions to begin: the time in the settings, or else the time that its
 * sender waits.
 */
export function acceptTimeoutMs(
	settings: Pick<DeliverySettings, 'acceptTimeoutMs'>,
	{ senderWaitsMs }: { readonly senderWaitsMs?: number | undefined },
): number {
	if (settings.acceptTimeoutMs !== null) return settings.acceptTimeoutMs;
	return senderWaitsMs === undefined ? USUAL_ACCEPT_TIMEOUT_MS : Math.max(0, senderWaitsMs - ON_THE_WAY_MS);
}

/** How many attempts an event usually has: the first one and the retries. Isolation may add more. */
export const maxAttempts = ({ retry, maxRetries }: Pick<DeliverySettings, 'retry' | 'maxRetries'>): number =>
	retry ? maxRetries + 1 : 1;
