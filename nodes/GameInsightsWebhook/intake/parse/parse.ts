import { isJsonObject } from '../jsonValue';
import type { IncomingRequest } from '../receipt';
import { Refusal } from '../refusal';
import type { Source } from '../source';
import { labelledFormat, unsupportedType } from './contentType';
import { decodeUtf8, showBody } from './decode';
import { linesOf } from './lines';
import { readJson } from './readJson';
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

/** Reads a request in a sender's own format; null for a body that it can't read. */
export type Translate = (request: IncomingRequest) => Source | null;

/**
 * Reads the events of a request.
 *
 * @throws {Refusal} 400 `invalid_body` when nothing was sent; 413 `too_many_events`.
 */
export function parse(request: IncomingRequest, translate: Translate | null, maxEvents: number): ParsedBody {
	if (request.body.length === 0) throw nothingSent();
	const translated = translate?.(request) ?? null;
	const labelled = translated ?? sourceOf(request);
	if (labelled instanceof UnreadableBody) return unreadable(request, labelled);
	const read = valuesIn(labelled, maxEvents);
	const isLines =
		read instanceof UnreadableBody && labelled.format === 'json' && looksLikeLines(labelled.text);
	const source: Source = isLines ? { ...labelled, format: 'ndjson' } : labelled;
	const values = isLines ? valuesIn(source, maxEvents) : read;
	if (values instanceof UnreadableBody) return unreadable(request, values);
	if (values.length === 0) throw nothingSent();
	return { kind: 'events', source, values, isTranslated: translated !== null };
}

function sourceOf(request: IncomingRequest): Source | UnreadableBody {
	const format = labelledFormat(request);
	if (format instanceof UnreadableBody) return format;
	const text = decodeUtf8(request.body);
	if (text instanceof UnreadableBody) return text;
	const first = /[^ \t\r\n]/.exec(text)?.[0];
	if (first === undefined) throw nothingSent();
	if (format !== 'form') return { format, text };
	if (first === '{' || first === '[') return { format: 'json', text };
	return unsupportedType('application/x-www-form-urlencoded');
}

/** Whether what is no JSON is NDJSON under another name: an object on each of its first two lines. */
function looksLikeLines(text: string): boolean {
	let objects = 0;
	for (const line of linesOf(text)) {
		if (!isJsonObject(readJson(line.text))) return false;
		if (++objects === 2) return true;
	}
	return false;
}

function unreadable(request: IncomingRequest, fault: UnreadableBody): ParsedBody {
	return { kind: 'unreadable', source: { format: 'json', text: showBody(request) }, fault };
}

const nothingSent = (): Refusal => new Refusal(400, 'invalid_body', 'The request holds no events.');
