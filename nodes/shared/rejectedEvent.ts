/** A fault of one event (or of the whole body, then `index` is null), in words for whoever sends. */
export interface EventError {
	/** The event's place in the request, from 0; null when no event could be told apart. */
	readonly index: number | null;
	/**
	 * Only for events that came as lines (NDJSON): the line, as an editor counts it, from 1 and with blank
	 * ones.
	 */
	readonly line?: number;
	/** Machine-readable rule that was broken, e.g. `required`, `type`, `format`, `json`. */
	readonly code: string;
	/** One plain sentence. */
	readonly message: string;
	/** JSON Pointer (RFC 6901) into the event; empty for the event as a whole. */
	readonly path: string;
}

/** An event that comes out of a dead letter. */
export interface Redrive {
	/** How often it was sent again, this time included; from 1. */
	readonly count: number;
	/** Id of the delivery that was dead-lettered first; null when the sender does not know it. */
	readonly of: string | null;
}

/**
 * What becomes a dead letter before any execution: an event that is not valid, or a body that could not be
 * read.
 */
export interface RejectedEvent {
	readonly index: number | null;
	/** The event as JSON text; null when it could not be read as an event, then `raw` holds what was sent. */
	readonly eventText: string | null;
	readonly raw: string | null;
	readonly reason: 'malformed_body' | 'invalid_event';
	readonly stage: 'parse' | 'validate';
	/** One plain sentence, fit for a chat message. */
	readonly summary: string;
	readonly errors: readonly EventError[];
	/** Left out for an event that comes for the first time. */
	readonly redrive?: Redrive;
}
