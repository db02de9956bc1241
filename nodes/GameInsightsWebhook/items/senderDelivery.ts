/** The field that is ours on an item: how it was delivered, and who sent it. */
const OURS = '_delivery';
/** What a sender's own field of that name is called instead. */
const SENDERS = 'sender_delivery';

type Fields = Record<string, unknown>;

/**
 * Renames a field `_delivery` that the sender itself put at an event's top level to `sender_delivery`, with
 * as many more underscores before it as it takes to be a name that the event has not. So `_delivery` is ours
 * or not there, whatever a sender writes, and nothing of an event is lost. Changes the event; everything that
 * is no object stays as it is.
 */
export function withoutForeignDelivery<T>(event: T): T {
	if (typeof event !== 'object' || event === null || !Object.hasOwn(event, OURS)) return event;
	const fields = event as Fields;
	let name = SENDERS;
	while (Object.hasOwn(fields, name)) name = `_${name}`;
	fields[name] = fields[OURS];
	delete fields[OURS];
	return event;
}
