import type { OutgoingEvent } from './outgoingEvent';

/** Events that are sent in one request, and the body of that request. */
export interface Batch {
	readonly events: readonly OutgoingEvent[];
	/** JSON: `{ "events": [...] }`, with `redrive` next to it when an event comes from a dead letter. */
	readonly body: string;
}

/** n8n accepts bodies of 16 MiB. Half of that is safe for a server with a lower limit. */
export const MOST_BYTES = 8 * 1024 * 1024;

interface Gathered {
	readonly events: OutgoingEvent[];
	readonly texts: string[];
}

/** Combines events into requests, in order. An event that is too large alone gets its own request. */
export function gather(events: readonly OutgoingEvent[], maxEvents: number, maxBytes = MOST_BYTES): Batch[] {
	const batches: Gathered[] = [];
	let room = 0;
	for (const event of events) {
		const text = JSON.stringify(event.event);
		const bytes = Buffer.byteLength(text) + 1;
		const current = batches.at(-1);
		if (current !== undefined && current.events.length < maxEvents && bytes <= room) {
			current.events.push(event);
			current.texts.push(text);
			room -= bytes;
		} else {
			batches.push({ events: [event], texts: [text] });
			room = maxBytes - bytes;
		}
	}
	return batches.map((gathered) => ({ events: gathered.events, body: bodyOf(gathered) }));
}

function bodyOf({ events, texts }: Gathered): string {
	const redrives = events.map(({ redrive }) => redrive);
	const redrive = redrives.some((entry) => entry !== null) ? `,"redrive":${JSON.stringify(redrives)}` : '';
	return `{"events":[${texts.join(',')}]${redrive}}`;
}
