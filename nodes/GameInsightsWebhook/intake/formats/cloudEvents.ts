import { codingFault, contentTypeOf, isJsonType } from '../parse/contentType';
import { decodeUtf8 } from '../parse/decode';
import { explainJsonFault } from '../../../shared/events/jsonFault';
import { readJson } from '../../../shared/json/readJson';
import { UnreadableBody } from '../../../shared/events/unreadableBody';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../../../shared/events/source';

/** Names of attributes have lower-case letters and digits (CloudEvents 1.0.2, "Naming conventions"). */
const ATTRIBUTE_HEADER = /^ce-([a-z0-9]+)$/;
/** These are not sent as attributes: they are the body and its content type. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(['data', 'datacontenttype']);

/**
 * Converts an event in binary mode (attributes in headers, data in the body) into the form of structured
 * mode. Null for a request in another mode. Source: github.com/cloudevents/spec,
 * cloudevents/bindings/http-protocol-binding.md, section 3.1, and cloudevents/formats/json-format.md, section
 * 3.1.
 */
export function readBinaryMode(request: IncomingRequest): Source | UnreadableBody | null {
	const type = contentTypeOf(request);
	if (/^application\/cloudevents/.test(type) || request.headers['ce-specversion'] === undefined) return null;
	const fault = codingFault(request);
	if (fault !== null) return fault;
	const members: string[] = [];
	for (const [header, value] of Object.entries(request.headers)) {
		const name = ATTRIBUTE_HEADER.exec(header)?.[1];
		if (name === undefined || NO_ATTRIBUTES.has(name) || typeof value !== 'string') continue;
		const text = decodedHeader(value);
		if (text === undefined)
			return new UnreadableBody(400, 'encoding', `The header ${header} is not percent-encoded UTF-8`);
		members.push(`${JSON.stringify(name)}:${JSON.stringify(text)}`);
	}
	if (type !== '') members.push(`"datacontenttype":${JSON.stringify(request.headers['content-type'])}`);
	const data = dataMember(request.body, type);
	if (data instanceof UnreadableBody) return data;
	if (data !== null) members.push(data);
	return { format: 'json', text: `{${members.join(',')}}` };
}

/** The data as a member of the event in JSON. Null when there is none. */
function dataMember(body: Buffer, type: string): string | UnreadableBody | null {
	if (body.length === 0) return null;
	const text = decodeUtf8(body);
	const isJson = isJsonType(type);
	if (typeof text === 'string') {
		if ((isJson || type === '') && readJson(text) !== undefined) return `"data":${text}`;
		if (isJson)
			return new UnreadableBody(400, 'json', `The data is not valid JSON: ${explainJsonFault(text, 1)}`);
		return `"data":${JSON.stringify(text)}`;
	}
	return isJson ? text : `"data_base64":"${body.toString('base64')}"`;
}

/**
 * Section 3.1.3.2: quotes are removed, then the value is percent-decoded. Undefined when the result is not a
 * text.
 */
function decodedHeader(value: string): string | undefined {
	const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
	const plain = quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1');
	try {
		return decodeURIComponent(plain.replace(/%(?![0-9a-f]{2})/gi, '%25'));
	} catch {
		return undefined;
	}
}
