import { renamed } from './n8nKeys';

/** The field that is ours on an item: how it was delivered, and who sent it. */
const OURS = '_delivery';
/** What a sender's own field of that name is called instead. */
const SENDERS = 'sender_delivery';

/**
 * The event with a field `_delivery` that the sender itself put at its top level under the name
 * `sender_delivery`, with as many more underscores before it as it takes to be a name that the event has not.
 * So `_delivery` is ours or not there, whatever a sender writes, and nothing of an event is lost. Changes
 * nothing of the event; everything that is no object stays as it is.
 */
export function withoutForeignDelivery<T>(event: T): T {
	if (typeof event !== 'object' || event === null) return event;
	return renamed(event as Record<string, unknown>, OURS, SENDERS) as T;
}
