/** The columns of the journal, in the order in which n8n shows them. */
export const JOURNAL_COLUMNS = {
	state: 'string',
	summary: 'string',
	event_type: 'string',
	user_id: 'string',
	events: 'number',
	attempt: 'number',
	due: 'date',
	received: 'date',
	last_error: 'string',
	payload: 'string',
	workflow_id: 'string',
	node_id: 'string',
	owner: 'string',
	claim: 'string',
	place: 'number',
	done: 'string',
	history: 'string',
	details: 'string',
	expires: 'number',
} as const;

/** The columns of the table of dead letters, in the order in which n8n shows them. */
export const DEAD_LETTER_COLUMNS = {
	state: 'string',
	summary: 'string',
	reason: 'string',
	event_type: 'string',
	user_id: 'string',
	attempt: 'number',
	received: 'date',
	last_error: 'string',
	payload: 'string',
	workflow_id: 'string',
	node_id: 'string',
	claim: 'string',
	place: 'number',
	at_ms: 'number',
	details: 'string',
} as const;

/**
 * When a processed row is removed, as a number by the clock of the database. Tables that were made before the
 * column `expires` existed keep it in `place`, because an API key may not add columns.
 */
export type ExpiryColumn = 'expires' | 'place';

/**
 * Columns that a user may delete without harm: those that are only there to be read, and those about
 * attempts. Without `done` and `history` a crash makes n8n run some events again, or forget some attempts.
 */
export const COLUMNS_TO_DO_WITHOUT: ReadonlySet<string> = new Set<
	keyof typeof JOURNAL_COLUMNS | keyof typeof DEAD_LETTER_COLUMNS
>([
	'summary',
	'reason',
	'event_type',
	'user_id',
	'events',
	'due',
	'received',
	'last_error',
	'done',
	'history',
	'expires',
]);

/**
 * The columns of the table beside the journal: which processes are alive, and which events were processed
 * lately. Times are numbers, because SQLite stores dates as texts in another format than the one that n8n
 * compares them with.
 */
export const REGISTER_COLUMNS = {
	kind: 'string',
	name: 'string',
	workflow_id: 'string',
	node_id: 'string',
	beat: 'number',
	at_ms: 'number',
	keys: 'string',
} as const;

/** The state of a row in the journal. */
export type RowState =
	/** Kept, and not executed yet. */
	| 'waiting'
	/** In an execution; the number of the attempt is in `attempt`. */
	| 'running'
	/** Its execution sleeps in a Wait node. The row has no owner, and `claim` names the execution. */
	| 'sleeping'
	/** Failed, and will run again when it is due. */
	| 'retrying'
	/** Given up. It is being sent to the Dead Letter output. */
	| 'dying'
	/** It has left on the Dead Letter output. Its row moves into the table of dead letters. */
	| 'dead'
	/** Set by a user: a dead row that should be sent again. */
	| 'redrive'
	/** Processed, and shown for a while. */
	| 'processed';

/** The node that a row belongs to. One table may be used by many workflows. */
export interface NodeAddress {
	readonly workflowId: string;
	readonly nodeId: string;
}
