/**
 * The text of a request's body, and how its events stand in it.
 *
 * Events travel as this text up to the moment an execution needs them as objects: n8n stores one string
 * instead of a tree of objects, every attempt reads the events afresh (a node that changes an item in place
 * can't change the next attempt), and keys such as `__proto__` survive n8n's own serialisation.
 */
export interface Source {
	/** `json`: one event, `{ "events": [...] }` or a bare array. `ndjson`: an event a line. */
	readonly format: 'json' | 'ndjson';
	/** The decoded body: no byte order mark, not yet parsed. */
	readonly text: string;
}
