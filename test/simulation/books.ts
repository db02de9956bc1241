import type { DeliverySettings } from '../../nodes/GameInsightsWebhook/queue/deliverySettings';
import type { Finish } from '../../nodes/GameInsightsWebhook/queue/pendingReply';
import type { JobContent } from '../../nodes/GameInsightsWebhook/queue/arrival';
import type { DeadLetterReason } from '../../nodes/shared/items/deadLetter';

/** How an event or a dead letter left the queue, as seen from outside. */
export type End =
	| 'processed'
	/** In an execution of dead letters that has begun. */
	| 'deadLettered'
	/** Its sender was told to send it again. */
	| 'withdrawn'
	/** The execution of its dead letter never began: the log says so. */
	| 'lost';

/** What has to happen next with something that waits. */
export type Next =
	| { readonly kind: 'first' }
	/** The same items again, not before and not after. */
	| { readonly kind: 'retry'; readonly of: Started; readonly fromMs: number; readonly toMs: number }
	/** Parts of them, until those are found that fail alone. */
	| { readonly kind: 'isolate'; readonly of: Started; readonly search: Search }
	/** A dead letter, or back to the sender. */
	| {
			readonly kind: 'giveUp';
			readonly of: Started;
			readonly reason: DeadLetterReason;
			readonly isRetryOn: boolean;
	  };

/** One search for failing events. */
export interface Search {
	readonly size: number;
	/** How many executions it may take. */
	readonly most: number;
	executions: number;
	/** The requests of its events. */
	readonly requests: ReadonlySet<Offered>;
}

/** One event of an offered request, or one dead letter that came with it. */
export interface Told {
	/** As in `_delivery.id`. */
	readonly id: string;
	readonly request: Offered;
	readonly isEvent: boolean;
	/** Its place among the items of its request. */
	readonly index: number;
	/** Null when it has none, or none was looked for. */
	readonly key: string | null;
	/** How many more executions it makes fail. */
	failures: number;
	/** Whether the queue runs it; undefined while that can't be seen from outside. */
	isOwn: boolean | undefined;
	/** Executions as an event. */
	attempts: number;
	/** Failed ones among them. */
	failed: number;
	isPart: boolean;
	running: Started | null;
	/** Executions that carried its dead letter. */
	letterAttempts: number;
	/** One of those has begun. */
	hasLetterBegun: boolean;
	/** An execution that carried it has begun, heard or known by its end. */
	hasBegun: boolean;
	next: Next;
	end: End | null;
	endedAtMs: number;
	/** The requests that may wait for it. */
	readonly takenOnes: Offered[];
	/** Something about it can't be seen from outside: whether a repeat joined it, or whether it was dropped. */
	isBlurred: boolean;
}

/** One request, from its offer on. */
export interface Offered {
	readonly place: number;
	readonly settings: DeliverySettings;
	readonly atMs: number;
	readonly receivedAtMs: number;
	/** How long it waits for its executions to begin. */
	readonly acceptTimeoutMs: number;
	readonly isReadable: boolean;
	/** How many executions have carried events of it. */
	executions: number;
	readonly events: Told[];
	readonly letters: Told[];
	/** Earlier events that its own repeat. */
	readonly joined: Told[];
	/** Undefined during the offer; null when the queue had no room. */
	accepted: number | null | undefined;
	kept: 'kept' | 'withdrawn' | undefined;
	finished: Finish | undefined;
	/** Under `executionPer` request nothing of it may start once a part has. */
	isWhole: boolean;
}

/** One execution, as n8n has it. */
export interface Started {
	readonly content: JobContent;
	readonly atMs: number;
	/** Those it carries. */
	readonly told: readonly Told[];
	/** Those of them that its end left undecided. */
	left: Told[];
	isSkipped: boolean;
	isOver: boolean;
	overAtMs: number | null;
	hasBegun: boolean;
}
