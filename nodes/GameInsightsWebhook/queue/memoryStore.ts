import { Chain } from './chain';
import { type Grouping, groupingOfDeadLetters } from './grouping';
import { type HeldRequest, type Item, Job } from './item';
import { type IsHeld, Order } from './order';
import type { Startable, Store } from './store';
import { type EndState, move } from './transitions';
import { WaitingJobs } from './waitingJobs';

/** Keeps everything in the memory of this process. It is lost when the process ends. */
export class MemoryStore implements Store {
	readonly items = new Set<Item>();
	heldBytes = 0;
	readonly requests = new Set<HeldRequest>();
	private readonly counter = { next: 0 };
	private readonly events = new Chain<Item>(this.counter);
	private readonly deadLetters = new Chain<Item>(this.counter);
	private readonly jobs = new WaitingJobs(this.counter);
	private readonly order = new Order((item) => this.itsTurn(item));
	private nextRank = 0;

	constructor(
		private readonly newId: () => string,
		/** Whether events are kept elsewhere. Then new ones need not be executed in an outage. */
		readonly isDurable = false,
	) {}

	/** Nothing would come back from here: the items are not kept after the queue lets go of them. */
	readonly followsSleep = false;
	readonly sleeping = 0;

	get nextDueAtMs(): number {
		return this.jobs.nextDueAtMs;
	}

	ahead(orderKey: string): number {
		return this.order.ahead(orderKey);
	}

	/** From now on these events wait, because other processes have earlier events with the same values. */
	holdBack(isHeld: IsHeld): void {
		this.order.hold(isHeld);
	}

	/** Whether these events may start together as soon as there is a slot. */
	mayGo(items: readonly Item[]): boolean {
		return this.order.startable(items).length === items.length;
	}

	add(held: HeldRequest, items: readonly Item[]): void {
		this.count(held, items);
		this.enqueue(items);
	}

	addNotice(held: HeldRequest, notice: Item): void {
		this.add(held, [notice]);
	}

	/**
	 * Counts the items as held, without adding them to a waiting list.
	 * @param rank for items that came before all items that this process has taken: below 0; an earlier item
	 * has a lower rank
	 */
	count(held: HeldRequest, items: readonly Item[], rank?: number): void {
		if (items.length === 0) return;
		for (const item of items) {
			item.rank = rank ?? this.nextRank++;
			this.order.join(item);
			this.items.add(item);
		}
		if (held.open === 0) {
			this.heldBytes += held.arrival.bytes;
			this.requests.add(held);
		}
		held.open += items.length;
	}

	enqueue(items: readonly Item[]): void {
		for (const item of items) {
			item.isEnqueued = true;
			if (item.event === null) item.link = this.deadLetters.append(item);
			else if (this.order.isFirst(item)) item.link = this.events.append(item);
		}
	}

	take(grouping: Grouping, startable: Startable): Job | undefined {
		const event = startable === 'deadLetters' ? Infinity : this.events.firstOrder;
		const job = startable === 'everything' ? this.jobs.firstOrder('events') : Infinity;
		const deadLetter = this.deadLetters.firstOrder;
		const letterJob = this.jobs.firstOrder('deadLetters');
		switch (Math.min(event, job, deadLetter, letterJob)) {
			case Infinity:
				return undefined;
			case job:
				return this.takeReady() ?? this.take(grouping, startable);
			case letterJob:
				return this.jobs.takeFirst('deadLetters');
			case event:
				return new Job(this.newId(), 'events', this.gather(this.events, grouping));
			default: {
				const letters = this.gather(this.deadLetters, groupingOfDeadLetters(grouping));
				return new Job(this.newId(), 'deadLetters', letters);
			}
		}
	}

	requeue(job: Job): void {
		this.jobs.requeue(job);
	}

	postpone(job: Job, dueAtMs: number): void {
		this.jobs.postpone(job, dueAtMs);
	}

	requeueDue(elapsedMs: number): void {
		this.jobs.requeueDue(elapsedMs);
	}

	recordOutage(): void {
		// This process remembers the outage itself, for as long as it matters here.
	}

	pause(): void {
		this.jobs.holdAll();
	}

	hold(job: Job): void {
		this.jobs.hold(job);
	}

	get hasProbe(): boolean {
		return this.jobs.hasHeld || (this.isDurable && this.events.first !== null);
	}

