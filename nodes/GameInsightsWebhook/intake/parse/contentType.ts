import { parse } from 'content-type';
import { quote } from '../../../shared/json/jsonValue';
import type { IncomingRequest } from '../receipt';
import type { Source } from '../../../shared/events/source';
import { UnreadableBody } from '../../../shared/events/unreadableBody';

/**
 * `form`: `curl -d` sends this type for every body by default. So the body contains events only if it looks
 * like JSON.
 */
export type LabelledFormat = Source['format'] | 'form';

/**
 * The names of JSON with one value a line. No name is registered (github.com/ndjson/ndjson-spec,
 * jsonlines.org).
 */
const NDJSON_NAMES = ['ndjson', 'x-ndjson', 'jsonl', 'x-jsonl', 'jsonlines', 'x-jsonlines'];

/**
 * A missing type is read as JSON. So is `text/plain`, the type that browsers' `sendBeacon` gives to a text.
 */
const FORMAT_BY_TYPE: ReadonlyMap<string, LabelledFormat> = new Map<string, LabelledFormat>([
	['', 'json'],
	['text/plain', 'json'],
	['application/x-www-form-urlencoded', 'form'],
	...['application', 'text'].flatMap((kind): Array<[string, LabelledFormat]> => [
		...['json', 'x-json'].map((name): [string, LabelledFormat] => [`${kind}/${name}`, 'json']),
		...NDJSON_NAMES.map((name): [string, LabelledFormat] => [`${kind}/${name}`, 'ndjson']),
	]),
]);

/** JSON is sent in UTF-8 (RFC 8259, section 8.1). ASCII is a subset of it. */
const READABLE_CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** The content codings that n8n decodes before the body gets here; at most one coding. */
const UNDONE_CODINGS: ReadonlySet<string> = new Set(['gzip', 'deflate']);

/**
 * The format in which to read the body, by its headers `Content-Type` and `Content-Encoding` (RFC 9110,
 * sections 8.3 and 8.4). Unreadable with status 415 when they name something that is not supported.
 */
export function labelledFormat(request: IncomingRequest): LabelledFormat | UnreadableBody {
	const [sent = '', ...others] = headerValues(request, 'content-type');
	if (others.some((other) => other !== sent)) {
		return new UnreadableBody(415, 'media_type', 'Content-Type came more than once, with different values');
	}
	const fault = codingFault(request);
	if (fault !== null) return fault;
	const usual = FORMAT_BY_TYPE.get(sent);
	if (usual !== undefined) return usual;
	const { type, parameters } = parse(sent);
	const format = type.endsWith('+json') ? 'json' : FORMAT_BY_TYPE.get(type);
	if (format === undefined) return unsupportedType(sent);
	const charset = charsetIn(parameters);
	if (READABLE_CHARSETS.has(charset)) return format;
	return new UnreadableBody(415, 'encoding', `The charset ${quote(charset)} is not supported: send UTF-8`);
}

/** Why an encoded body can't be read: it has a coding that is not decoded here. Usually null. */
export function codingFault(request: IncomingRequest): UnreadableBody | null {
	const codings = headerValues(request, 'content-encoding').filter(
		(coding) => !/^(?:[ ,]|identity)*$/i.test(coding),
	);
	const unknown = codings.find((coding) => !UNDONE_CODINGS.has(coding.toLowerCase()));
	if (unknown === undefined && codings.length <= 1) return null;
	const coding = quote(unknown ?? codings.join(', '));
	return new UnreadableBody(
		415,
		'encoding',
		`The Content-Encoding ${coding} is not supported: send gzip, deflate or none`,
	);
}

/** The media type of a body, in lower case and without parameters. Empty when there is none. */
export function contentTypeOf(request: IncomingRequest): string {
	return parse(contentTypeHeader(request)).type;
}

/**
 * Whether a media type, as returned by {@link contentTypeOf}, is JSON (RFC 6838, section 4.2.8, for `+json`).
 */
export const isJsonType = (type: string): boolean =>
	type.endsWith('+json') || /^(?:application|text)\/(?:x-)?json$/.test(type);

/** The charset of a body, in lower case. `utf-8` when none is named. */
export function charsetOf(request: IncomingRequest): string {
	return charsetIn(parse(contentTypeHeader(request)).parameters);
}

const charsetIn = ({ charset }: ReturnType<typeof parse>['parameters']): string =>
	charset?.toLowerCase() || 'utf-8';

/** Reports which content types are supported. */
export function unsupportedType(value: string): UnreadableBody {
	return new UnreadableBody(
		415,
		'media_type',
		`The Content-Type ${quote(value)} is not supported: send application/json or application/x-ndjson`,
	);
}

const contentTypeHeader = (request: IncomingRequest): string =>
	headerValues(request, 'content-type')[0] ?? '';

/** All values of a header. If `Content-Type` was sent twice, `headers` contains only the first one. */
function headerValues({ headers, rawHeaders }: IncomingRequest, name: string): string[] {
	if (headers[name] === undefined) return [];
	return rawHeaders.filter((_, at) => {
		const rawName = at % 2 === 1 ? rawHeaders[at - 1] : undefined;
		return rawName?.length === name.length && rawName.toLowerCase() === name;
	});
}
