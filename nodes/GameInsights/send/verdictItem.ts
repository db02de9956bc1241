import type { Verdict } from './verdict';

/**
 * The JSON of an output item: the result of an event, and the event itself. A field without a value is left
 * out where possible, because n8n shows a null in red.
 */
export function verdictItem({ event, status, message, errors, request }: Verdict): Record<string, unknown> {
	return {
		status,
		...(message === null ? {} : { message }),
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
						...(request.retryAfterSeconds === null ? {} : { retry_after_seconds: request.retryAfterSeconds }),
						index: request.index,
						size: request.size,
					},
		...(event.redrive === null ? {} : { redrive: event.redrive }),
		event: event.event,
	};
}

/**
 * The JSON of an output item for an event that could not be sent, when the node continues on errors.
 *
 * n8n recognises an item for its error output by its keys (only `error`, `message`, `details`), or by an
 * error object. With an error object it removes everything else from the item (`handleNodeErrorOutput` and
 * `normalizeNodeErrors` in n8n-core's `workflow-execute`).
 */
export function failedItem(
	said: Readonly<Record<string, unknown>>,
	message: string,
	hasErrorOutput: boolean,
): Record<string, unknown> {
	return hasErrorOutput ? { error: message, message, details: said } : { ...said, error: message };
}
