import { ownMember, quote } from '../../../shared/json/jsonValue';
import type { FaultyEvent } from './errorLimit';

/**
 * One sentence about an event that was not accepted, for a person in a chat:
 * `Event 3 of 10 ("purchase") was not accepted: …`. Tells the first fault, and how many more there are.
 *
 * @param event What stood at the place; `undefined` when that could not be read.
 * @param size How many events the request holds.
 */
export function summarise({ index, faults }: FaultyEvent, event: unknown, size: number): string {
	const place = size === 1 || index === null ? 'The event' : `Event ${index + 1} of ${size}`;
	const type = ownMember(event, 'event_type');
	const label = typeof type === 'string' && type.trim() !== '' ? ` (${quote(type)})` : '';
	const others =
		faults.length > 1 ? ` (and ${faults.length - 1} more ${faults.length === 2 ? 'fault' : 'faults'})` : '';
	return `${place}${label} was not accepted: ${asContinuation(faults[0]?.message ?? '')}${others}.`;
}

/** One sentence about a body that could not be read, for a person in a chat. */
export function summariseUnreadable(message: string): string {
	return `A request could not be read: ${asContinuation(message)}.`;
}

/** A message goes on after a colon, so "The" loses its capital. */
const asContinuation = (message: string): string => message.replace(/^The /, 'the ');
