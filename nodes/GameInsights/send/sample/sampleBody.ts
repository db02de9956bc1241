import { FORMATS } from '../../../shared/formats/formats';
import { keysOf } from '../../../shared/formats/format';
import { isJsonObject } from '../../../shared/json/jsonValue';
import { rfc3339 } from '../../../shared/rfc3339';
import { at } from '../../../shared/senders/at';

/** An object that is no valid event in any format: it has no type. */
const NO_EVENT = { sample: 'not valid: this event has no type, so it leaves on Dead Letter' };

/** The values that a sample needs. */
export interface SampleOccasion {
	readonly nowMs: number;
	readonly newId: () => string;
}

/** One event in the format of Game Insights. */
export const ownSample = ({ nowMs, newId }: SampleOccasion): Record<string, unknown> => ({
	event_type: 'purchase',
	event_id: newId(),
	user_id: 'player-1',
	timestamp: rfc3339(nowMs),
	properties: { item: 'sword', amount: 9.99, currency: 'EUR' },
});

/** A request with the events, and with an invalid one if wanted. */
export const bodyOfEvents = (events: readonly unknown[], withDeadLetter: boolean): object => ({
	events: withDeadLetter ? [...events, NO_EVENT] : events,
});

/**
 * A request in the form of a format's senders, with new ids for its events.
 * @param withDeadLetter whether to add an invalid event, when the body is or has a list
 * @returns undefined for an unknown format
 */
export function sampleOfFormat(name: string, withDeadLetter: boolean, { newId }: SampleOccasion): unknown {
	const format = FORMATS.get(name);
	if (format === undefined) return undefined;
	const body: unknown = structuredClone(format.example.sent);
	const [list = ''] = format.events;
	const events = at(body, ...(keysOf(list) ?? [])) ?? body;
	const [idPath] = format.fields.eventId;
	const keys = typeof idPath === 'string' ? (keysOf(idPath) ?? []) : [];
	for (const event of Array.isArray(events) ? (events as unknown[]) : [events]) {
		const holder = at(event, ...keys.slice(0, -1));
		const key = keys.at(-1);
		if (key !== undefined && isJsonObject(holder)) (holder as Record<string, unknown>)[key] = newId();
	}
	if (withDeadLetter && Array.isArray(events)) events.push(NO_EVENT);
	return body;
}
