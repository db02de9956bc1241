import { ownMember } from '../../../shared/json/jsonValue';
import type { Redrive } from '../../../shared/rejectedEvent';
import type { Source } from '../../../shared/events/source';

/** A body without this text contains no redrives, so it need not be parsed a second time. */
const MARK = '"redrive"';
/** The highest accepted count. No real count is larger. */
const HIGHEST_COUNT = 1_000_000;
/** The longest accepted delivery id. Ids of this node have about 40 characters. */
const LONGEST_ID = 200;

/**
 * Finds the events of a request that were sent again from dead letters:
 * `{ "events": [...], "redrive": [{ "count": 1, "of": "…" }, …] }`, one entry for each event, in the same
 * order. Like the events, the list is covered by the request's signature.
 *
 * If the list has another form (another length, or a wrong entry), no event counts as redriven. Its events
 * are taken like any others, and a repeat is recognised.
 *
 * @returns One entry for each position; null for an event that is not redriven. Empty when none is.
 */
export function redrivesIn(source: Source, events: number): ReadonlyArray<Redrive | null> {
	if (source.format !== 'json' || !source.text.includes(MARK)) return [];
	const body = JSON.parse(source.text) as unknown;
	// A single event may have its own field with this name.
	if (ownMember(body, 'event_type') !== undefined) return [];
	const entries = ownMember(body, 'redrive');
	if (!Array.isArray(entries) || entries.length !== events) return [];
	return entries.map(redriveOf);
}

function redriveOf(entry: unknown): Redrive | null {
	const count = ownMember(entry, 'count');
	const of = ownMember(entry, 'of') ?? null;
	if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > HIGHEST_COUNT)
		return null;
	if (of !== null && (typeof of !== 'string' || of === '' || of.length > LONGEST_ID)) return null;
	return { count, of };
}
