import type { OutgoingEvent } from './outgoingEvent';

/** Events that go out in one request, and its body. */
export interface Batch {
	readonly events: readonly OutgoingEvent[];
	/** JSON: `{ "events": [...] }`, with `redrive` beside it where an event comes out of a dead letter. */
	readonly body: string;
}

/** n8n takes bodies of 16 MiB; half of that leaves room for a server that takes less. */
export const MOST_BYTES = 8 * 1024 * 1024;

interface Gathered {
	readonly events: OutgoingEvent[];
	readonly texts: string[];
}

/** Gathers events into requests, in their order. An event that is too large by itself goes alone. */
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
