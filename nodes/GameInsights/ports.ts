import { randomUUID } from 'crypto';
import { type IExecuteFunctions, type IHttpRequestOptions, sleep } from 'n8n-workflow';
import { type HttpAnswer, readAnswerBody } from './send/answer';
import type { OutgoingRequest, SendPorts } from './send/deliver';

/** n8n's response, with any status. The body is text. */
interface FullResponse {
	readonly statusCode: number;
	readonly headers: Record<string, unknown>;
	readonly body: unknown;
}

async function gzip(body: Buffer): Promise<Buffer> {
	const packed = new Blob([Uint8Array.from(body)]).stream().pipeThrough(new CompressionStream('gzip'));
	return Buffer.from(await new Response(packed).arrayBuffer());
}

/** Sends through n8n, so that n8n's proxy, certificates and rules for allowed addresses apply. */
async function post(
	context: IExecuteFunctions,
	timeoutMs: number,
	{ url, headers, body }: OutgoingRequest,
): Promise<HttpAnswer> {
	const options: IHttpRequestOptions = {
		method: 'POST',
		url,
		headers: { ...headers },
		body,
		timeout: timeoutMs,
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A POST that follows a redirect may become a GET, and its proof would go to an address that the user did
		// not choose.
		disableFollowRedirect: true,
	};
	const response = (await context.helpers.httpRequest(options)) as FullResponse;
	return { status: response.statusCode, headers: response.headers, body: readAnswerBody(response.body) };
}

/** The functions of a running n8n node that sending depends on. */
export function portsOf(context: IExecuteFunctions, timeoutMs: number): SendPorts {
	return {
		now: () => Date.now(),
		random: Math.random,
		newId: () => randomUUID(),
		gzip,
		post: async (request) => await post(context, timeoutMs, request),
		sleep: async (milliseconds) => {
			await sleep(milliseconds);
			context.getExecutionCancelSignal()?.throwIfAborted();
		},
	};
}
