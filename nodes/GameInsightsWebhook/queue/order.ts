import { Chain } from './chain';
import type { Item } from './item';

/** The events with one value of `orderBy` that are not finished, in the order in which they came. */
interface Lane {
	readonly items: Chain<Item>;
	size: number;
}

/** Whether an event with this value and rank has to wait, because other processes have earlier ones. */
export type IsHeld = (orderKey: string, rank: number) => boolean;

/**
 * Keeps events with the same value of `orderBy` in order. Only the first event of a value that is neither
 * processed nor given up may be in an execution, together with the events right behind it. Events without a
 * value do not wait.
 */
export class Order {
	private readonly lanes = new Map<string, Lane>();
	private isHeld: IsHeld = () => false;

	/** @param onTurn called when an event has become the first of its value, or is the first when it joins */
	constructor(private readonly onTurn: (item: Item) => void) {}

	/** Adds the item behind all items that came before it, by its rank. */
	join(item: Item): void {
		const key = item.orderKey;
		if (key === null) return;
		let lane = this.lanes.get(key);
		if (lane === undefined) this.lanes.set(key, (lane = { items: new Chain<Item>(), size: 0 }));
		lane.size++;
		const { items } = lane;
		let next = (items.last?.value.rank ?? -Infinity) > item.rank ? items.first : null;
		while (next !== null && next.value.rank <= item.rank) next = next.next;
		item.turn = next === null ? items.append(item) : items.insert(item, next);
	}

	/** The item is finished. The next one with its value may start. */
	leave(item: Item): void {
		const { turn, orderKey: key } = item;
		const lane = key === null ? undefined : this.lanes.get(key);
		if (turn === null || key === null || lane === undefined) return;
		const wasFirst = lane.items.first === turn;
		lane.items.remove(turn);
		item.turn = null;
		if (--lane.size === 0) this.lanes.delete(key);
		else if (wasFirst) this.callFirst(key, lane);
	}

	/** Whether no earlier event with its value is unfinished. */
	isFirst(item: Item): boolean {
		const key = item.orderKey;
		return key === null || (this.lanes.get(key)?.items.first === item.turn && !this.isHeld(key, item.rank));
	}

	/**
	 * The items that may start together now, in order. An item needs all earlier items with its value to be
	 * finished or in the list.
	 */
	startable(items: readonly Item[]): readonly Item[] {
		const keys = new Set(items.flatMap(({ orderKey }) => orderKey ?? []));
		if (keys.size === 0) return items;
		const own = new Set(items);
		const free = new Set<Item>();
		for (const key of keys) {
			let next = this.lanes.get(key)?.items.first?.value ?? null;
			while (next !== null && own.has(next) && !this.isHeld(key, next.rank)) {
				free.add(next);
				next = this.behind(next);
			}
		}
		return items.filter((item) => item.orderKey === null || free.has(item));
	}

	/**
	 * The next item with the same value that is not finished. Null when there is none, or when it has to wait.
	 */
	behind({ turn, orderKey }: Item): Item | null {
		const next = turn?.next?.value ?? null;
		return next === null || this.isHeld(orderKey as string, next.rank) ? null : next;
	}

	/** How many events with this value are not finished. At least 1 while new ones have to wait. */
	ahead(key: string): number {
		return Math.max(this.lanes.get(key)?.size ?? 0, this.isHeld(key, Infinity) ? 1 : 0);
	}

	/** From now on these events have to wait. Events that no longer have to wait may start. */
	hold(isHeld: IsHeld): void {
		this.isHeld = isHeld;
		for (const [key, lane] of this.lanes) this.callFirst(key, lane);
	}

	/** All items that have a value, in no particular order. */
	*items(): Generator<Item> {
		for (const { items } of this.lanes.values())
			for (let link = items.first; link !== null; link = link.next) yield link.value;
	}

	private callFirst(key: string, { items }: Lane): void {
		const first = items.first?.value;
		if (first !== undefined && !this.isHeld(key, first.rank)) this.onTurn(first);
	}
}
