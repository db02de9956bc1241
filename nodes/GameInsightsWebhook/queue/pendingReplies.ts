import { DueHeap } from './dueHeap';
import type { Item, NotKept, NotStored, RequestOfItem } from './item';
import type { RequestWatcher, PendingReply } from './pendingReply';

/** The requests whose senders wait for an answer, each until its time is over. */
export class PendingReplies implements RequestWatcher {
	/** How often requests wait for items of other requests. */
	joins = 0;
	private readonly deadlines = new DueHeap<PendingReply>();

	/** @param drop is told of each item that nobody wants any more, and that is not under way */
	constructor(private readonly drop: (item: Item) => void) {}

	/** How many senders wait. */
	get size(): number {
		return this.deadlines.size;
	}

	/** When the next one's time is over; infinity when nobody waits. */
	get nextDueAtMs(): number {
		return this.deadlines.nextDueAtMs;
	}

	/**
	 * One more sender waits; it is answered at once where the answer is certain.
	 * @param deadlineAtMs when its time to begin is over, on the clock that is never set
	 */
	add(request: PendingReply, deadlineAtMs: number): void {
		this.joins += request.joined;
		this.setDeadline(request, deadlineAtMs);
		request.answerWhatIsCertain();
	}

	/** From now on it waits for the end. */
	kept(request: PendingReply): void {
		this.setDeadline(request, request.latestAnswerAtMs);
	}

	/** It has its answer. */
	over(request: PendingReply): void {
		this.joins -= request.joined;
		if (request.deadline !== null) this.deadlines.remove(request.deadline);
	}

	/** Answers those whose time is over, or gives them the rest of their time. */
	answerLate(elapsedMs: number): void {
		for (
			let late = this.deadlines.takeDue(elapsedMs);
			late !== undefined;
			late = this.deadlines.takeDue(elapsedMs)
		) {
			if (late.isKept) {
				for (const item of late.items) item.isPromised = true;
				late.answerPending();
			} else if (late.hasPartBegun && !late.isProlonged) {
				late.isProlonged = true;
				this.setDeadline(late, late.latestAnswerAtMs);
			} else {
				this.withdraw(late, 'withdrawn');
			}
		}
	}

	/** Somebody else answers for all items by now: every sender gets the answer that is true. */
	answerAll(): void {
		for (
			let request = this.deadlines.takeDue(Infinity);
			request !== undefined;
			request = this.deadlines.takeDue(Infinity)
		) {
			if (request.isKept) request.answerPending();
			else request.withdraw('unreachable');
		}
	}

	/** The items are in an execution that has begun, or are stored. */
	keep(items: readonly Item[]): void {
		for (const item of items) {
			if (item.isSettled || item.isKept) continue;
			item.isKept = true;
			for (const request of item.requests) request.itemKept();
		}
	}

	/** The item has come to its end. */
	itemSettled(item: Item, finish: 'processed' | 'dead_lettered' | 'failed'): void {
		for (const request of item.requests) {
			if (item.isKept) request.itemSettled(finish);
			// It ends without having been in n8n's database: the sender must not be told 200.
			else this.withdraw(request, 'withdrawn');
		}
	}

	/** The items could not be kept: whoever waits for one of them is told to send again. */
	refuse(items: readonly Item[], reason: NotStored): void {
		for (const request of new Set(items.flatMap((item) => item.requests))) {
			this.withdraw(request, reason);
		}
		for (const item of items) this.drop(item);
	}

	private withdraw(request: RequestOfItem, reason: NotKept): void {
		request.withdraw(reason);
		for (const item of request.items) {
			if (item.isUnwanted && !item.isRunning) this.drop(item);
		}
	}

	private setDeadline(request: PendingReply, atMs: number): void {
		if (request.deadline !== null) this.deadlines.remove(request.deadline);
		request.deadline = this.deadlines.add(request, atMs);
	}
}
