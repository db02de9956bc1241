import type { PendingEvent } from '../queue/arrival';
import type { DeliveryInfo } from '../../shared/items/delivery';
import type { FailedAttempt } from '../../shared/items/history';
import type { Redrive } from '../../shared/rejectedEvent';
import { rfc3339 } from '../../shared/rfc3339';
import type { Payload, PayloadRequest } from './payload';

/** For an event that was not sent again. */
export const NO_REDRIVE = { count: 0, of: null } as const;

/** The id of an event. It is the same for all attempts, and known before anything is stored. */
export const eventId = (requestId: string, index: number): string => `${requestId}.${index}`;

/** The `_delivery` block of an event, or of a whole request where `index` is null. */
export function deliveryInfo(
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
