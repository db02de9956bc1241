import { renamed } from './n8nKeys';

/** The field that this node adds to an item: how the event was delivered, and who sent it. */
const OURS = '_delivery';
/** The new name of a field of that name that the sender wrote. */
const SENDERS = 'sender_delivery';

/**
 * Renames a field `_delivery` that the sender wrote at the top level of the event. Its new name is
 * `sender_delivery`, with as many more underscores before it as needed to be unused. So `_delivery` always
 * comes from this node, whatever a sender writes, and no part of an event is lost. The event itself is not
 * changed. A value that is no object is returned unchanged.
 */
export function withoutForeignDelivery<T>(event: T): T {
	if (typeof event !== 'object' || event === null) return event;
	return renamed(event as Record<string, unknown>, OURS, SENDERS) as T;
}
