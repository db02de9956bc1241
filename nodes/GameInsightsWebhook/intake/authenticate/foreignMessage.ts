import { asText, asTimestamp, eventText } from '../formats/eventText';
import { isJsonObject } from '../../../shared/json/jsonValue';
import { contentTypeOf } from '../parse/contentType';
import { decodeUtf8 } from '../parse/decode';
import { readForm } from '../parse/form';
import { readJson } from '../../../shared/json/readJson';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../../../shared/events/source';
import type { VerificationKey } from '../../../shared/credential/proof';
import type { ForeignEvent, ForeignMessage } from '../../../shared/senders/scheme';

/** A sender's own message, and the text of its body. */
export interface ReadMessage extends ForeignMessage {
	readonly text: string;
}

/**
 * The event type of a message that has none. Standard Webhooks and Svix call everything that they send a
 * message.
 */
export const UNNAMED_EVENT = 'message';

/**
 * GitHub and Slack may send a form with the message in its field `payload`. The signature covers the bytes of
 * the form.
 */
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads the body of an authenticated request as JSON or as a form, whatever its content type says. Null when
 * it is neither, or is nested too deeply.
 * @param signedId The message id, after its signature was verified; undefined when there is none.
 * @param hmac Signs with the key that the message was signed with; left out for keys that can't make HMACs.
 */
export function readMessage(
	request: IncomingRequest,
	signedId: string | undefined,
	hmac?: VerificationKey['hmac'],
): ReadMessage | null {
	const sent = decodeUtf8(request.body);
	if (typeof sent !== 'string') return null;
	const text = contentTypeOf(request) === FORM ? readForm(sent) : sent;
	if (typeof text !== 'string') return null;
	const body = readJson(text);
	if (body === undefined) return null;
	return {
		...{ text, body, signedId },
		header: (name) => headerText(request, name),
		hmac: (signed) => {
			if (hmac === undefined) throw new TypeError('This sender does not sign with HMAC');
			return hmac([signed]);
		},
	};
}

/**
 * Converts a sender's message into a Game Insights event. The original body is in `properties`, character for
 * character; a body that is no object is in `properties.body`. Our fields are left out when the message does
 * not contain them, or contains them in a form that no event may have. A type is always set. So a message in
 * a sender's own format can't break a rule of ours.
 */
export function translate({ text, body }: ReadMessage, event: ForeignEvent): Source {
	const fields = {
		eventType: asText(event.type) ?? UNNAMED_EVENT,
		timestamp: asTimestamp(event.timestamp),
		userId: asText(event.userId),
		eventId: asText(event.id),
	};
	return { format: 'json', text: eventText(fields, isJsonObject(body) ? text : `{"body":${text}}`) };
}

function headerText(request: IncomingRequest, name: string): string | undefined {
	const value = request.headers[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}
