import type { Verdict } from './verdict';

/** The JSON of an output item: what became of an event, and the event itself. */
export function verdictItem({ event, status, message, errors, request }: Verdict): Record<string, unknown> {
	return {
		status,
		message,
		event_id: event.event.event_id ?? null,
		event_type: event.event.event_type ?? null,
		errors,
		request:
			request === null
				? null
				: {
						http_status: request.httpStatus,
						id: request.id,
						attempts: request.attempts,
						retry_after_seconds: request.retryAfterSeconds,
						index: request.index,
						size: request.size,
					},
		...(event.redrive === null ? {} : { redrive: event.redrive }),
		event: event.event,
	};
}

/**
 * The JSON of an output item for an event that could not be sent, where the node goes on after errors.
 *
 * n8n knows an item for its error output by its keys (`error`, `message`, `details` and no other), or by an
 * error object, but then it throws away everything else the item says (`handleNodeErrorOutput` and
 * `normalizeNodeErrors` in n8n-core's `workflow-execute`).
 */
export function failedItem(
	said: Readonly<Record<string, unknown>>,
	message: string,
	hasErrorOutput: boolean,
): Record<string, unknown> {
	return hasErrorOutput ? { error: message, message, details: said } : { ...said, error: message };
}
