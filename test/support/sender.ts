import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

/** What came back. */
export interface Answer {
	readonly status: number;
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly text: string;
	/** The body as JSON; undefined when it is none. */
	readonly body: any;
}

/** Headers as they go out; a list sends a header several times. */
export type Headers = Record<string, string | string[]>;

function answerOf(status: number, headers: Answer['headers'], text: string): Answer {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		body = undefined;
	}
	return { status, headers, text, body };
}

/**
 * POSTs exactly these bytes with exactly these headers; nothing is added but what HTTP needs. From another
 * address, to be another sender.
 */
export async function post(
	url: string,
	body: Buffer | string,
	headers: Headers = {},
	localAddress?: string,
): Promise<Answer> {
	return await new Promise((resolve, reject) => {
		const bytes = Buffer.from(body);
		const outgoing = httpRequest(
			url,
			{
				...{ method: 'POST', agent: false, ...(localAddress === undefined ? {} : { localAddress }) },
				headers: { 'content-length': String(bytes.length), ...headers },
			},
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
				incoming.on('end', () =>
					resolve(
						answerOf(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks).toString('utf8')),
					),
				);
				incoming.on('error', reject);
			},
		);
		outgoing.on('error', reject);
		outgoing.end(bytes);
	});
}

/**
 * Writes raw bytes to a server and gives back everything it answered until it closed, or until the time is
 * over.
 */
export async function postRaw(port: number, bytes: string | Buffer, closeAfterMs: number): Promise<string> {
	return await new Promise((resolve) => {
		let answered = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
		const timer = setTimeout(() => socket.destroy(), closeAfterMs);
		socket.on('data', (chunk) => (answered += chunk.toString('latin1')));
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(answered);
		});
	});
}

/**
 * The headers of the gameInsights scheme for a body: timestamp in milliseconds, HMAC over `timestamp.body`.
 */
export function signed(body: Buffer | string, secret: string, timestampMs: number = Date.now()): Headers {
	const signature = createHmac('sha256', secret).update(`${timestampMs}.`).update(body).digest('hex');
	return { 'x-webhook-timestamp': String(timestampMs), 'x-webhook-signature': `sha256=${signature}` };
}

/** JSON with its content type, and the key of the API key credential. */
export const withKey = (apiKey: string, contentType = 'application/json'): Headers => ({
	'content-type': contentType,
	'x-api-key': apiKey,
});
