import { isJsonObject } from '../../../shared/json/jsonValue';
import type { IncomingRequest } from '../receipt';
import { Refusal } from '../../../shared/refusal';
import type { Source } from '../../../shared/events/source';
import { labelledFormat } from './contentType';
import { decodeUtf8 } from './decode';
import { readForm } from './form';
import { linesOf } from '../../../shared/events/lines';
import { readJson } from '../../../shared/json/readJson';
import { UnreadableBody } from '../../../shared/events/unreadableBody';

/**
 * The text of a request's body, and its format by the headers.
 *
 * @param formField the field of a form that contains the events, if the sender's format has one
 * @throws {Refusal} 400 `invalid_body` when nothing was sent
 */
export function sourceOf(request: IncomingRequest, formField?: string): Source | UnreadableBody {
	if (request.body.length === 0) throw nothingSent();
	const format = labelledFormat(request);
	if (format instanceof UnreadableBody) return format;
	const text = decodeUtf8(request.body);
	if (text instanceof UnreadableBody) return text;
	if (!/[^ \t\r\n]/.test(text)) throw nothingSent();
	if (format !== 'form') return { format, text };
	const form = readForm(text, formField);
	return form instanceof UnreadableBody ? form : { format: 'json', text: form };
}

/** Whether a text that is not JSON is NDJSON with another content type: its first two lines are objects. */
export function looksLikeLines(text: string): boolean {
	let objects = 0;
	for (const line of linesOf(text)) {
		if (!isJsonObject(readJson(line.text))) return false;
		if (++objects === 2) return true;
	}
	return false;
}

/** Refuses a request without events. */
export const nothingSent = (): Refusal => new Refusal(400, 'invalid_body', 'The request holds no events.');
