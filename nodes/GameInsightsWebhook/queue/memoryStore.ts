import { Chain } from './chain';
import { DueHeap } from './dueHeap';
import type { HeldRequest, Item } from './item';
import { Job } from './job';
import type { Grouping, Store } from './store';

/** Keeps everything in this process; it ends with it. */
export class MemoryStore implements Store {
	readonly isDurable = false;
	held = 0;
	heldBytes = 0;
	private readonly counter = { next: 0 };
	private readonly events = new Chain<Item>(this.counter);
	private readonly deadLetters = new Chain<Item>(this.counter);
	private readonly jobs = new Chain<Job>(this.counter);
	private readonly later = new DueHeap<Job>();

	constructor(private readonly newId: () => string) {}

	get nextDueAtMs(): number {
		return this.later.nextDueAtMs;
	}

	add(held: HeldRequest, items: readonly Item[]): void {
		this.count(held, items);
		this.enqueue(items);
	}

	/** Counts the items in, without a place to go out from. */
	count(held: HeldRequest, items: readonly Item[]): void {
		if (items.length === 0) return;
		if (held.open === 0) this.heldBytes += held.arrival.bytes;
		held.open += items.length;
		this.held += items.length;
	}

	enqueue(items: readonly Item[]): void {
		for (const item of items) item.link = (item.event === null ? this.deadLetters : this.events).append(item);
	}

	take(grouping: Grouping): Job | undefined {
		const event = this.events.first?.order ?? Number.POSITIVE_INFINITY;
		const deadLetter = this.deadLetters.first?.order ?? Number.POSITIVE_INFINITY;
		const job = this.jobs.first?.order ?? Number.POSITIVE_INFINITY;
		if (job < event && job < deadLetter) return this.takeJob();
		if (event < deadLetter) return new Job(this.newId(), 'events', this.gather(this.events, grouping));
		if (deadLetter === Number.POSITIVE_INFINITY) return undefined;
		// An execution for each dead letter would help nobody: they don't fail together like events.
		const letters = {
			...grouping,
			executionPer: grouping.executionPer === 'group' ? 'group' : 'request',
		} as const;
		return new Job(this.newId(), 'deadLetters', this.gather(this.deadLetters, letters));
	}

	requeue(job: Job): void {
		job.position = { ready: this.jobs.append(job) };
	}

	postpone(job: Job, dueAtMs: number): void {
		job.position = { later: this.later.add(job, dueAtMs) };
	}

	ripen(nowMs: number): void {
		for (let job = this.later.takeDue(nowMs); job !== undefined; job = this.later.takeDue(nowMs)) {
			this.requeue(job);
		}
	}

	bury(item: Item): void {
		this.leaveJob(item);
		item.link = this.deadLetters.append(item);
	}

	settle(item: Item): void {
		item.isSettled = true;
		this.held--;
		if (--item.held.open === 0) this.heldBytes -= item.held.arrival.bytes;
		if (item.link !== null) this.unlink(item);
		this.leaveJob(item);
	}

	beforeStart(): null {
		return null;
	}

	private takeJob(): Job {
		const job = this.jobs.first?.value as Job;
		this.displace(job);
		return job;
	}

	private gather(chain: Chain<Item>, { executionPer, maxEventsPerExecution }: Grouping): Item[] {
		const most = executionPer === 'event' ? 1 : executionPer === 'group' ? maxEventsPerExecution : Infinity;
		const gathered: Item[] = [];
		const first = chain.first?.value;
		for (let item = first; item !== undefined; item = chain.first?.value) {
			if (executionPer === 'request' && item.held !== first?.held) break;
			if (!fits(item, gathered, most)) break;
			this.unlink(item);
			gathered.push(item);
		}
		return gathered;
	}

	private unlink(item: Item): void {
		if (item.link === null) return;
		(item.event === null || item.givenUp !== null ? this.deadLetters : this.events).remove(item.link);
		item.link = null;
	}

	private leaveJob(item: Item): void {
		const { job } = item;
		if (job === null) return;
		item.job = null;
		job.open--;
		// One with a counterpart stays: it is still to say what becomes of that.
		if (job.open === 0 && job.counterpart === null) this.displace(job);
	}

	private displace(job: Job): void {
		if (job.position === null) return;
		if ('ready' in job.position) this.jobs.remove(job.position.ready);
		else this.later.remove(job.position.later);
		job.position = null;
	}
}

/** Whether one more item may go along. What is kept together goes together, in a smaller execution or alone in a larger one. */
function fits(item: Item, gathered: readonly Item[], most: number): boolean {
	if (gathered.length === 0) return true;
	if (item.parcel === null) return gathered.length < most;
	return item.parcel === gathered.at(-1)?.parcel || gathered.length + item.parcel.size <= most;
}
