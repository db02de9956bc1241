import { visible } from '../harmless';

/** The longest text in a column that is only there to be read. */
const LONGEST_SHOWN = 500;
/** How many event types are named for a row of many events. */
const MOST_NAMED = 3;

/** A text for a column that is only there to be read. */
export const shown = (text: string): string =>
	text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;

/** A name as the columns `event_type` and `user_id` show it. */
export const shownLabel = (text: string): string => visible(shown(text));

/**
 * The event types and the user that a row shows for its events. Texts are unchanged, so that users can search
 * for them in the table. Only invisible characters are replaced.
 */
export function labelsOf(events: readonly unknown[]): { event_type: string; user_id: string } {
	const types = new Map<string, number>();
	const users = new Set<string>();
	for (const event of events) {
		const { event_type: type, user_id: user } = (event ?? {}) as { event_type?: unknown; user_id?: unknown };
		if (typeof type === 'string') types.set(type, (types.get(type) ?? 0) + 1);
		if (typeof user === 'string') users.add(user);
	}
	const names = [...types]
		.sort((one, other) => other[1] - one[1])
		.slice(0, MOST_NAMED)
		.map(([type, count]) => (events.length === 1 ? type : `${type} × ${count}`));
	const [user = ''] = users;
	return {
		event_type: shownLabel(names.join(', ') + (types.size > MOST_NAMED ? ', …' : '')),
		user_id: shownLabel(users.size > 1 ? `${users.size} users` : user),
	};
}
