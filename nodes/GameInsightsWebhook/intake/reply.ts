import type { AnswerRules } from '../../shared/answers';
import type { Receipt } from './receipt';
import type { RejectedEvent } from '../../shared/rejectedEvent';
import { Refusal } from '../../shared/refusal';
import type { NotStored } from '../queue/item';

/** An answer to a sender. */
export interface Reply {
	/** HTTP status. */
	readonly status: number;
	/** Additional headers. The content type is JSON unless `content-type` is given here. */
	readonly headers: Readonly<Record<string, string>>;
	/** An object is sent as JSON, a text unchanged. */
	readonly body: Readonly<Record<string, unknown>> | string;
}

/** What the sender is told about the accepted events of a request. */
export interface Taken {
	/** `accepted` when the answer does not wait for the end of the executions. */
	readonly status: 'accepted' | 'processed' | 'dead_lettered';
	/** How many events were kept. */
	readonly accepted: number;
	/** How many were repeats, and were not taken again. */
	readonly duplicates: number;
}

/** The answer to an accepted request whose events and dead letters are kept. */
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
 * The answer to a request of which nothing was taken, in the form that its sender can read.
 *
 * @param answers Undefined where the usual ones are right, or the sender is not yet known.
 * @param rejected Its invalid events, as far as they are known.
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
 * Adds the reason that otherwise is only in n8n's log. Only used for the test URL, which exists during a
 * test: on the production URL the reason would help attackers. An answer in a sender's own form is unchanged.
 */
export function withReason(reply: Reply, { operatorMessage }: Refusal): Reply {
	const { body } = reply;
	if (operatorMessage === undefined || typeof body === 'string' || !isError(body.error)) return reply;
	return { ...reply, body: { ...body, error: { ...body.error, reason: operatorMessage } } };
}

const isError = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/**
 * Refuses a request because the queue is full, or because n8n began an execution too slowly.
 *
 * @param retryAfterSeconds Sent in whole seconds, at least 1 (RFC 9110, section 10.2.3).
 */
export function busy(retryAfterSeconds: number, operatorMessage?: string): Refusal {
	const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
	const message = `Too busy right now. Nothing was taken; send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
	const headers = { 'Retry-After': String(seconds) };
	return new Refusal(429, 'busy', message, { headers, operatorMessage });
}

/** After how many seconds senders should try again when the place where events are kept can't be written. */
const UNAVAILABLE_RETRY_S = 5;

/** The same when a person has to correct something first. */
const BROKEN_RETRY_S = 60;
/** The same when there is no room for their events. */
const FULL_RETRY_S = 30;

/**
 * Refuses a request because its events could not be stored: at the moment (RFC 9110, section 15.6.4), because
 * there is no room, or in general, because they are larger than can be stored.
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

/** Refuses a request because its workflow failed and its events became no dead letters. */
export function notKept(): Refusal {
	const message = 'The workflow failed and the events were not kept. It is safe to send them again.';
	return new Refusal(500, 'workflow_failed', message);
}
