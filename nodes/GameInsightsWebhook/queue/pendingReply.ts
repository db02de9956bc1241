import type { Due } from './dueHeap';
import type { Item, NotKept, RequestOfItem } from './item';

/** How a request ended. */
export type Finish =
	/** All events were processed. */
	| 'processed'
	/** Some events became dead letters, and the executions of those dead letters succeeded. */
	| 'dead_lettered'
	/** An event failed and became no dead letter, or the execution of its dead letter did not succeed. */
	| 'failed'
	/** Kept, and not finished yet. */
	| 'pending'
	/** Not taken, see {@link Taken.kept}. */
	| NotKept;

/** What the queue reports about a request that it took. */
export interface Taken {
	/** How many of its events are new. */
	readonly accepted: number;
	/** How many are repeats of an event of this request or of an earlier one. They are not run again. */
	readonly duplicates: number;
	/**
	 * `kept` once all its events and dead letters are stored, or in executions that have begun. Any other value
	 * means that the sender has to send the request again. Never rejects.
	 */
	readonly kept: Promise<'kept' | NotKept>;
	/**
	 * With `onFinish`: the final outcome; after 25 s `pending`, or `failed` if a part of the request has
	 * failed. With `onAccept`: resolves together with `kept`. Never rejects.
	 */
	readonly finished: Promise<Finish>;
}

/** The queue has no room for the request and took nothing of it. */
export interface Full {
	readonly retryAfterSeconds: number;
}

/** Is notified of the steps of a waiting request. */
export interface RequestWatcher {
	/** Everything has begun. The request still waits for the end. */
	kept(request: PendingReply): void;
	/** The answer is certain, so the request waits for nothing more. Called once for each request. */
	over(request: PendingReply): void;
}

/** A request whose sender waits for an answer. */
export class PendingReply implements Taken, RequestOfItem {
	readonly kept: Promise<'kept' | NotKept>;
	readonly finished: Promise<Finish>;
	/** Its entry among the deadlines of all waiting requests. */
	deadline: Due<PendingReply> | null = null;
	/** Whether it got more time, because a part of it has begun. */
	isProlonged = false;
	isOver = false;
	private unkept = 0;
	private unsettled: number;
	private isAnsweredKept = false;
	private anyDeadLettered = false;
	private anyFailed = false;
	private resolveKept!: (kept: 'kept' | NotKept) => void;
	private resolveFinished!: (finish: Finish) => void;

	constructor(
		readonly accepted: number,
		readonly duplicates: number,
		/** Its own items, and the items of other requests that its events repeat. */
		readonly items: readonly Item[],
		/** How many of `items` belong to other requests. */
		readonly joined: number,
		readonly awaitsEnd: boolean,
		/** The latest time of an answer, on the monotonic clock. */
		readonly latestAnswerAtMs: number,
		private readonly watcher: RequestWatcher,
	) {
		this.kept = new Promise((resolve) => (this.resolveKept = resolve));
		this.finished = new Promise((resolve) => (this.resolveFinished = resolve));
		this.unsettled = items.length;
		for (const item of items) {
			if (!item.isKept) this.unkept++;
			item.join(this);
		}
	}

	/** Whether all its items have begun or are stored. */
	get isKept(): boolean {
		return this.unkept === 0;
	}

	get hasPartBegun(): boolean {
		return this.items.some((item) => item.isKept);
	}

	/** Resolves the answers that are certain now. */
	answerWhatIsCertain(): void {
		if (this.isOver || this.unkept > 0) return;
		const isNews = !this.isAnsweredKept;
		this.isAnsweredKept = true;
		this.resolveKept('kept');
		if (this.unsettled === 0) {
			this.finish(this.anyFailed ? 'failed' : this.anyDeadLettered ? 'dead_lettered' : 'processed');
		} else if (!this.awaitsEnd) this.finish('pending');
		else if (isNews) this.watcher.kept(this);
	}

	itemKept(): void {
		this.unkept--;
		this.answerWhatIsCertain();
	}

	/** @param finish how one of its kept items ended */
	itemSettled(finish: 'processed' | 'dead_lettered' | 'failed'): void {
		this.unsettled--;
		if (finish === 'dead_lettered') this.anyDeadLettered = true;
		if (finish === 'failed') this.anyFailed = true;
		this.answerWhatIsCertain();
	}

	/**
	 * Everything is kept, but the answer is due while executions still run. If an event has failed by now, the
	 * sender may have to repeat it.
	 */
	answerPending(): void {
		this.finish(this.anyFailed ? 'failed' : 'pending');
	}

	/** The sender is asked to send again. */
	withdraw(reason: NotKept): void {
		this.resolveKept(reason);
		this.finish(reason);
	}

	private finish(finish: Finish): void {
		if (this.isOver) return;
		this.isOver = true;
		for (const item of this.items) item.leave(this);
		this.resolveFinished(finish);
		this.watcher.over(this);
	}
}
