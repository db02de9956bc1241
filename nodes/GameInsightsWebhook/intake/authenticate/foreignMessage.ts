import { asText, asTimestamp, eventText } from '../formats/eventText';
import { isJsonObject } from '../../../shared/json/jsonValue';
import { contentTypeOf } from '../parse/contentType';
import { decodeUtf8 } from '../parse/decode';
import { readForm } from '../parse/form';
import { readJson } from '../../../shared/json/readJson';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../source';
import type { VerificationKey } from '../../../shared/credential/proof';
import type { ForeignEvent, ForeignMessage } from '../../../shared/senders/scheme';

/** A sender's own message, and the text its body was read from. */
export interface ReadMessage extends ForeignMessage {
	readonly text: string;
}

/**
 * The type of an event whose message names none: what Standard Webhooks and Svix call anything that they
 * send.
 */
export const UNNAMED_EVENT = 'message';

/**
 * GitHub and Slack may send a form whose field `payload` is the message; the signature is over the form's
 * bytes.
 */
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads the body of an authenticated request, whatever its content type says, as JSON or as a form; null when
 * it is neither, or nested deeper than anything is read.
 * @param signedId The message id that was found to be signed; undefined when there is none.
 * @param hmac Signs with the key that the message was signed with; left out where that makes no HMACs.
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
 * A sender's message as a Game Insights event. The original body stands under `properties`, character for
 * character; a body that is no object stands there under `body`. Own fields that the message does not hold
 * are left out, and so are those it holds in a form that no event may have; a type is always there. So what a
 * sender says in its own format can break no rule of ours.
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
