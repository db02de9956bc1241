/** What a queue has done since it was made, and what it holds now. */
export interface QueueFigures {
	/** Events. */
	readonly processed: number;
	/** How many times an event was executed again. */
	readonly retried: number;
	/** Dead letters that were delivered. Notices are not counted. */
	readonly deadLettered: number;
	/** Events and dead letters that wait for a slot or for their retry. */
	readonly waiting: number;
	/** Running executions. */
	readonly running: number;
	/** Events in executions that sleep in a Wait node and are followed. */
	readonly sleeping: number;
	/**
	 * The age of the oldest request with an open event, since it was received or sent again. Null when there is
	 * none.
	 */
	readonly oldestAgeMs: number | null;
	readonly breaker: 'closed' | 'open' | 'half_open';
}

/** How much a queue holds now, and whether it is paused. */
export interface QueueSize {
	/** Events and dead letters that wait for a slot or for their retry. */
	readonly waiting: number;
	/** Running executions. */
	readonly running: number;
	/** The total size of the bodies of all open requests, in bytes. */
	readonly heldBytes: number;
	/** Requests whose senders wait for an answer. */
	readonly requests: number;
	/** Keys of events that are not finished or were processed. */
	readonly keys: number;
	/** Calls of `sleep` that have not resolved. */
	readonly sleeps: number;
	/**
	 * Whether there is an outage. Then only probes are executed, and new events if they have to be executed
	 * in order to be kept.
	 */
	readonly isPaused: boolean;
}