	takeProbe(): Job | undefined {
		const fresh = this.isDurable ? this.events.first?.value : undefined;
		if (fresh !== undefined) {
			this.unlink(fresh);
			return new Job(this.newId(), 'events', [fresh]);
		}
		for (const job of this.jobs.held()) {
			const items = job.openItems;
			// All items of a step of a search may be settled. The search goes on when the step ends.
			if (items.length === 0) {
				this.jobs.remove(job);
				return job;
			}
			const [first] = this.order.startable(items);
			if (first === undefined) continue;
			const others = items.filter((item) => item !== first);
			this.jobs.remove(job);
			if (others.length === 0) return job;
			this.hold(job.part(this.newId(), others));
			const probe = job.part(this.newId(), [first]);
			// Its outcome tells nothing about the part of the search that it was in.
			probe.bisection = null;
			return probe;
		}
		return undefined;
	}

	resume(): void {
		const jobs: Array<{ job: Job; receivedMs: number }> = [];
		for (const job of this.jobs.takeHeld()) {
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
		// Jobs that waited during the outage came before those that arrived in it.
		jobs.sort((one, other) => one.receivedMs - other.receivedMs);
		for (const { job } of jobs) this.requeue(job);
		this.enqueue(fresh);
	}

	heldEvents(): Item[] {
		const held: Item[] = [];
		for (const { openItems, bisection } of this.jobs.held()) {
			held.push(...openItems, ...(bisection?.rest ?? []));
		}
		for (let link = this.events.first; link !== null; link = link.next) held.push(link.value);
		for (const item of this.order.items()) if (waitsForTurn(item)) held.push(item);
		return held;
	}

	giveUp(item: Item): void {
		if (item.link !== null) this.unlink(item);
		this.leaveJob(item);
		move(item, 'givenUp');
		item.link = this.deadLetters.append(item);
		this.order.leave(item);
	}

	settle(item: Item, end: EndState): void {
		this.items.delete(item);
		if (--item.held.open === 0) {
			this.heldBytes -= item.held.arrival.bytes;
			this.requests.delete(item.held);
		}
		if (item.link !== null) this.unlink(item);
		move(item, end);
		this.leaveJob(item);
		this.order.leave(item);
	}

	sleep(items: readonly Item[]): void {
		for (const item of items) this.settle(item, 'asleep');
	}

	beforeStart(): null {
		return null;
	}

	/** The first job that waits for a slot, or the part of it that may start now. */
	private takeReady(): Job | undefined {
		const job = this.jobs.takeFirst('events');
		const items = job.openItems;
		if (this.mayGo(items)) return job;
		// A search keeps its own order. If an event came in between, the search begins again.
		const whole = job.bisection === null ? job : job.bisection.remainderWith(job);
		const free = new Set(this.order.startable(whole.openItems));
		const others = whole.openItems.filter((item) => !free.has(item));
		const waiting = whole.part(this.newId(), others);
		this.jobs.block(waiting);
		return free.size === 0 ? undefined : whole.part(this.newId(), [...free]);
	}

	/** An event is now the first one with its value of `orderBy`. */
	private itsTurn(item: Item): void {
		if (item.job?.state.kind === 'blocked') {
			const { job } = item;
			this.jobs.remove(job);
			this.requeue(job);
		} else if (waitsForTurn(item)) item.link = this.events.append(item);
	}

	private gather(chain: Chain<Item>, { mostEvents, mixesRequests }: Grouping): Item[] {
		const gathered: Item[] = [];
		const first = chain.first?.value;
		const mayJoin = (item: Item): boolean =>
			(mixesRequests || item.held === first?.held) && fits(item, gathered, mostEvents);
		let isInOrder = true;
		for (let item = first; item !== undefined && mayJoin(item); item = chain.first?.value) {
			this.unlink(item);
			isInOrder &&= item.rank > (gathered.at(-1)?.rank ?? -Infinity);
			gathered.push(item);
			// Events right behind it may start with it.
			let next = this.order.behind(item);
			while (next !== null && waitsForTurn(next) && mayJoin(next)) {
				gathered.push(next);
				isInOrder = false;
				next = this.order.behind(next);
			}
		}
		return isInOrder ? gathered : gathered.sort((one, other) => one.rank - other.rank);
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
		// A step of a search stays: the search goes on when the step ends.
		if (job.open === 0 && job.bisection === null) this.jobs.remove(job);
	}
}

/** Whether an event only waits for earlier events with its value of `orderBy`. */
const waitsForTurn = ({ isEnqueued, job, link }: Item): boolean =>
	isEnqueued && job === null && link === null;

/**
 * Whether one more item may join. Items that are stored together start together: in a smaller execution, or
 * alone in a larger one.
 */
function fits(item: Item, gathered: readonly Item[], most: number): boolean {
	if (gathered.length === 0) return true;
	if (item.parcel === null) return gathered.length < most;
	return item.parcel === gathered.at(-1)?.parcel || gathered.length + item.parcel.size <= most;
}
