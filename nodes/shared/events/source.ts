/**
 * The text of a request's body, and how it contains the events.
 *
 * Events stay in this text until an execution needs them as objects. So n8n stores one string instead of a
 * tree of objects, every attempt parses the events again (a node that changes an item in place can't change
 * the next attempt), and keys such as `__proto__` are not lost when n8n serialises the item.
 */
export interface Source {
	/** `json`: one event, `{ "events": [...] }` or an array of events. `ndjson`: one event a line. */
	readonly format: 'json' | 'ndjson';
	/** The decoded body: without a byte order mark, and not yet parsed. */
	readonly text: string;
}

/** Some of a request's events. */
export interface PartOfRequest {
	/** The indexes that the events in the source had in the request. Left out when it holds all of them. */
	readonly sourceIndexes?: readonly number[];
}

/** The position in the source of the event with this index in the request. */
export function positionOf({ sourceIndexes }: PartOfRequest, index: number): number {
	return sourceIndexes === undefined ? index : sourceIndexes.indexOf(index);
}
