import type { IncomingRequest } from '../receipt';
import type { Source } from '../source';
import { showBody } from './decode';
import { looksLikeLines, nothingSent, sourceOf } from './sourceOf';
import { UnreadableBody } from './unreadableBody';
import { valuesIn } from './valuesIn';

/** What a body turned out to hold. */
export type ParsedBody =
	| {
			readonly kind: 'events';
			readonly source: Source;
			/** What stands at each place: JSON values of any kind, and bad lines. At least one. */
			readonly values: unknown[];
			/** Whether they are a sender's own messages, made into events here. */
			readonly isTranslated: boolean;
	  }
	| {
			/** Something was sent, and no event can be told apart in it. */
			readonly kind: 'unreadable';
			/** The body as far as it can be shown as text. */
			readonly source: Source;
			readonly fault: UnreadableBody;
	  };

/**
 * Reads a request in a sender's own format; null for a body that is to be read like any other.
 *
 * @throws {Refusal}
 */
export type Translate = (request: IncomingRequest, maxEvents: number) => Source | UnreadableBody | null;

/**
 * Reads the events of a request.
 *
 * @throws {Refusal} 400 `invalid_body` when nothing was sent; 413 `too_many_events`.
 */
export function parse(request: IncomingRequest, translate: Translate | null, maxEvents: number): ParsedBody {
	const translated = translate?.(request, maxEvents) ?? null;
	const labelled = translated ?? sourceOf(request);
	if (labelled instanceof UnreadableBody) return unreadable(request, labelled);
	const read = valuesIn(labelled, maxEvents);
	const isLines = read instanceof UnreadableBody && looksLikeLines(labelled.text);
	const source: Source = isLines ? { ...labelled, format: 'ndjson' } : labelled;
	const values = isLines ? valuesIn(source, maxEvents) : read;
	if (values instanceof UnreadableBody) return unreadable(request, values);
	if (values.length === 0) throw nothingSent();
	return { kind: 'events', source, values, isTranslated: translated !== null };
}

function unreadable(request: IncomingRequest, fault: UnreadableBody): ParsedBody {
	return { kind: 'unreadable', source: { format: 'json', text: showBody(request) }, fault };
}
