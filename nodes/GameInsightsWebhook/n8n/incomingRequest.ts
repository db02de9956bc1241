import type { IWebhookFunctions } from 'n8n-workflow';
import { quote } from '../../shared/json/jsonValue';
import type { IncomingRequest } from '../intake/receipt';
import { Refusal } from '../../shared/refusal';

/** The part of n8n's request object that is used here. n8n adds `readRawBody` to Express. */
interface RawBodyRequest {
	readonly headers: Record<string, string | string[] | undefined>;
	readonly rawHeaders: readonly string[];
	/** Behind proxies, it is the sender's address only if `N8N_PROXY_HOPS` contains the number of proxies. */
	readonly ip?: string;
	/** Express keeps the full URL here; its routers remove parts of `url`. */
	readonly originalUrl?: string;
	readonly url?: string;
	readonly rawBody?: Buffer;
	/** The body, if n8n has already parsed it. */
	readonly body?: unknown;
	readRawBody(): Promise<void>;
}

/** Why a body could not be read, as a refusal. The fields are those of `raw-body` and of Node.js's zlib. */
function unreadable(error: unknown): Refusal {
	const { type, code, message } = (error ?? {}) as { type?: unknown; code?: unknown; message?: unknown };
	const details = { operatorMessage: `The body could not be read: ${String(message)}` };
	if (type === 'entity.too.large') {
		return new Refusal(413, 'payload_too_large', 'The body is larger than this server takes.', details);
	}
	if (typeof code === 'string' && code.startsWith('Z_')) {
		return new Refusal(
			400,
			'invalid_body',
			'The body could not be unpacked: it is not what its Content-Encoding says.',
			details,
		);
	}
	return new Refusal(400, 'invalid_body', 'The body did not arrive whole.', details);
}

/** The content codings that n8n decodes while it reads a body, only in exactly this spelling. */
const UNDONE_BY_N8N: ReadonlySet<string> = new Set(['gzip', 'deflate']);

/**
 * Makes n8n decode bodies that it would leave encoded: names of codings are case-insensitive, and `x-gzip`
 * means gzip (RFC 9110, sections 8.4.1 and 8.4.1.3). n8n only knows the exact names. n8n has to decode,
 * because it applies its limit for the size of a decoded body.
 *
 * @returns the raw headers, with the coding that n8n has decoded
 * @throws Refusal 415 when n8n has already read the body without decoding it
 */
function withKnownCoding(request: RawBodyRequest): readonly string[] {
	const value = request.headers['content-encoding'];
	if (typeof value !== 'string') return request.rawHeaders;
	const codings = value
		.toLowerCase()
		.split(',')
		.map((name) => name.trim().replace(/^x-gzip$/, 'gzip'))
		.filter((name) => name !== '' && name !== 'identity');
	const [coding = ''] = codings;
	if (codings.length !== 1 || !UNDONE_BY_N8N.has(coding) || coding === value) return request.rawHeaders;
	if (request.rawBody !== undefined) {
		const message = `The Content-Encoding ${quote(value)} is not supported: send ${coding}, in lower case.`;
		throw new Refusal(415, 'unsupported_media_type', message);
	}
	request.headers['content-encoding'] = coding;
	const isCoding = (name: string | undefined): boolean => name?.toLowerCase() === 'content-encoding';
	const others = request.rawHeaders.filter((_, at, all) => !isCoding(all[at - (at % 2)]));
	return [...others, 'content-encoding', coding];
}

/**
 * For a form with files, n8n keeps the fields but not the bytes, unless the option `binaryData` prevents
 * that.
 */
const isForm = ({ body, headers }: RawBodyRequest): boolean =>
	body !== undefined && /^multipart\//i.test(headers['content-type'] as string);

function readAsForm(): Refusal {
	const message = 'Forms are not supported: send application/json or application/x-ndjson.';
	return new Refusal(415, 'unsupported_media_type', message);
}

/**
 * The request in the form that the pure core needs, with the exact bytes of its body. With the node's hidden
 * `binaryData` option n8n has left the body unread. Without it, or with version 2 of the node, n8n has
 * already read the body.
 * @throws Refusal 415 when n8n has read it as a form, 413 when the body is larger than n8n's limit, 415 or
 * 400 when it can't be decoded, 400 when it did not arrive completely
 */
export async function incomingRequest(
	context: IWebhookFunctions,
	requestId: string,
): Promise<IncomingRequest> {
	const request = context.getRequestObject() as unknown as RawBodyRequest;
	const rawHeaders = withKnownCoding(request);
	try {
		if (request.rawBody === undefined) await request.readRawBody();
	} catch (error) {
		throw isForm(request) ? readAsForm() : unreadable(error);
	}
	return {
		requestId,
		receivedAtMs: Date.now(),
		address: request.ip ?? null,
		target: request.originalUrl ?? request.url ?? '',
		headers: request.headers,
		rawHeaders,
		body: request.rawBody ?? Buffer.alloc(0),
	};
}
