import { ownMember, quote } from '../../../shared/json/jsonValue';
import type { FaultyEvent } from './errorLimit';

/**
 * One sentence for a chat message about an event that was not accepted:
 * `Event 3 of 10 ("purchase") was not accepted: …`. It contains the first fault, and the number of further
 * ones.
 *
 * @param event The value at this position; `undefined` when it could not be read.
 * @param size How many events the request contains.
 */
export function summarise({ index, faults }: FaultyEvent, event: unknown, size: number): string {
	const place = size === 1 || index === null ? 'The event' : `Event ${index + 1} of ${size}`;
	const type = ownMember(event, 'event_type');
	const label = typeof type === 'string' && type.trim() !== '' ? ` (${quote(type)})` : '';
	const others =
		faults.length > 1 ? ` (and ${faults.length - 1} more ${faults.length === 2 ? 'fault' : 'faults'})` : '';
	return `${place}${label} was not accepted: ${asContinuation(faults[0]?.message ?? '')}${others}.`;
}

/** One sentence for a chat message about a body that could not be read. */
export function summariseUnreadable(message: string): string {
	return `A request could not be read: ${asContinuation(message)}.`;
}

/** After a colon the message continues in lower case. */
const asContinuation = (message: string): string => message.replace(/^The /, 'the ');
