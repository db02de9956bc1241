import type { IWebhookFunctions } from 'n8n-workflow';
import { quote } from '../../shared/json/jsonValue';
import type { IncomingRequest } from '../intake/receipt';
import { Refusal } from '../../shared/refusal';

/** The part of n8n's request object that is used here; `readRawBody` is n8n's own addition to Express. */
interface RawBodyRequest {
	readonly headers: Record<string, string | string[] | undefined>;
	readonly rawHeaders: readonly string[];
	/** Behind proxies it is the sender's only when n8n was told how many there are, with `N8N_PROXY_HOPS`. */
	readonly ip?: string;
	/** Express keeps here what its routers take off from `url`. */
	readonly originalUrl?: string;
	readonly url?: string;
	readonly rawBody?: Buffer;
	/** What n8n has read of the body by itself. */
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

/** The codings that n8n undoes while it reads a body, in no other spelling. */
const UNDONE_BY_N8N: ReadonlySet<string> = new Set(['gzip', 'deflate']);

/**
 * Has n8n unpack what it would leave packed: codings are named in any case, and `x-gzip` is gzip (RFC 9110,
 * sections 8.4.1 and 8.4.1.3). n8n looks for the very name, and is the one who knows how large an unpacked
 * body may be.
 *
 * @returns The raw headers, with the coding as n8n has undone it.
 * @throws Refusal 415 when n8n has read the body already, and left it packed
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
 * Of a form with files n8n keeps the fields and not the bytes, unless the option `binaryData` says to leave
 * it alone.
 */
const isForm = ({ body, headers }: RawBodyRequest): boolean =>
	body !== undefined && /^multipart\//i.test(headers['content-type'] as string);

function readAsForm(): Refusal {
	const message = 'Forms are not supported: send application/json or application/x-ndjson.';
	return new Refusal(415, 'unsupported_media_type', message);
}

/**
 * The request as the pure core takes it, with the exact bytes of its body. With the node's hidden
 * `binaryData` option n8n has left the body unread; without it, or with version 2 of the node, n8n has read
 * it already.
 * @throws Refusal 415 when n8n has read it as a form, 413 when the body is larger than n8n's limit, 415 or
 * 400 when it can't be unpacked, 400 when it did not arrive whole
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
