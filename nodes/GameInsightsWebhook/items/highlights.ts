import type { OutputItems, Payload } from './payload';

/**
 * The longest value n8n keeps of an execution's highlighted data, in characters; it writes a line into its
 * log for a longer one.
 * https://docs.n8n.io/build/understand-workflows/understand-executions/customize-executions-data/
 */
const LONGEST = 255;
const AND_MORE = ', …';

/**
 * Each text once, in order, as many as fit. Control characters are left out: PostgreSQL takes no text with a
 * NUL.
 */
function listed(values: Iterable<unknown>): string {
	const seen = new Set<string>();
	let list = '';
	for (const value of values) {
		if (typeof value !== 'string') continue;
		const text = value.replace(/\p{Cc}/gu, '');
		if (text === '' || seen.has(text)) continue;
		seen.add(text);
		const longer = list === '' ? text : `${list}, ${text}`;
		if (longer.length > LONGEST - AND_MORE.length)
			return list === '' ? longer.slice(0, LONGEST) : `${list}${AND_MORE}`;
		list = longer;
	}
	return list;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The events in the items of both outputs. */
function eventsIn({ events, deadLetters }: OutputItems, batches: Payload['batches']): Json[] {
	const good = batches === 'keep' ? events.flatMap((item) => item.events as Json[]) : events;
	return [...good, ...deadLetters.map(({ event }) => event)].filter(isObject);
}

/**
 * What n8n's list of executions shows of one, so that "what happened to order-3?" can be answered there: n8n
 * calls it highlighted data. Names are letters and underscores, as n8n wants them; few, because n8n keeps
 * ten, the user's own among them. What there is nothing to say about is left out.
 */
export function highlightsOf(payload: Payload, items: OutputItems): Record<string, string> {
	const { requests, deadLetters } = payload;
	const events = eventsIn(items, payload.batches);
	const attempts = [
		...requests.map(({ attempt = payload.attempt }) => `${attempt} of ${payload.maxAttempts}`),
		...deadLetters.flatMap(({ attempts: { count, max } }) => (count === 0 ? [] : [`${count} of ${max}`])),
	];
	const highlights = {
		event_id: listed(events.map((event) => event.event_id)),
		event_types: listed(events.map((event) => event.event_type)),
		events: events.length > 1 ? String(events.length) : '',
		attempt: listed(attempts),
		request_id: listed([...requests.map(({ id }) => id), ...deadLetters.map((it) => it.delivery.request_id)]),
		reason: listed(deadLetters.map(({ reason }) => reason)),
	};
	return Object.fromEntries(Object.entries(highlights).filter(([, value]) => value !== ''));
}
