import { decodeUtf8 } from './decode';
import { UnreadableBody } from '../../../shared/events/unreadableBody';

/** The field with the JSON in forms of GitHub and Slack. */
const JSON_FIELD = 'payload';

/**
 * The JSON in a body of `application/x-www-form-urlencoded` (URL Standard, section 5.1): the JSON of its
 * field `payload`, if there is no other field; else an object with the fields as texts, and a list for a
 * repeated field. A text that begins like JSON is returned unchanged, because `curl -d` labels any body as a
 * form.
 *
 * @param field a field with the events, as JSON or as base64 of it
 */
export function readForm(text: string, field?: string): string | UnreadableBody {
	if (/^[ \t\r\n]*[[{]/.test(text)) return text;
	const fields = new Map<string, string[]>();
	for (const pair of text.split('&')) {
		if (pair === '') continue;
		const equals = pair.indexOf('=');
		const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
		const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
		if (name === undefined || value === undefined)
			return new UnreadableBody(400, 'encoding', 'The form is not percent-encoded UTF-8');
		const known = fields.get(name);
		if (known === undefined) fields.set(name, [value]);
		else known.push(value);
	}
	const events = field === undefined ? undefined : fields.get(field)?.[0];
	if (events !== undefined) return fromBase64(events);
	const json = fields.size === 1 ? fields.get(JSON_FIELD)?.[0] : undefined;
	if (json !== undefined && /^[ \t\r\n]*[[{]/.test(json)) return json;
	const members = Array.from(
		fields,
		([name, values]) => `${JSON.stringify(name)}:${JSON.stringify(values.length === 1 ? values[0] : values)}`,
	);
	return `{${members.join(',')}}`;
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return undefined;
	}
}

/** In base64 that was not encoded for a form, decoding has changed plus signs into spaces. */
function fromBase64(text: string): string | UnreadableBody {
	if (/^[ \t\r\n]*[[{]/.test(text)) return text;
	return decodeUtf8(Buffer.from(text.replaceAll(' ', '+'), 'base64'));
}
