import type { IncomingRequest } from '../receipt';
import type { Source } from '../../../shared/events/source';
import { showBody } from './decode';
import { looksLikeLines, nothingSent, sourceOf } from './sourceOf';
import { UnreadableBody } from '../../../shared/events/unreadableBody';
import { valuesIn } from '../../../shared/events/valuesIn';

/** The content of a body. */
export type ParsedBody =
	| {
			readonly kind: 'events';
			readonly source: Source;
			/** The value at each position: any JSON value, or a bad line. At least one. */
			readonly values: unknown[];
			/** Whether a sender's own messages were converted into events here. */
			readonly isTranslated: boolean;
	  }
	| {
			/** Something was sent, but no events can be found in it. */
			readonly kind: 'unreadable';
			/** The body as text, as far as it can be shown. */
			readonly source: Source;
			readonly fault: UnreadableBody;
	  };

/**
 * Reads a request in a sender's own format. Null for a body that is read like any other.
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
