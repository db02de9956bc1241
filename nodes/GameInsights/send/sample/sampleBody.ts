import amplitude from '../../../GameInsightsWebhook/intake/formats/fixtures/amplitude.json';
import cloudEvents from '../../../GameInsightsWebhook/intake/formats/fixtures/cloudEvents.json';
import gameAnalytics from '../../../GameInsightsWebhook/intake/formats/fixtures/gameAnalytics.json';
import googleAnalytics4 from '../../../GameInsightsWebhook/intake/formats/fixtures/googleAnalytics4.json';
import mixpanel from '../../../GameInsightsWebhook/intake/formats/fixtures/mixpanel.json';
import photon from '../../../GameInsightsWebhook/intake/formats/fixtures/photon.json';
import playFab from '../../../GameInsightsWebhook/intake/formats/fixtures/playFab.json';
import postHog from '../../../GameInsightsWebhook/intake/formats/fixtures/postHog.json';
import rudderStack from '../../../GameInsightsWebhook/intake/formats/fixtures/rudderStack.json';
import segment from '../../../GameInsightsWebhook/intake/formats/fixtures/segment.json';
import unityAnalytics from '../../../GameInsightsWebhook/intake/formats/fixtures/unityAnalytics.json';
import { FORMATS } from '../../../GameInsightsWebhook/intake/formats/formats';
import type { PRESETS } from '../../../GameInsightsWebhook/intake/formats/presets';
import { isJsonObject } from '../../../shared/json/jsonValue';
import { rfc3339 } from '../../../shared/rfc3339';

/** The requests that the formats are tested with: the first of each is a body of JSON as its senders write it. */
const FIXTURES: Readonly<Record<keyof typeof PRESETS, ReadonlyArray<{ readonly body?: unknown }>>> = {
	...{ amplitude, cloudEvents, gameAnalytics, googleAnalytics4, mixpanel, photon },
	...{ playFab, postHog, rudderStack, segment, unityAnalytics },
};

/** What no format takes for an event: it has no type. */
const NO_EVENT = { sample: 'not valid: this event has no type, so it leaves on Dead Letter' };

/** What a sample is made with. */
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

/** A request of the events, and of one that is not valid, if wanted. */
export const bodyOfEvents = (events: readonly unknown[], withDeadLetter: boolean): object => ({
	events: withDeadLetter ? [...events, NO_EVENT] : events,
});

/**
 * A request as a sender of the format makes it, its events with ids of their own.
 * @param withDeadLetter whether an event that is not valid goes along, where the body is or has a list
 * @returns undefined for a format that is not known
 */
export function sampleOfFormat(name: string, withDeadLetter: boolean, { newId }: SampleOccasion): unknown {
	const format = FORMATS.get(name);
	const [fixture] = FIXTURES[name as keyof typeof PRESETS] ?? [];
	if (format === undefined || fixture === undefined) return undefined;
	const body = structuredClone(fixture.body);
	const [list = ''] = format.events;
	const events = list === '' ? body : isJsonObject(body) ? body[list] : undefined;
	const [idPath] = format.fields.eventId;
	for (const event of Array.isArray(events) ? (events as unknown[]) : [events]) {
		if (typeof idPath === 'string' && isJsonObject(event) && typeof event[idPath] === 'string') {
			(event as Record<string, unknown>)[idPath] = newId();
		}
	}
	if (withDeadLetter && Array.isArray(events)) events.push(NO_EVENT);
	return body;
}
