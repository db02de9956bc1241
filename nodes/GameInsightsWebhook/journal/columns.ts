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

/**
 * When a processed row goes, as a number by the clock of the database. Tables that were made before there was
 * a column for it have it in `place`, and go on like that: a key may not add columns.
 */
export type ExpiryColumn = 'expires' | 'place';

/**
 * What rows can do without, should a user delete the column: what is there to be read, and what is known of
 * attempts. Without `done` and `history` some of it is repeated or forgotten after a crash.
 */
export const COLUMNS_TO_DO_WITHOUT: ReadonlySet<string> = new Set<keyof typeof JOURNAL_COLUMNS>([
	'summary',
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
 * The columns of the table beside the journal: who is alive, and which events were processed lately. Times
 * are numbers: SQLite keeps dates as texts of another form than the one that n8n compares them with.
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

/** What a row of the journal is. */
export type RowState =
	/** Kept, and not run yet. */
	| 'waiting'
	/** In an execution; which one is `attempt`. */
	| 'running'
	/** Failed, and to be run again when it is due. */
	| 'retrying'
	/** Given up; on its way to the Dead Letter output. */
	| 'dying'
	/** Left on Dead Letter. Stays until a user deletes it. */
	| 'dead'
	/** Set by a user: a dead row that is to be sent through again. */
	| 'redrive'
	/** Done, and shown for a while. */
	| 'processed';

/** The node that a row belongs to: one table may serve many workflows. */
export interface NodeAddress {
	readonly workflowId: string;
	readonly nodeId: string;
}
