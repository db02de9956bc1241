import type { EventError, RejectedEvent } from '../../../shared/rejectedEvent';
import type { Refusal } from '../../../shared/refusal';

/**
 * A refusal in Amplitude's form. Its SDKs use the code in the body, not the status. They drop the events that
 * are listed, and send the others again. These fields are added to the usual body. Source:
 * amplitude.com/docs/apis/analytics/http-v2, "Responses"; github.com/amplitude/Amplitude-TypeScript,
 * packages/analytics-core/src/plugins/destination.ts.
 */
export function amplitudeRefusal(
	{ status, code, message, errors }: Refusal,
	rejected: readonly RejectedEvent[],
): Readonly<Record<string, unknown>> {
	// The usual message stays when a body is not JSON: the Game Insights node recognises an endpoint by it.
	if (code === 'invalid_body') return { code: status };
	const body = { code: status, error: message };
	if (code !== 'invalid_events') return body;
	// An answer lists a limited number of faults, but here it must list every faulty event: an event that is
	// not listed would be sent again, and fail again.
	const faults =
		rejected.length > 0
			? rejected.flatMap((event) => event.errors.slice(0, 1))
			: (errors as readonly EventError[]);
	return { ...body, events_with_invalid_fields: indexesByField(faults) };
}

/** The indexes of the events in the request, by the first name in the path of each fault. */
function indexesByField(errors: readonly EventError[]): Record<string, number[]> {
	const byField = new Map<string, Set<number>>();
	for (const { index, path } of errors) {
		if (index === null) continue;
		const field = path.split('/')[1] ?? '';
		byField.set(field, (byField.get(field) ?? new Set()).add(index));
	}
	return Object.fromEntries([...byField].map(([field, indexes]) => [field, [...indexes]]));
}
