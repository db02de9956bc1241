import { ownMember } from '../../shared/json/jsonValue';

/** The event to search for, by one of its values. */
export interface EventSearch {
	readonly by: 'event_id' | 'request_id' | 'user_id';
	readonly value: string;
}

/** Whether an event matches. */
export function matchesSearch({ by, value }: EventSearch, event: unknown, requestId: string | null): boolean {
	if (by === 'request_id') return requestId === value;
	const own = ownMember(event, by);
	return own === value || (typeof own === 'number' && String(own) === value);
}
