import type { Redrive } from '../../shared/rejectedEvent';

/** An event to send to a webhook. */
export interface OutgoingEvent {
	/** Its fields, as they are sent. */
	readonly event: Readonly<Record<string, unknown>>;
	/** The input item it comes from. */
	readonly itemIndex: number;
	/** Set for an event that comes from a dead letter. */
	readonly redrive: Redrive | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The part of an event that is sent. `_delivery`, which the trigger adds to its items, does not belong to the
 * event: it describes an earlier delivery and its sender.
 */
export function withoutDelivery(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const fields = { ...event };
	delete fields._delivery;
	return fields;
}

/**
 * The events of an input item: the item itself, or the list `events` that the trigger outputs with *Keep
 * Together*. Empty if that list is empty.
 * @throws TypeError when an entry of the list is no event.
 */
export function eventsOfItem(
	json: Readonly<Record<string, unknown>>,
): ReadonlyArray<Readonly<Record<string, unknown>>> {
	const list = json.event_type === undefined && Array.isArray(json.events) ? json.events : [json];
	return list.map((event: unknown) => {
		if (!isObject(event))
			throw new TypeError('An event is an object with an "event_type"; this list holds something else.');
		return withoutDelivery(event);
	});
}

/** The event with an id: its own or a new one, so that a repeat is recognised. */
export function withEventId(
	event: Readonly<Record<string, unknown>>,
	newId: () => string,
): Readonly<Record<string, unknown>> {
	return event.event_id === undefined ? { ...event, event_id: newId() } : event;
}
