import type { AnswerRules } from '../../shared/answers';
import type { Receipt } from './receipt';
import type { RejectedEvent } from '../../shared/rejectedEvent';
import { Refusal } from '../../shared/refusal';
import type { NotStored } from '../queue/item';

/** An answer to a sender. */
export interface Reply {
	/** HTTP status. */
	readonly status: number;
	/** Beside the content type of JSON, which goes without saying; a `content-type` here replaces it. */
	readonly headers: Readonly<Record<string, string>>;
	/** An object is sent as JSON, a text as it is. */
	readonly body: Readonly<Record<string, unknown>> | string;
}

/** What became of the accepted events of a request, as far as the sender is told. */
export interface Taken {
	/** `accepted` when the answer does not wait for the end of the work. */
	readonly status: 'accepted' | 'processed' | 'dead_lettered';
	/** How many events were kept. */
	readonly accepted: number;
	/** How many were known already, and were not taken again. */
	readonly duplicates: number;
}

/** The answer to a request that was let in and whose events and dead letters are kept. */
export function receiptReply(receipt: Receipt, taken: Taken): Reply {
	const { refusal, prescribedAnswer, answers, rejected } = receipt;
	const { requestId } = receipt.request;
	if (refusal !== null) return refusalReply(refusal, requestId, answers, rejected);
	if (prescribedAnswer !== null) return { ...prescribedAnswer };
	const body = {
		status: taken.status,
		request_id: requestId,
		received: receipt.received,
		accepted: taken.accepted,
		dead_lettered: rejected.length,
		duplicates: taken.duplicates,
		ignored: receipt.ignored,
		errors: receipt.errors,
	};
	return { status: 200, headers: {}, body };
}

/**
 * The answer to a request of which nothing was taken, as its sender reads answers.
 *
 * @param answers Undefined where the usual ones are right, or it is not known yet who sends.
 * @param rejected Its events that are not valid, as far as they are known.
 */
export function refusalReply(
	refusal: Refusal,
	requestId: string,
	answers: AnswerRules | undefined,
	rejected: readonly RejectedEvent[] = [],
): Reply {
	const { code, message, errors, headers } = refusal;
	if (code === 'unauthorized' && answers?.refusal !== undefined) return { ...answers.refusal };
	const isFinal = refusal.status === 429 && answers?.repeatsOn === 'serverError';
	const status = isFinal ? 503 : refusal.status;
	const body = { error: { code, message, errors }, request_id: requestId };
	return { status, headers, body: { ...body, ...answers?.refusalBody?.(refusal, rejected) } };
}

/**
 * The same answer with the reason that otherwise only n8n's log tells. For the test URL alone, which is there
 * while somebody tests: on the production URL it would help those who guess. An answer in a sender's own form
 * stays as it is.
 */
export function withReason(reply: Reply, { operatorMessage }: Refusal): Reply {
	const { body } = reply;
	if (operatorMessage === undefined || typeof body === 'string' || !isError(body.error)) return reply;
	return { ...reply, body: { ...body, error: { ...body.error, reason: operatorMessage } } };
}

const isError = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/**
 * Refuses a request because the queue is full, or n8n too slow to begin an execution in time.
 *
 * @param retryAfterSeconds Told in whole seconds, at least 1 (RFC 9110, section 10.2.3).
 */
export function busy(retryAfterSeconds: number, operatorMessage?: string): Refusal {
	const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
	const message = `Too busy right now. Nothing was taken; send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
	const headers = { 'Retry-After': String(seconds) };
	return new Refusal(429, 'busy', message, { headers, operatorMessage });
}

/** When senders should come back if the place where events are kept can't be written to. */
const UNAVAILABLE_RETRY_S = 5;

/** When senders should come back if somebody has to do something first. */
const BROKEN_RETRY_S = 60;
/** When senders should come back if there is no room for their events. */
const FULL_RETRY_S = 30;

/**
 * Refuses a request because its events could not be stored: for now (RFC 9110, section 15.6.4), for want of
 * room, or for good, because they are larger than what can be stored.
 */
export function notStored(reason: NotStored, operatorMessage?: string): Refusal {
	if (reason === 'full') return busy(FULL_RETRY_S, operatorMessage);
	if (reason === 'tooLarge') {
		const tooLarge = 'The events are larger than what can be stored. Nothing was taken.';
		return new Refusal(413, 'payload_too_large', tooLarge, { operatorMessage });
	}
	const seconds = reason === 'refused' ? BROKEN_RETRY_S : UNAVAILABLE_RETRY_S;
	const message = `The events could not be stored right now. Nothing was taken; send it again in ${seconds} seconds.`;
	const headers = { 'Retry-After': String(seconds) };
	return new Refusal(503, 'unavailable', message, { headers, operatorMessage });
}

/** Refuses a request because its workflow failed and nobody took the events over. */
export function notKept(): Refusal {
	const message = 'The workflow failed and the events were not kept. It is safe to send them again.';
	return new Refusal(500, 'workflow_failed', message);
}
