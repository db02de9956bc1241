import type { Settings } from '../panel/settings';
import type { AcceptedEvent, Receipt } from '../intake/receipt';
import type { Redrive } from '../../shared/rejectedEvent';
import { pick } from '../../shared/events/events';
import { type Source, positionOf } from '../../shared/events/source';
import type { Arrival, JobContent, PendingEvent } from '../queue/arrival';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { type FailedAttempt, type Tried, lastAttempt } from '../../shared/items/history';
import { grouped } from '../queue/grouped';
import { rfc3339 } from '../../shared/rfc3339';

/** The events of one request inside a payload. */
export interface PayloadRequest {
	readonly id: string;
	/** RFC 3339. */
	readonly receivedAt: string;
	readonly endpoint: string;
	readonly sender: Arrival['sender'];
	/** How many events the request held. */
	readonly batchSize: number;
	readonly source: Source;
	/** The indexes of the events in `source`. */
	readonly places: readonly number[];
	/** The indexes of the events in the request, one for each of `places`. */
	readonly indexes: readonly number[];
	/**
	 * One entry for each of `places`. Null for an event that was not sent again. Left out when that is so for
	 * all.
	 */
	readonly redrives?: ReadonlyArray<Redrive | null>;
	/** Only set when the events of the payload had different numbers of attempts. */
	readonly attempt?: number;
	readonly lastError?: FailedAttempt | null;
}

/**
 * The input of one execution: the single item that `webhook()` or the queue passes to n8n, and that
 * `execute()` converts into the items of the three outputs. It is plain JSON, because n8n stores it and may
 * run it in another process.
 */
export interface Payload {
	/**
	 * The id of the queue's job. Null when the request was passed to n8n directly, without a queue that could
	 * retry it.
	 */
	readonly job: string | null;
	/**
	 * Set for a test event. Its item says so, and shows how often it would be tried in a published workflow.
	 */
	readonly isTest?: boolean;
	readonly attempt: number;
	readonly maxAttempts: number;
	readonly batches: Settings['batches'];
	readonly includeDelivery: boolean;
	readonly lastError: FailedAttempt | null;
	readonly requests: readonly PayloadRequest[];
	readonly deadLetters: readonly DeadLetter[];
}

/** The settings of the node that a payload contains. */
export type PayloadSettings = Pick<Settings, 'batches' | 'includeDelivery'>;

/**
 * Converts a received request into an arrival for the queue.
 * @param view left out where the events have to be parsed again by the code that reads them
 */
export function arrivalOf(
	receipt: Receipt,
	endpoint: string,
	deadLetters: readonly DeadLetter[],
	view?: Arrival['view'],
): Arrival {
	return {
		requestId: receipt.request.requestId,
		receivedAtMs: receipt.request.receivedAtMs,
		endpoint,
		sender: receipt.sender,
		source: receipt.source,
		...(view === undefined ? {} : { view }),
		batchSize: receipt.received,
		bytes: receipt.request.body.length,
		events: receipt.accepted,
		deadLetters,
		...(receipt.replayableForMs === undefined ? {} : { replayableForMs: receipt.replayableForMs }),
		senderWaitsMs: receipt.senderWaitsMs,
	};
}

/**
 * The events of one request, with little text: if at least half of the request is wanted, its whole text is
 * used; otherwise only the texts of the wanted events.
 */
function payloadRequest(arrival: Arrival, events: readonly AcceptedEvent[]): PayloadRequest {
	const indexes = events.map((event) => event.index);
	const isWhole = indexes.length * 2 >= (arrival.sourceIndexes ?? { length: arrival.batchSize }).length;
	const places = indexes.map((index) => positionOf(arrival, index));
	return {
		id: arrival.requestId,
		receivedAt: rfc3339(arrival.receivedAtMs),
		endpoint: arrival.endpoint,
		sender: arrival.sender,
		batchSize: arrival.batchSize,
		source: isWhole ? arrival.source : pick(arrival.source, places),
		places: isWhole ? places : indexes.map((_, place) => place),
		indexes,
		...(events.some((event) => event.redrive)
			? { redrives: events.map((event) => event.redrive ?? null) }
			: {}),
	};
}

function byRequest({ events, tried }: JobContent & { kind: 'events' }): PayloadRequest[] {
	if (tried === undefined) return requestsOf(events);
	const places = grouped(events.keys(), (place) => tried[place] as Tried);
	return [...places].flatMap(([{ attempts: attempt, history }, ofTried]) =>
		requestsOf(ofTried.map((place) => events[place] as PendingEvent)).map((request) => ({
			...request,
			attempt,
			lastError: lastAttempt(history),
		})),
	);
}

function requestsOf(events: readonly PendingEvent[]): PayloadRequest[] {
	return [...grouped(events, ({ arrival }) => arrival)].map(([arrival, ofArrival]) =>
		payloadRequest(arrival, ofArrival),
	);
}

/** Converts a job of the queue into a payload for n8n. */
export function payloadOfJob(content: JobContent, settings: PayloadSettings): Payload {
	const isEvents = content.kind === 'events';
	return {
		job: content.id,
		attempt: isEvents ? content.attempt : 1,
		maxAttempts: isEvents ? content.maxAttempts : 1,
		batches: settings.batches,
		includeDelivery: settings.includeDelivery,
		lastError: isEvents ? content.lastError : null,
		requests: isEvents ? byRequest(content) : [],
		deadLetters: isEvents ? [] : content.deadLetters,
	};
}

/**
 * Converts a request that is passed to n8n directly: everything in one execution, without automatic retries.
 */
export function payloadOfArrival(arrival: Arrival, settings: PayloadSettings): Payload {
	return {
		job: null,
		attempt: 1,
		maxAttempts: 1,
		batches: settings.batches,
		includeDelivery: settings.includeDelivery,
		lastError: null,
		requests: arrival.events.length === 0 ? [] : [payloadRequest(arrival, arrival.events)],
		deadLetters: arrival.deadLetters,
	};
}
