import type { Settings } from '../panel/settings';
import type { AcceptedEvent, Receipt } from '../intake/receipt';
import type { Redrive, RejectedEvent } from '../../shared/rejectedEvent';
import { pick, readEvents } from '../intake/events';
import type { Source } from '../intake/source';
import { type Arrival, type PendingEvent, type JobContent, positionOf } from '../queue/arrival';
import type { DeadLetter, DeliveryInfo } from './deadLetter';
import { withoutForeignDelivery } from './senderDelivery';
import { keptFromN8n } from './n8nKeys';
import { grouped } from '../queue/grouped';
import { type FailedAttempt, type Tried, lastAttempt } from '../queue/history';
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

/** The JSON of the items, by output. */
export interface OutputItems {
	readonly events: Array<Record<string, unknown>>;
	readonly deadLetters: Array<Record<string, unknown>>;
}

/** The settings of the node that a payload contains. */
export type PayloadSettings = Pick<Settings, 'batches' | 'includeDelivery'>;

/** For an event that was not sent again. */
export const NO_REDRIVE = { count: 0, of: null } as const;

/** The id of an event. It is the same for all attempts, and known before anything is stored. */
export const eventId = (requestId: string, index: number): string => `${requestId}.${index}`;

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

function deliveryInfo(
	payload: Pick<Payload, 'job' | 'attempt' | 'maxAttempts' | 'lastError'>,
	request: Pick<
		PayloadRequest,
		'id' | 'receivedAt' | 'endpoint' | 'sender' | 'batchSize' | 'attempt' | 'lastError'
	>,
	index: number | null,
	redrive: Redrive | null | undefined,
): DeliveryInfo {
	const { attempt = payload.attempt, lastError = payload.lastError } = request;
	return {
		id: index === null ? request.id : eventId(request.id, index),
		attempt,
		max_attempts: payload.maxAttempts,
		automatic_retry: payload.job !== null,
		received_at: request.receivedAt,
		endpoint: request.endpoint,
		request_id: request.id,
		batch: { id: request.id, index, size: request.batchSize },
		auth: {
			method: request.sender.method,
			key_id: request.sender.keyId,
			claims: request.sender.claims,
		},
		last_error:
			lastError === null
				? null
				: {
						message: lastError.message,
						node: lastError.node,
						execution_id: lastError.executionId,
						at: lastError.at,
					},
		...(redrive ? { redrive } : {}),
	};
}

/** The dead letter of input that never became an event of an execution. */
export function deadLetterOfRejected(
	rejected: RejectedEvent,
	receipt: Receipt,
	endpoint: string,
	automaticRetry: boolean,
): DeadLetter {
	const { requestId, receivedAtMs } = receipt.request;
	const receivedAt = rfc3339(receivedAtMs);
	return {
		eventText: rejected.eventText,
		raw: rejected.raw,
		summary: rejected.summary,
		reason: rejected.reason,
		stage: rejected.stage,
		errors: rejected.errors.map(({ path, message, code }) => ({ path, message, rule: code })),
		attempts: { count: 0, max: 0, firstAt: null, lastAt: null, history: [] },
		receivedAt,
		deadLetteredAt: receivedAt,
		delivery: deliveryInfo(
			{ job: automaticRetry ? '' : null, attempt: 0, maxAttempts: 0, lastError: null },
			{ id: requestId, receivedAt, endpoint, sender: receipt.sender, batchSize: receipt.received },
			rejected.index,
			rejected.redrive,
		),
		redrive: rejected.redrive ?? NO_REDRIVE,
	};
}

/** The `_delivery` block for the dead letter of an event that was given up. */
export function deliveryInfoOfPending(
	{ arrival, index, redrive }: PendingEvent,
	attempt: number,
	maxAttempts: number,
	lastError: FailedAttempt | null,
): DeliveryInfo {
	return deliveryInfo(
		{ job: '', attempt, maxAttempts, lastError },
		{
			id: arrival.requestId,
			receivedAt: rfc3339(arrival.receivedAtMs),
			endpoint: arrival.endpoint,
			sender: arrival.sender,
			batchSize: arrival.batchSize,
		},
		index,
		redrive,
	);
}

type Fields = Readonly<Record<string, unknown>>;

/** A copy without empty fields: n8n shows each of them as a red `null` or `empty`. */
function filled(fields: Fields): Record<string, unknown> {
	const copy: Record<string, unknown> = {};
	for (const name in fields) {
		const value = fields[name];
		if (value !== undefined && value !== null && value !== '') copy[name] = value;
	}
	return copy;
}

/** `_delivery` as items show it, without empty fields. The claims of a token stay unchanged. */
function shownDelivery(info: DeliveryInfo, isTest = false): Record<string, unknown> {
	const { auth, last_error, redrive } = info;
	return filled({
		id: info.id,
		attempt: info.attempt,
		max_attempts: info.max_attempts,
		test: isTest ? true : undefined,
		automatic_retry: isTest ? undefined : info.automatic_retry,
		received_at: info.received_at,
		endpoint: info.endpoint,
		request_id: info.request_id,
		batch: filled(info.batch),
		auth: auth && filled(auth),
		last_error: last_error && filled(last_error),
		redrive: redrive && filled(redrive),
	});
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

/** Returns the URL of an execution in n8n. */
export type ExecutionUrl = (executionId: string) => string;

/** @throws {SyntaxError} when the text is no longer JSON */
const eventIn = (text: string): unknown => readEvents({ format: 'json', text: `[${text}]` })[0];

/** The item of a dead letter on its output. @throws {SyntaxError} when its event is no longer JSON */
export function deadLetterItem(
	deadLetter: DeadLetter,
	{ includeDelivery, isTest }: Pick<Payload, 'includeDelivery' | 'isTest'>,
	executionUrl: ExecutionUrl,
): Record<string, unknown> {
	const { attempts } = deadLetter;
	const lastExecution = deadLetter.stage === 'notice' ? attempts.history[0]?.executionId : null;
	return {
		// The fields that a person wants to read first come first: n8n keeps this order.
		summary:
			typeof lastExecution === 'string'
				? `${deadLetter.summary} The last failed execution: ${executionUrl(lastExecution)}`
				: deadLetter.summary,
		reason: deadLetter.reason,
		event: deadLetter.eventText === null ? null : withoutForeignDelivery(eventIn(deadLetter.eventText)),
		raw: deadLetter.raw,
		stage: deadLetter.stage,
		errors: deadLetter.errors,
		attempts: {
			count: attempts.count,
			max: attempts.max,
			first_at: attempts.firstAt,
			last_at: attempts.lastAt,
			history: attempts.history.map(({ at, executionId, message, node }) => ({
				at,
				execution_id: executionId,
				execution_url: executionId === null ? null : executionUrl(executionId),
				message,
				node,
			})),
		},
		similar: {
			count: deadLetter.similar?.count ?? 0,
			first_at: deadLetter.similar?.firstAt ?? deadLetter.deadLetteredAt,
		},
		received_at: deadLetter.receivedAt,
		dead_lettered_at: deadLetter.deadLetteredAt,
		...(includeDelivery ? { _delivery: shownDelivery(deadLetter.delivery, isTest) } : {}),
		redrive: deadLetter.redrive,
	};
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
