import type { Redrive } from '../rejectedEvent';
import type { DeadLetter } from './deadLetter';
import type { Tried } from './history';

/** The state of an event, in the words that users see. */
export type StoryStatus =
	| 'waiting'
	| 'running'
	| 'retrying'
	/** Given up. Its dead letter is being delivered. */
	| 'given_up'
	| 'dead_letter'
	/** A dead letter that will be sent again. */
	| 'redriving'
	| 'processed'
	/** Its last execution failed, and no source shows that it will run again. */
	| 'failed'
	/** Its execution waits in a Wait node. */
	| 'sleeping'
	| 'unknown';

/** What a queue or a row of a journal knows of one event. */
export interface KnownEvent {
	readonly status: StoryStatus;
	/** Null for a dead letter that was made before any execution. */
	readonly event: {
		readonly requestId: string;
		/** Its index in the request. */
		readonly index: number;
		readonly receivedAtMs: number;
		/** Null for an event that was not sent again. */
		readonly redrive: Redrive | null;
		/** Reads the event from the text of its request. */
		read(): unknown;
	} | null;
	readonly tried: Tried;
	readonly deadLetter: DeadLetter | null;
	/** Why it was given up. Null when it was not, or when the source does not show it. */
	readonly givenUpFor: string | null;
}
