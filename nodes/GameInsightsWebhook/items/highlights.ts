import type { OutputItems } from './outputItems';
import type { Payload } from './payload';

/**
 * The longest value that n8n keeps in the highlighted data of an execution, in characters. For a longer one
 * it writes a line into its log.
 * https://docs.n8n.io/build/understand-workflows/understand-executions/customize-executions-data/
 */
const LONGEST = 255;
const AND_MORE = ', …';

/**
 * A list with each text once, in order, as many as fit. Control characters are left out, because PostgreSQL
 * accepts no text with a NUL.
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
 * The data that n8n's list of executions shows and searches, so that users can answer "what happened to
 * order-3?" there. n8n calls it highlighted data. n8n allows only letters and underscores in names. There are
 * few names, because n8n keeps ten, including those that the user sets. Empty values are left out.
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
