import { isJsonObject } from '../jsonValue';
import { decodeUtf8 } from '../parse/decode';
import { readJson } from '../parse/readJson';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../source';
import { readTimestamp as readDateTime } from '../validate/timestamp';
import type { ForeignEvent, ForeignMessage } from './schemes/scheme';
import { readTimestamp } from './timestamp';

/** A sender's own message, and the text its body was read from. */
export interface ReadMessage extends ForeignMessage {
	readonly text: string;
}

/** The type of an event whose message names none: what Standard Webhooks and Svix call anything that they send. */
export const UNNAMED_EVENT = 'message';

/** The end of the year 9999: RFC 3339 has no room for more digits. */
const LATEST_MS = 253_402_300_799_999;

/**
 * Reads the body of an authenticated request, whatever its content type says; null when it is not JSON, or nested
 * deeper than anything is read.
 * @param signedId The message id that was found to be signed; undefined when there is none.
 */
export function readMessage(request: IncomingRequest, signedId: string | undefined): ReadMessage | null {
	const text = decodeUtf8(request.body);
	if (typeof text !== 'string') return null;
	const body = readJson(text);
	if (body === undefined) return null;
	return { text, body, signedId, header: (name) => headerText(request, name) };
}

/**
 * A sender's message as a Game Insights event. The original body stands under `properties`, character for character;
 * a body that is no object stands there under `body`. Own fields that the message does not hold are left out, and so
 * are those it holds in a form that no event may have; a type is always there. So what a sender says in its own format
 * can break no rule of ours.
 */
export function translate({ text, body }: ReadMessage, event: ForeignEvent): Source {
	const fields = [
		['event_type', asText(event.type) ?? UNNAMED_EVENT],
		['timestamp', asTimestamp(event.timestamp)],
		['user_id', asText(event.userId)],
		['event_id', asText(event.id)],
	].flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`]));
	const properties = isJsonObject(body) ? text : `{"body":${text}}`;
	return { format: 'json', text: `{${[...fields, `"properties":${properties}`].join(',')}}` };
}

function headerText(request: IncomingRequest, name: string): string | undefined {
	const value = request.headers[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Ids are often numbers; `readJson` gives one beyond 2^53 as text, with all its digits. */
function asText(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim() === '' ? undefined : value;
	return Number.isSafeInteger(value) ? String(value) : undefined;
}

function asTimestamp(value: unknown): string | undefined {
	if (typeof value === 'string' && readDateTime(value) !== null) return value;
	const milliseconds = readTimestamp(asText(value) ?? '', 'any');
	if (milliseconds === undefined || milliseconds > LATEST_MS) return undefined;
	return new Date(milliseconds).toISOString();
}
