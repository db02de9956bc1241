/** After how long without events to send an alert. */
export interface SilenceAlert {
	/** In milliseconds. */
	readonly afterMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
}

/** How the queue delivers. Times are in milliseconds. */
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

type NumberName = {
	[Name in keyof DeliverySettings]-?: DeliverySettings[Name] extends number | null ? Name : never;
}[keyof DeliverySettings];

/** A hundred years: longer than any real wait, and still exact when added to the time of day. */
const LONGEST_MS = 100 * 365.25 * 86_400_000;

const WHOLE = { isWhole: true } as const;
const FRACTION = { isWhole: false } as const;

/** The limits of what the queue can work with. A value that is not a number (NaN) becomes `otherwise`. */
const BOUNDS: Readonly<
	Record<NumberName, { otherwise: number; min: number; max: number; isWhole: boolean }>
> = {
	maxRetries: { otherwise: 3, min: 0, max: 1_000_000, ...WHOLE },
	initialDelayMs: { otherwise: 1_000, min: 0, max: LONGEST_MS, ...FRACTION },
	backoffMultiplier: { otherwise: 2, min: 1, max: Number.MAX_VALUE, ...FRACTION },
	maxDelayMs: { otherwise: 60_000, min: 0, max: LONGEST_MS, ...FRACTION },
	maxAgeMs: { otherwise: 86_400_000, min: 0, max: LONGEST_MS, ...FRACTION },
	maxEventsPerExecution: { otherwise: 100, min: 1, max: Number.MAX_SAFE_INTEGER, ...WHOLE },
	pauseAfterFailedEvents: { otherwise: 25, min: 0, max: Number.MAX_SAFE_INTEGER, ...WHOLE },
	maxConcurrentExecutions: { otherwise: 5, min: 1, max: Number.MAX_SAFE_INTEGER, ...WHOLE },
	maxPendingEvents: { otherwise: 1_000, min: 1, max: Number.MAX_SAFE_INTEGER, ...WHOLE },
	acceptTimeoutMs: { otherwise: 20_000, min: 0, max: LONGEST_MS, ...FRACTION },
	deduplicationWindowMs: { otherwise: 600_000, min: 0, max: LONGEST_MS, ...FRACTION },
};

/**
 * The same settings, with every number inside the limits of the queue. So no other code has to check: a slot
 * count of NaN would stop the queue, and an infinite one would remove the limit.
 */
export function boundedSettings(settings: DeliverySettings): DeliverySettings {
	const numbers: Record<string, number | null> = {};
	for (const [name, { otherwise, min, max, isWhole }] of Object.entries(BOUNDS)) {
		const typed = settings[name as NumberName];
		if (typed === null) {
			numbers[name] = null;
			continue;
		}
		const bounded = Number.isNaN(typed) ? otherwise : Math.min(max, Math.max(min, typed));
		numbers[name] = isWhole ? Math.floor(bounded) : bounded;
	}
	return {
		...settings,
		...numbers,
		nonRetryableErrors: settings.nonRetryableErrors.filter((text) => text !== ''),
	};
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
