import { DueHeap } from './dueHeap';
import type { Item, NotKept, NotStored, RequestOfItem } from './item';
import type { RequestWatcher, PendingReply } from './pendingReply';

/** The requests whose senders wait for an answer, each until its time is over. */
export class PendingReplies implements RequestWatcher {
	/** The number of times that a request waits for an item of another request. */
	joins = 0;
	private readonly deadlines = new DueHeap<PendingReply>();

	/** @param drop called with each item that no sender waits for any more and that is in no execution */
	constructor(private readonly drop: (item: Item) => void) {}

	/** How many senders wait. */
	get size(): number {
		return this.deadlines.size;
	}

	/** When the time of the next one is over. Infinity when no sender waits. */
	get nextDueAtMs(): number {
		return this.deadlines.nextDueAtMs;
	}

	/**
	 * Adds a sender that waits. If the answer is already certain, the sender is answered at once.
	 * @param deadlineAtMs until when its executions have to begin, on the monotonic clock
	 */
	add(request: PendingReply, deadlineAtMs: number): void {
		this.joins += request.joined;
		this.setDeadline(request, deadlineAtMs);
		request.answerWhatIsCertain();
	}

	/** From now on the request waits for the end of its executions. */
	kept(request: PendingReply): void {
		this.setDeadline(request, request.latestAnswerAtMs);
	}

	/** The request was answered. */
	over(request: PendingReply): void {
		this.joins -= request.joined;
		if (request.deadline !== null) this.deadlines.remove(request.deadline);
	}

	/** Answers the requests whose time is over, or lets them wait for the rest of their time. */
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

	/** Another process is now responsible for all items. Every sender gets the answer that is correct now. */
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

	/** The items are stored, or in an execution that has begun. */
	keep(items: readonly Item[]): void {
		for (const item of items) {
			if (item.isSettled || item.isKept) continue;
			item.isKept = true;
			for (const request of item.requests) request.itemKept();
		}
	}

	/** The item is finished. */
	itemSettled(item: Item, finish: 'processed' | 'dead_lettered' | 'failed'): void {
		for (const request of item.requests) {
			if (item.isKept) request.itemSettled(finish);
			// It ends without having been in n8n's database, so the sender must not be answered 200.
			else this.withdraw(request, 'withdrawn');
		}
	}

	/** The items could not be kept. Senders that wait for one of them are asked to send again. */
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
