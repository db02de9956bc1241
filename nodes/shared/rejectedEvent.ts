/** A fault of one event, in words for the sender. A fault of the whole body has the `index` null. */
export interface EventError {
	/** The event's index in the request, from 0. Null when no events could be found. */
	readonly index: number | null;
	/** Only for events in NDJSON: the line number as in an editor, from 1, with blank lines counted. */
	readonly line?: number;
	/** Machine-readable rule that was broken, e.g. `required`, `type`, `format`, `json`. */
	readonly code: string;
	/** One plain sentence. */
	readonly message: string;
	/** JSON Pointer (RFC 6901) into the event; empty for the event as a whole. */
	readonly path: string;
}

/** Data of an event that was sent again from a dead letter. */
export interface Redrive {
	/** How often it was sent again, including this time; from 1. */
	readonly count: number;
	/** Id of the delivery that became a dead letter first. Null when the sender does not know it. */
	readonly of: string | null;
}

/**
 * Input that becomes a dead letter before any execution: an invalid event, or a body that could not be read.
 */
export interface RejectedEvent {
	readonly index: number | null;
	/**
	 * The event as JSON text. Null when it could not be read as an event; then `raw` contains what was sent.
	 */
	readonly eventText: string | null;
	readonly raw: string | null;
	readonly reason: 'malformed_body' | 'invalid_event';
	readonly stage: 'parse' | 'validate';
	/** One plain sentence for a chat message. */
	readonly summary: string;
	readonly errors: readonly EventError[];
	/** Left out for an event that was not sent again. */
	readonly redrive?: Redrive;
}
