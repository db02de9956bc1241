import { Chain } from './chain';
import { DueHeap } from './dueHeap';
import type { HeldRequest, Item } from './item';
import { Load } from './job';
import type { Grouping, Store } from './store';

/** Keeps everything in this process; it ends with it. */
export class MemoryStore implements Store {
	readonly isDurable = false;
	held = 0;
	heldBytes = 0;
	private readonly counter = { next: 0 };
	private readonly events = new Chain<Item>(this.counter);
	private readonly deadLetters = new Chain<Item>(this.counter);
	private readonly loads = new Chain<Load>(this.counter);
	private readonly later = new DueHeap<Load>();

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

	take(grouping: Grouping): Load | undefined {
		const event = this.events.first?.order ?? Number.POSITIVE_INFINITY;
		const deadLetter = this.deadLetters.first?.order ?? Number.POSITIVE_INFINITY;
		const load = this.loads.first?.order ?? Number.POSITIVE_INFINITY;
		if (load < event && load < deadLetter) return this.takeLoad();
		if (event < deadLetter) return new Load(this.newId(), 'events', this.gather(this.events, grouping));
		if (deadLetter === Number.POSITIVE_INFINITY) return undefined;
		// An execution for each dead letter would help nobody: they don't fail together like events.
		const letters = {
			...grouping,
			executionPer: grouping.executionPer === 'group' ? 'group' : 'request',
		} as const;
		return new Load(this.newId(), 'deadLetters', this.gather(this.deadLetters, letters));
	}

	requeue(load: Load): void {
		load.place = { ready: this.loads.append(load) };
	}

	postpone(load: Load, dueAtMs: number): void {
		load.place = { later: this.later.add(load, dueAtMs) };
	}

	ripen(nowMs: number): void {
		for (let load = this.later.takeDue(nowMs); load !== undefined; load = this.later.takeDue(nowMs)) {
			this.requeue(load);
		}
	}

	bury(item: Item): void {
		this.leaveLoad(item);
		item.link = this.deadLetters.append(item);
	}

	settle(item: Item): void {
		item.isSettled = true;
		this.held--;
		if (--item.held.open === 0) this.heldBytes -= item.held.arrival.bytes;
		if (item.link !== null) this.unlink(item);
		this.leaveLoad(item);
	}

	beforeStart(): null {
		return null;
	}

	private takeLoad(): Load {
		const load = this.loads.first?.value as Load;
		this.displace(load);
		return load;
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

	private leaveLoad(item: Item): void {
		const { load } = item;
		if (load === null) return;
		item.load = null;
		load.open--;
		// One with a counterpart stays: it is still to say what becomes of that.
		if (load.open === 0 && load.counterpart === null) this.displace(load);
	}

	private displace(load: Load): void {
		if (load.place === null) return;
		if ('ready' in load.place) this.loads.remove(load.place.ready);
		else this.later.remove(load.place.later);
		load.place = null;
	}
}

/** Whether one more item may go along. What is kept together goes together, in a smaller execution or alone in a larger one. */
function fits(item: Item, gathered: readonly Item[], most: number): boolean {
	if (gathered.length === 0) return true;
	if (item.parcel === null) return gathered.length < most;
	return item.parcel === gathered.at(-1)?.parcel || gathered.length + item.parcel.size <= most;
}
