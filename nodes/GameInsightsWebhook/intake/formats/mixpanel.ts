import type { FixedAnswer } from '../../../shared/answers';
import { ownMember } from '../../../shared/json/jsonValue';
import { readJson } from '../../../shared/json/readJson';
import type { EventError, RejectedEvent } from '../../../shared/rejectedEvent';
import type { Refusal } from '../../../shared/refusal';
import type { TakenIn } from '../receipt';

/**
 * The query of a client that wants to know each event that failed. Mixpanel's own path for that is `/import`.
 */
const STRICT = /[?&]strict=1(?:&|$)/;
/** The query of a client that reads JSON. With it, clients take a plain `1` for a failure. */
const VERBOSE = /[?&]verbose=1(?:&|$)/;
const VERBOSE_ANSWER: FixedAnswer = {
	status: 200,
	headers: { 'content-type': 'application/json' },
	body: '{"status":1,"error":null}',
};
/** The names of our fields in Mixpanel's events. */
const FIELDS: ReadonlyMap<string, string> = new Map([
	['event_type', 'event'],
	['timestamp', 'properties.time'],
	['user_id', 'properties.distinct_id'],
	['event_id', 'properties.$insert_id'],
]);
const SOME_FAILED = 'some data points in the request failed validation';
const STATUS_WORDS: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	413: 'Request Entity Too Large',
	429: 'Too Many Requests',
};

/**
 * The answer to a request that was taken completely or partly. For a client that asked for `strict=1`: a list
 * of the events that failed. Mixpanel answers 400 if some failed, although it has kept the others. For a
 * client that asked for `verbose=1`: the usual answer as JSON. Null for any other client. Source:
 * docs.mixpanel.com/reference/import-events and /troubleshooting/errors/400-bad-request; for `verbose`
 * github.com/mixpanel/mixpanel-node, lib/mixpanel-node.js, and mixpanel-js, src/mixpanel-core.js.
 */
export function mixpanelAcceptance({ request, received, rejected }: TakenIn): FixedAnswer | null {
	if (!STRICT.test(request.target)) return VERBOSE.test(request.target) ? VERBOSE_ANSWER : null;
	const code = rejected.length === 0 ? 200 : 400;
	const body = {
		code,
		num_records_imported: received - rejected.length,
		...(code === 200
			? { status: 'OK' }
			: { status: STATUS_WORDS[400], error: SOME_FAILED, failed_records: failedRecords(rejected) }),
	};
	return { status: code, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A refusal in Mixpanel's form. Its fields are added to the usual body. */
export function mixpanelRefusal(
	{ status, code, message, errors }: Refusal,
	rejected: readonly RejectedEvent[],
): Readonly<Record<string, unknown>> {
	const form = { code: status, status: STATUS_WORDS[status] ?? 'Error' };
	// The usual message stays when a body is not JSON: the Game Insights node recognises an endpoint by it.
	if (code === 'invalid_body') return form;
	if (code !== 'invalid_events') return { ...form, error: message };
	const failed_records =
		rejected.length > 0
			? failedRecords(rejected)
			: (errors as readonly EventError[]).flatMap((error) => recordOf(error, {}));
	return { ...form, error: SOME_FAILED, num_records_imported: 0, failed_records };
}

/** The first fault of each event. */
function failedRecords(rejected: readonly RejectedEvent[]): unknown[] {
	return rejected.flatMap(({ errors, eventText }) => {
		const [first] = errors;
		const id = eventText === null ? undefined : ownMember(readJson(eventText), 'event_id');
		return first === undefined ? [] : recordOf(first, typeof id === 'string' ? { insert_id: id } : {});
	});
}

function recordOf({ index, path, message }: EventError, id: { readonly insert_id?: string }): unknown[] {
	return index === null ? [] : [{ index, ...id, field: fieldAt(path), message }];
}

/**
 * Converts a JSON Pointer into our event to Mixpanel's name of the field in its own event, which is in
 * `properties`.
 */
function fieldAt(path: string): string {
	const [, first = '', ...others] = path.split('/');
	const inOriginal = first === 'properties' ? others.join('.') : undefined;
	return inOriginal ?? FIELDS.get(first) ?? first;
}
