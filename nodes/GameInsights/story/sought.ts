import { ownMember } from '../../GameInsightsWebhook/intake/jsonValue';

/** What is known of the event whose story is asked for. */
export interface Sought {
	readonly by: 'event_id' | 'request_id' | 'user_id';
	readonly value: string;
}

/** Whether an event is meant. */
export function isSought({ by, value }: Sought, event: unknown, requestId: string | null): boolean {
	if (by === 'request_id') return requestId === value;
	const own = ownMember(event, by);
	return own === value || (typeof own === 'number' && String(own) === value);
}
