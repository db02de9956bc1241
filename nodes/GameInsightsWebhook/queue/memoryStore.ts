import { Chain } from './chain';
import { DueHeap } from './dueHeap';
import { type Grouping, groupingOfDeadLetters } from './grouping';
import type { HeldRequest, Item } from './item';
import { Job } from './job';
import type { Startable, Store } from './store';
import { type EndState, move } from './transitions';

const orderOf = ({ first }: Chain<unknown>): number => first?.order ?? Infinity;

/** Keeps everything in this process; it ends with it. */
export class MemoryStore implements Store {
	held = 0;
	heldBytes = 0;
	private readonly counter = { next: 0 };
	private readonly events = new Chain<Item>(this.counter);
	private readonly deadLetters = new Chain<Item>(this.counter);
	/** Jobs that wait for a slot: those with events, and those with dead letters whose execution never began. */
	private readonly ready = new Chain<Job>(this.counter);
	private readonly readyLetters = new Chain<Job>(this.counter);
	private readonly scheduled = new DueHeap<Job>();
	private readonly paused = new Chain<Job>(this.counter);

	constructor(
		private readonly newId: () => string,
		/** Whether events are kept elsewhere, so that new ones need not be executed in an outage. */
		readonly isDurable = false,
	) {}

	get nextDueAtMs(): number {
		return this.scheduled.nextDueAtMs;
	}

	add(held: HeldRequest, items: readonly Item[]): void {
		this.count(held, items);
		this.enqueue(items);
	}

