import { describe, isJsonObject, ownMember } from '../json/jsonValue';
import { Refusal } from '../refusal';
import type { Source } from './source';
import { explainJsonFault } from './jsonFault';
import { linesOf } from './lines';
import { readJson } from '../json/readJson';
import { sourceMayHoldLongNumbers } from './sourceNumbers';
import { UnreadableBody } from './unreadableBody';

/** Takes the position of an NDJSON line that is not JSON. */
export class BadLine {
	constructor(
		readonly text: string,
		/** One plain sentence without its full stop. It contains the line number as in an editor. */
		readonly message: string,
	) {}
}

/**
 * The values at the positions of events: any JSON values, and bad lines. Unreadable with status 400 when the
 * text is not JSON, or is JSON that can't contain events.
 *
 * @throws {Refusal} 413 `too_many_events`.
 */
export function valuesIn(source: Source, maxEvents: number): unknown[] | UnreadableBody {
	const values = source.format === 'ndjson' ? valuesOfLines(source, maxEvents) : valuesOfJson(source);
	if (values instanceof UnreadableBody || values.length <= maxEvents) return values;
	throw tooManyEvents(maxEvents);
}

/** Refuses a request with more events than it may hold. */
export function tooManyEvents(maxEvents: number): Refusal {
	return new Refusal(413, 'too_many_events', `A request may hold at most ${maxEvents} events.`);
}

function valuesOfLines(source: Source, maxEvents: number): unknown[] {
	const values: unknown[] = [];
	const mayHoldLong = sourceMayHoldLongNumbers(source);
	for (const line of linesOf(source.text)) {
		const value = readJson(line.text, mayHoldLong);
		values.push(value === undefined ? badLine(line.text, line.number) : value);
		// One event too many is enough to refuse the request, so the rest is not read.
		if (values.length > maxEvents) break;
	}
	return values;
}

function badLine(text: string, number: number): BadLine {
	return new BadLine(text, `The line is not valid JSON: ${explainJsonFault(text, number)}`);
}

function valuesOfJson(source: Source): unknown[] | UnreadableBody {
	const { text } = source;
	const body = readJson(text, sourceMayHoldLongNumbers(source));
	if (body === undefined) {
		return new UnreadableBody(400, 'json', `The body is not valid JSON: ${explainJsonFault(text, 1)}`);
	}
	if (Array.isArray(body)) return body as unknown[];
	if (!isJsonObject(body)) {
		const message = `The body must be an event or a list of events, it is ${describe(body)}`;
		return new UnreadableBody(400, 'type', message);
	}
	const events = ownMember(body, 'events');
	if (events === undefined || ownMember(body, 'event_type') !== undefined) return [body];
	if (Array.isArray(events)) return events as unknown[];
	return new UnreadableBody(400, 'type', `\`events\` must be an array, it is ${describe(events)}`);
}
