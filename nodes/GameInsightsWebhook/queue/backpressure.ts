import type { PendingEvent } from './arrival';
import type { DeliverySettings } from './deliverySettings';
import { groupingOf } from './grouping';

/** Bodies of all requests with open events may be this large together. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
/** Which part of the events that may wait may have one value of `orderBy`. */
const MOST_OF_ONE_VALUE = 0.5;

/** What one request would add to the queue. */
export interface Demand {
	/** New ones; what is only joined takes no room. */
	readonly events: number;
	readonly deadLetters: number;
	readonly bytes: number;
	readonly order: OrderDemand;
	/** Items of other requests whose beginning, or end, it would wait for. */
	readonly awaited: number;
}

/** What `orderBy` makes of the new events of a request. */
export interface OrderDemand {
	/** How many wait for events that are in the queue already. */
	readonly behind: number;
	/** How many of the others come after one of this request. */
	readonly following: number;
	/** The most that one value would have in the queue, among those that have some there already. */
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

/** What the queue has on its hands at this moment. */
export interface Occupancy {
	/** Events and dead letters that wait for a slot or for their retry. */
	readonly waiting: number;
	readonly heldBytes: number;
	/** How often requests wait for items of other requests. */
	readonly joins: number;
	/** How many executions may be started now. */
	readonly freeSlots: number;
}

/** Whether a request may come in, as a whole. A queue in which nothing waits takes any number of items. */
export function hasRoom(demand: Demand, queue: Occupancy, settings: DeliverySettings): boolean {
	const most = settings.maxPendingEvents;
	if (demand.awaited > 0 && queue.joins > 0 && queue.joins + demand.awaited > most) return false;
	const items = demand.events + demand.deadLetters;
	if (items === 0) return true;
	// Events of one value wait for each other: they leave room for those that need not.
	const isCrowd = demand.order.mostOfOne > Math.max(2, most * MOST_OF_ONE_VALUE);
	if (queue.waiting > 0 && isCrowd) return false;
	if (queue.heldBytes > 0 && queue.heldBytes + demand.bytes > MOST_HELD_BYTES) return false;
	const waiting = queue.waiting + items - startedAtOnce(demand, queue.freeSlots, settings);
	return queue.waiting === 0 || waiting <= most;
}

/** How many of a request's items would not wait at all. While a slot is free nothing else waits for one. */
function startedAtOnce(
	{ events: all, deadLetters, order: { behind, following } }: Demand,
	freeSlots: number,
	settings: DeliverySettings,
): number {
	if (freeSlots === 0) return 0;
	const events = all - behind;
	const { mostEvents, gathers } = groupingOf(settings);
	if (gathers) {
		// The first takes what there is. While that begins the rest gathers, unless it is a full group.
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
