import { ownMember } from '../../../shared/json/jsonValue';
import type { Redrive } from '../../../shared/rejectedEvent';
import type { Source } from '../source';

/** A body without this text holds no redrives, and is not parsed a second time to find out. */
const MARK = '"redrive"';
/** The highest count that is believed: more is no honest number. */
const HIGHEST_COUNT = 1_000_000;
/** Longest id of a delivery that is kept; ours have some 40 characters. */
const LONGEST_ID = 200;

/**
 * Which events of a request come out of dead letters:
 * `{ "events": [...], "redrive": [{ "count": 1, "of": "…" }, …] }`, an entry for each event, in their order.
 * Like the events, the list is covered by the request's signature.
 *
 * Anything else there (another length, an entry of another form) makes no event a redriven one: it is then
 * taken like any event, and recognised as a repeat where it is one.
 *
 * @returns By place; null for an event that is no redriven one. Empty when there is none.
 */
export function redrivesIn(source: Source, events: number): ReadonlyArray<Redrive | null> {
	if (source.format !== 'json' || !source.text.includes(MARK)) return [];
	const body = JSON.parse(source.text) as unknown;
	// One event may have a field of its own with this name.
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
