import type { DeliverySettings } from './deliverySettings';
import { groupingOf } from './grouping';

/** Bodies of all requests with open events may be this large together. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

/** What one request would add to the queue. */
export interface Demand {
	/** New ones; what is only joined takes no room. */
	readonly events: number;
	readonly deadLetters: number;
	readonly bytes: number;
	/** Items of other requests whose beginning, or end, it would wait for. */
	readonly awaited: number;
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
	if (queue.heldBytes > 0 && queue.heldBytes + demand.bytes > MOST_HELD_BYTES) return false;
	const waiting = queue.waiting + items - startedAtOnce(demand, queue.freeSlots, settings);
	return queue.waiting === 0 || waiting <= most;
}

/** How many of a request's items would not wait at all. While a slot is free nothing else waits for one. */
function startedAtOnce(
	{ events, deadLetters }: Demand,
	freeSlots: number,
	settings: DeliverySettings,
): number {
	if (freeSlots === 0) return 0;
	const { mostEvents, gathers } = groupingOf(settings);
	if (gathers) {
		// The first takes what there is. While that begins the rest gathers, unless it is a full group.
		const first = Math.min(events === 0 ? deadLetters : events, mostEvents);
		const fullGroups = Math.min(freeSlots - 1, Math.floor(Math.max(0, events - first) / mostEvents));
		return first + fullGroups * mostEvents;
	}
	const isOneByOne = mostEvents === 1;
	const startedEvents = isOneByOne ? Math.min(events, freeSlots) : events;
	const left = freeSlots - (isOneByOne ? startedEvents : Math.min(events, 1));
	return startedEvents + (left > 0 ? deadLetters : 0);
}
