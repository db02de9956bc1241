import type { Receipt } from '../intake/receipt';
import type { DeadLetter } from '../../shared/items/deadLetter';
import type { RejectedEvent } from '../../shared/rejectedEvent';
import { rfc3339 } from '../../shared/rfc3339';
import { NO_REDRIVE, deliveryInfo } from './deliveryInfo';

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
