import { readEvents } from '../../shared/events/events';
import type { Source } from '../../shared/events/source';
import { type ExecutionUrl, deadLetterItem } from '../../shared/items/deadLetterItem';
import { shownDelivery } from '../../shared/items/delivery';
import { keptFromN8n } from '../../shared/items/n8nKeys';
import { withoutForeignDelivery } from '../../shared/items/senderDelivery';
import { deliveryInfo } from './deliveryInfo';
import type { Payload } from './payload';

/** The JSON of the items, by output. */
export interface OutputItems {
	readonly events: Array<Record<string, unknown>>;
	readonly deadLetters: Array<Record<string, unknown>>;
}

function eventItems(payload: Payload, read: ReadSource): Array<Record<string, unknown>> {
	const items: Array<Record<string, unknown>> = [];
	for (const request of payload.requests) {
		const events = (read(request.source) as Array<Record<string, unknown>>).map(withoutForeignDelivery);
		if (payload.batches === 'keep') {
			const kept: Record<string, unknown> = { events: request.places.map((place) => events[place]) };
			if (payload.includeDelivery) {
				const index = request.batchSize === 1 ? 0 : null;
				const redrive = index === 0 ? request.redrives?.[0] : null;
				kept._delivery = shownDelivery(deliveryInfo(payload, request, index, redrive), payload.isTest);
			}
			items.push(kept);
			continue;
		}
		for (const [at, place] of request.places.entries()) {
			const event = keptFromN8n(events[place] as Record<string, unknown>);
			if (!payload.includeDelivery) {
				items.push(event);
				continue;
			}
			const index = request.indexes[at] ?? 0;
			const info = deliveryInfo(payload, request, index, request.redrives?.[at]);
			items.push({ ...event, _delivery: shownDelivery(info, payload.isTest) });
		}
	}
	return items;
}

/** Returns the events of a source, for code that makes items of them. */
export type ReadSource = (source: Source) => readonly unknown[];

/**
 * Converts a payload into the items of the outputs. The events are parsed here, so each attempt has its own
 * objects.
 */
export function itemsOf(
	payload: Payload,
	executionUrl: ExecutionUrl,
	read: ReadSource = readEvents,
): OutputItems {
	return {
		events: eventItems(payload, read),
		deadLetters: payload.deadLetters.map((deadLetter) => deadLetterItem(deadLetter, payload, executionUrl)),
	};
}