	addNotice(held: HeldRequest, notice: Item): void {
		this.add(held, [notice]);
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

	take(grouping: Grouping, startable: Startable): Job | undefined {
		const event = startable === 'deadLetters' ? Infinity : orderOf(this.events);
		const job = startable === 'everything' ? orderOf(this.ready) : Infinity;
		const deadLetter = orderOf(this.deadLetters);
		const letterJob = orderOf(this.readyLetters);
		switch (Math.min(event, job, deadLetter, letterJob)) {
			case Infinity:
				return undefined;
			case job:
				return this.takeFirst(this.ready);
			case letterJob:
				return this.takeFirst(this.readyLetters);
			case event:
				return new Job(this.newId(), 'events', this.gather(this.events, grouping));
			default: {
				const letters = this.gather(this.deadLetters, groupingOfDeadLetters(grouping));
				return new Job(this.newId(), 'deadLetters', letters);
			}
		}
	}

	requeue(job: Job): void {
		const link = (job.kind === 'events' ? this.ready : this.readyLetters).append(job);
		job.state = { kind: 'ready', link };
	}

	postpone(job: Job, dueAtMs: number): void {
		job.state = { kind: 'scheduled', due: this.scheduled.add(job, dueAtMs) };
	}

	ripen(elapsedMs: number): void {
		for (
			let job = this.scheduled.takeDue(elapsedMs);
			job !== undefined;
			job = this.scheduled.takeDue(elapsedMs)
		) {
			this.requeue(job);
		}
	}

	recordOutage(): void {
		// Known to this process for as long as it matters here.
	}

	pause(): void {
		const letters: Array<[Job, number]> = [];
		for (let due = this.scheduled.nextDueAtMs; due < Infinity; due = this.scheduled.nextDueAtMs) {
			const job = this.scheduled.takeDue(due) as Job;
			if (job.kind === 'events') this.requeue(job);
			else letters.push([job, due]);
		}
		for (const [job, due] of letters) this.postpone(job, due);
		for (let job = this.ready.first?.value; job !== undefined; job = this.ready.first?.value) {
			this.detach(job);
			this.hold(job);
		}
	}

	hold(job: Job): void {
		job.state = { kind: 'paused', link: this.paused.append(job) };
		for (const item of job.openItems) {
			item.held.executions = 0;
			move(item, 'paused');
		}
	}

	get hasProbe(): boolean {
		return this.paused.first !== null || (this.isDurable && this.events.first !== null);
	}

	takeProbe(): Job | undefined {
		const fresh = this.isDurable ? this.events.first?.value : undefined;
		if (fresh !== undefined) {
			this.unlink(fresh);
			return new Job(this.newId(), 'events', [fresh]);
		}
		const job = this.paused.first?.value;
		if (job === undefined) return undefined;
		this.detach(job);
		const [first, ...others] = job.openItems;
		// Of a step of a search nothing may be left: its end brings the next one.
		if (first === undefined || others.length === 0) return job;
		this.hold(job.part(this.newId(), others));
		const probe = job.part(this.newId(), [first]);
		// How it ends says nothing about the part of a search that it was in.
		probe.bisection = null;
		return probe;
	}

	resume(): void {
		const jobs: Array<{ job: Job; receivedMs: number }> = [];
		for (let job = this.paused.first?.value; job !== undefined; job = this.paused.first?.value) {
			this.detach(job);
			let receivedMs = Infinity;
			for (const item of job.openItems) {
				move(item, job.bisection === null ? 'retrying' : 'bisecting');
				receivedMs = Math.min(receivedMs, item.held.receivedElapsedMs);
			}
			jobs.push({ job, receivedMs });
		}
		const fresh: Item[] = [];
		for (let item = this.events.first?.value; item !== undefined; item = this.events.first?.value) {
			this.unlink(item);
			fresh.push(item);
		}
		// What has waited in the outage came before what came in it.
		jobs.sort((one, other) => one.receivedMs - other.receivedMs);
		for (const { job } of jobs) this.requeue(job);
		this.enqueue(fresh);
	}

	heldEvents(): Item[] {
		const held: Item[] = [];
		for (let link = this.paused.first; link !== null; link = link.next) {
			const { openItems, bisection } = link.value;
			held.push(...openItems, ...(bisection?.rest ?? []));
		}
		for (let link = this.events.first; link !== null; link = link.next) held.push(link.value);
		return held;
	}

	bury(item: Item): void {
		if (item.link !== null) this.unlink(item);
		this.leaveJob(item);
		move(item, 'givenUp');
		item.link = this.deadLetters.append(item);
	}

	settle(item: Item, end: EndState): void {
		this.held--;
		if (--item.held.open === 0) this.heldBytes -= item.held.arrival.bytes;
		if (item.link !== null) this.unlink(item);
		move(item, end);
		this.leaveJob(item);
	}

	beforeStart(): null {
		return null;
	}

	private takeFirst(chain: Chain<Job>): Job {
		const job = chain.first?.value as Job;
		this.detach(job);
		return job;
	}

	private gather(chain: Chain<Item>, { mostEvents, mixesRequests }: Grouping): Item[] {
		const gathered: Item[] = [];
		const first = chain.first?.value;
		for (let item = first; item !== undefined; item = chain.first?.value) {
			if (!mixesRequests && item.held !== first?.held) break;
			if (!fits(item, gathered, mostEvents)) break;
			this.unlink(item);
			gathered.push(item);
		}
		return gathered;
	}

	private unlink(item: Item): void {
		if (item.link === null) return;
		(item.event === null || item.state === 'givenUp' ? this.deadLetters : this.events).remove(item.link);
		item.link = null;
	}

	private leaveJob(item: Item): void {
		const { job } = item;
		if (job === null) return;
		item.job = null;
		job.open--;
		// A step of a search stays: its end brings the next one.
		if (job.open === 0 && job.bisection === null) this.detach(job);
	}

	private detach(job: Job): void {
		const { state } = job;
		job.state = { kind: 'detached' };
		switch (state.kind) {
			case 'ready':
				(job.kind === 'events' ? this.ready : this.readyLetters).remove(state.link);
				return;
			case 'scheduled':
				this.scheduled.remove(state.due);
				return;
			case 'paused':
				this.paused.remove(state.link);
				return;
			case 'detached':
		}
	}
}

/** Whether one more item may go along. What is kept together goes together, in a smaller execution or alone in a larger one. */
function fits(item: Item, gathered: readonly Item[], most: number): boolean {
	if (gathered.length === 0) return true;
	if (item.parcel === null) return gathered.length < most;
	return item.parcel === gathered.at(-1)?.parcel || gathered.length + item.parcel.size <= most;
}
