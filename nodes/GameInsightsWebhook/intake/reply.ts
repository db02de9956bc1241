import type { Receipt } from './receipt';
import { Refusal } from './refusal';

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
	const { refusal, prescribedAnswer } = receipt;
	const { requestId } = receipt.request;
	if (refusal !== null) return refusalReply(refusal, requestId);
	if (prescribedAnswer !== null) return { ...prescribedAnswer };
	const body = {
		status: taken.status,
		request_id: requestId,
		received: receipt.received,
		accepted: taken.accepted,
		dead_lettered: receipt.rejected.length,
		duplicates: taken.duplicates,
		ignored: receipt.ignored,
		errors: receipt.errors,
	};
	return { status: 200, headers: {}, body };
}

/** The answer to a request of which nothing was taken. */
export function refusalReply(refusal: Refusal, requestId: string): Reply {
	const { status, code, message, errors, headers, prescribedBody } = refusal;
	const body = prescribedBody ?? { error: { code, message, errors }, request_id: requestId };
	return { status, headers, body };
}

/**
 * The answer when the waiting line is full, or n8n too slow to begin an execution in time.
 *
 * @param status Another one for senders that would take 429 as final.
 * @param retryAfterSeconds Told in whole seconds, at least 1 (RFC 9110, section 10.2.3).
 */
export function busyReply(retryAfterSeconds: number, requestId: string, status = 429): Reply {
	const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
	const message = `Too busy right now. Nothing was taken; send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
	return refusalReply(
		new Refusal(status, 'busy', message, { headers: { 'Retry-After': String(seconds) } }),
		requestId,
	);
}

/** When senders should come back if the place where events are kept can't be written to. */
const UNAVAILABLE_RETRY_S = 5;

/** The answer when the events could not be stored (RFC 9110, section 15.6.4). */
export function unavailableReply(requestId: string): Reply {
	const message = `The events could not be stored right now. Nothing was taken; send it again in ${UNAVAILABLE_RETRY_S} seconds.`;
	return refusalReply(
		new Refusal(503, 'unavailable', message, { headers: { 'Retry-After': String(UNAVAILABLE_RETRY_S) } }),
		requestId,
	);
}

/** The answer when the workflow failed and nobody took the events over. */
export function notKeptReply(requestId: string): Reply {
	const message = 'The workflow failed and the events were not kept. It is safe to send them again.';
	return refusalReply(new Refusal(500, 'workflow_failed', message), requestId);
}
