import type { EventError, RejectedEvent } from '../../../shared/rejectedEvent';
import type { Refusal } from '../../../shared/refusal';

/**
 * A refusal in Amplitude's form. Its SDKs go by the code in the body, not by the status, and drop the events
 * that are listed; what is not listed they send again. Laid over the usual body. Source:
 * amplitude.com/docs/apis/analytics/http-v2, "Responses"; github.com/amplitude/Amplitude-TypeScript,
 * packages/analytics-core/src/plugins/destination.ts.
 */
export function amplitudeRefusal(
	{ status, code, message, errors }: Refusal,
	rejected: readonly RejectedEvent[],
): Readonly<Record<string, unknown>> {
	// Our own words for a body that is no JSON: the Game Insights node knows an endpoint by them.
	if (code === 'invalid_body') return { code: status };
	const body = { code: status, error: message };
	if (code !== 'invalid_events') return body;
	// An answer tells of so many faults, but of every event: one that is not listed would come again, and fail
	// again.
	const faults =
		rejected.length > 0
			? rejected.flatMap((event) => event.errors.slice(0, 1))
			: (errors as readonly EventError[]);
	return { ...body, events_with_invalid_fields: indexesByField(faults) };
}

/** The places of the events in the request, by the first name in the path of each fault. */
function indexesByField(errors: readonly EventError[]): Record<string, number[]> {
	const byField = new Map<string, number[]>();
	for (const { index, path } of errors) {
		if (index === null) continue;
		const field = path.split('/')[1] ?? '';
		byField.set(field, [...new Set([...(byField.get(field) ?? []), index])]);
	}
	return Object.fromEntries(byField);
}
