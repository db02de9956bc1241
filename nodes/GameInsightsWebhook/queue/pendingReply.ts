import type { Due } from './dueHeap';
import type { Item, NotKept, RequestOfItem } from './item';

/** How a request came to its end. */
export type Finish =
	/** All events were processed. */
	| 'processed'
	/** Some events became dead letters, and the executions that carried those ended well. */
	| 'dead_lettered'
	/** An event failed and nobody took it over, or the execution of its dead letter did not end well. */
	| 'failed'
	/** Kept, and not over yet. */
	| 'pending'
	/** Not taken, see {@link Taken.kept}. */
	| NotKept;

/** What the queue tells about a request it took in. */
export interface Taken {
	/** How many of its events are new. */
	readonly accepted: number;
	/** How many were there before, in this request or an earlier one, and are not run again. */
	readonly duplicates: number;
	/**
	 * `kept` once all its events and dead letters are in executions that have begun, or are stored; anything
	 * else when not: the sender has to send it again. Never rejects.
	 */
	readonly kept: Promise<'kept' | NotKept>;
	/**
	 * With `onFinish` the final outcome; after 25 s `pending`, or `failed` if a part of it has. With `onAccept`
	 * resolves together with `kept`. Never rejects.
	 */
	readonly finished: Promise<Finish>;
}

/** The queue has no room for the request; nothing of it was taken. */
export interface Full {
	readonly retryAfterSeconds: number;
}

/** Who is told about the steps of a waiting request. */
export interface RequestWatcher {
	/** Everything has begun; the end is still waited for. */
	kept(request: PendingReply): void;
	/** The answer is certain: nothing is waited for any more. Once for each request. */
	over(request: PendingReply): void;
}

/** A request whose sender waits for an answer. */
export class PendingReply implements Taken, RequestOfItem {
	readonly kept: Promise<'kept' | NotKept>;
	readonly finished: Promise<Finish>;
	/** When its patience is over. */
	deadline: Due<PendingReply> | null = null;
	/** Its patience was prolonged, because a part of it has begun. */
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
		/** Its own items, and items of other requests that it repeats. */
		readonly items: readonly Item[],
		/** How many of `items` belong to other requests. */
		readonly joined: number,
		readonly awaitsEnd: boolean,
		/** The latest time of an answer, on the clock that is never set. */
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

	/** Whether everything of it has begun. */
	get isKept(): boolean {
		return this.unkept === 0;
	}

	get hasPartBegun(): boolean {
		return this.items.some((item) => item.isKept);
	}

	/** Gives the answers that are certain by now. */
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

	/** @param finish how one of its items, kept before, ended */
	itemSettled(finish: 'processed' | 'dead_lettered' | 'failed'): void {
		this.unsettled--;
		if (finish === 'dead_lettered') this.anyDeadLettered = true;
		if (finish === 'failed') this.anyFailed = true;
		this.answerWhatIsCertain();
	}

	/**
	 * Everything is kept, but the time of the answer has come while executions still run. What has failed so
	 * far may be the sender's to repeat.
	 */
	answerPending(): void {
		this.finish(this.anyFailed ? 'failed' : 'pending');
	}

	/** The sender is told to send again. */
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
