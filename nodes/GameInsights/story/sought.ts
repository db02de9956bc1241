import { ownMember } from '../../shared/json/jsonValue';

/** The event to search for, by one of its values. */
export interface Sought {
	readonly by: 'event_id' | 'request_id' | 'user_id';
	readonly value: string;
}

/** Whether an event matches. */
export function isSought({ by, value }: Sought, event: unknown, requestId: string | null): boolean {
	if (by === 'request_id') return requestId === value;
	const own = ownMember(event, by);
	return own === value || (typeof own === 'number' && String(own) === value);
}
