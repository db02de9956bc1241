import type { PendingEvent } from './arrival';
import type { DeliverySettings } from './deliverySettings';
import { groupingOf } from './grouping';

/** The largest total size, in bytes, of the bodies of all requests with open events. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
/** The largest share of the events that may wait which may have the same value of `orderBy`. */
const MOST_OF_ONE_VALUE = 0.5;

/** What one request would add to the queue. */
export interface Demand {
	/** New events. An event that is already in the queue takes no room. */
	readonly events: number;
	readonly deadLetters: number;
	readonly bytes: number;
	readonly order: OrderDemand;
	/** Items of other requests that it would wait for, until they begin or end. */
	readonly awaited: number;
}

/** How `orderBy` affects the new events of a request. */
export interface OrderDemand {
	/** How many have to wait for events that are already in the queue. */
	readonly behind: number;
	/** How many of the others come after another event of this request. */
	readonly following: number;
	/**
	 * The largest number of events that one value would have in the queue, among values that are already there.
	 */
	readonly mostOfOne: number;
}

/** @param ahead how many events with a value of `orderBy` are in the queue */
export function orderDemand(
	events: readonly PendingEvent[],
	ahead: (orderKey: string) => number,
): OrderDemand {
	const counts = new Map<string, { before: number; now: number }>();
	let behind = 0;
	let following = 0;
	let mostOfOne = 0;
	for (const { orderKey } of events) {
		if (orderKey === undefined) continue;
		const count = counts.get(orderKey) ?? { before: ahead(orderKey), now: 0 };
		if (count.before > 0) {
			behind++;
			mostOfOne = Math.max(mostOfOne, count.before + count.now + 1);
		} else if (count.now > 0) following++;
		counts.set(orderKey, { ...count, now: count.now + 1 });
	}
	return { behind, following, mostOfOne };
}

/** What the queue holds at this moment. */
export interface Occupancy {
	/** Events and dead letters that wait for a slot or for their retry. */
	readonly waiting: number;
	readonly heldBytes: number;
	/** How often requests wait for items of other requests. */
	readonly joins: number;
	/** How many executions may be started now. */
	readonly freeSlots: number;
}

/** Whether the whole request may be taken. A queue in which nothing waits takes any number of items. */
export function hasRoom(demand: Demand, queue: Occupancy, settings: DeliverySettings): boolean {
	const most = settings.maxPendingEvents;
	if (demand.awaited > 0 && queue.joins > 0 && queue.joins + demand.awaited > most) return false;
	const items = demand.events + demand.deadLetters;
	if (items === 0) return true;
	// Events with the same value wait for each other. They must leave room for events that need not wait.
	const isCrowd = demand.order.mostOfOne > Math.max(2, most * MOST_OF_ONE_VALUE);
	if (queue.waiting > 0 && isCrowd) return false;
	if (queue.heldBytes > 0 && queue.heldBytes + demand.bytes > MOST_HELD_BYTES) return false;
	const waiting = queue.waiting + items - startedAtOnce(demand, queue.freeSlots, settings);
	return queue.waiting === 0 || waiting <= most;
}

/** How many items of a request would not wait at all. While a slot is free, nothing else waits for one. */
function startedAtOnce(
	{ events: all, deadLetters, order: { behind, following } }: Demand,
	freeSlots: number,
	settings: DeliverySettings,
): number {
	if (freeSlots === 0) return 0;
	const events = all - behind;
	const { mostEvents, gathers } = groupingOf(settings);
	if (gathers) {
		// The first execution takes what there is. While it begins, the rest is collected, unless it is a full
		// group.
		const first = Math.min(events === 0 ? deadLetters : events, mostEvents);
		const otherSlots = following > 0 ? 0 : freeSlots - 1;
		const fullGroups = Math.min(otherSlots, Math.floor(Math.max(0, events - first) / mostEvents));
		return first + fullGroups * mostEvents;
	}
	const isOneByOne = mostEvents === 1;
	const startedEvents = isOneByOne ? Math.min(events - following, freeSlots) : events;
	const left = freeSlots - (isOneByOne ? startedEvents : Math.min(events, 1));
	return startedEvents + (left > 0 ? deadLetters : 0);
}
