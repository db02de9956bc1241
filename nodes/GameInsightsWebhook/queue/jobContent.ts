import { type Source, positionOf } from '../../shared/events/source';
import type { PendingEvent, JobContent } from './arrival';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { type DeliverySettings, maxAttempts } from './deliverySettings';
import { deadLetterOfGivenUp } from '../items/givenUpEvent';
import { grouped } from './grouped';
import { lastAttempt } from '../../shared/items/history';
import type { GivenUp, Item, Job } from './item';

/** The functions that making the content of a job depends on. */
export interface JobContentPorts {
	/** The JSON texts of the events at `indexes`. */
	eventTexts(source: Source, indexes: readonly number[]): readonly string[];
	readonly log: { error(message: string): void };
}

/**
 * What the job's next execution carries. A dead letter is sent without its event when the event can't be read
 * again.
 */
export function contentOf(job: Job, settings: DeliverySettings, ports: JobContentPorts): JobContent {
	if (job.kind === 'deadLetters') {
		return { kind: 'deadLetters', id: job.id, deadLetters: deadLettersOf(job.items, ports) };
	}
	const shared = (job.items[0] as Item).tried;
	const isMixed = job.items.some(({ tried }) => tried !== shared);
	return {
		kind: 'events',
		id: job.id,
		attempt: job.attempts,
		maxAttempts: Math.max(job.attempts, maxAttempts(settings) + job.excused),
		events: job.items.map((item) => item.event as PendingEvent),
		lastError: lastAttempt(shared.history),
		...(isMixed ? { tried: job.items.map(({ tried }) => tried) } : {}),
	};
}

function deadLettersOf(items: readonly Item[], ports: JobContentPorts): DeadLetter[] {
	const textOf = textsOf(items, ports);
	return items.map((item) => {
		if (item.deadLetter !== null) return item.deadLetter;
		return deadLetterOfGivenUp(item.event as PendingEvent, textOf.get(item) ?? null, item.givenUp as GivenUp);
	});
}

/** The texts of all events among the items. Each request's body is read only once. */
function textsOf(items: readonly Item[], ports: JobContentPorts): Map<Item, string> {
	const events = items.filter((item) => item.event !== null);
	const byRequest = grouped(events, ({ held }) => held);
	const textOf = new Map<Item, string>();
	for (const [{ arrival }, ofRequest] of byRequest) {
		const indexes = ofRequest.map((item) => positionOf(arrival, (item.event as PendingEvent).index));
		try {
			const texts = ports.eventTexts(arrival.source, indexes);
			for (const [place, item] of ofRequest.entries()) textOf.set(item, texts[place] as string);
		} catch (error) {
			// A dead letter without its event is better than a queue that stops.
			const reason = error instanceof Error ? error.message : String(error);
			ports.log.error(`The events of request ${arrival.requestId} could not be read again: ${reason}`);
		}
	}
	return textOf;
}
