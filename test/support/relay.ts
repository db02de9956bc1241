import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What the relay does with a request: it passes it on and hands the answer back; it answers with a status
 * itself, and nothing is passed on; it passes it on and cuts the sender off once the answer is there, so that
 * the sender never learns that it was taken; or it cuts the sender off as soon as the request is passed on,
 * so that a repetition may come while the first is still under way.
 */
export type Treatment =
	'forward' | 'loseAnswer' | 'cutOff' | { readonly status: number; readonly retryAfter?: number };

/** A request as the relay saw it. */
export interface RelayedRequest {
	readonly treatment: Treatment;
	/** What was answered by the receiver; null where nothing was passed on. */
	readonly status: number | null;
}

/** A poor network in front of a receiver on this machine: bytes and headers pass through it unchanged. */
export class Relay {
	readonly requests: RelayedRequest[] = [];
	/** What is passed on right now. */
	private readonly underWay = new Set<Promise<void>>();

	private constructor(
		private readonly server: Server,
		private readonly target: URL,
	) {}

	/**
	 * Starts one on 127.0.0.1.
	 *
	 * @param target a URL of the receiver
	 * @param treatments one for each request, in the order in which they come; from the last on all over again
	 */
	static async before(target: string, treatments: readonly Treatment[]): Promise<Relay> {
		const server = createServer();
		const relay = new Relay(server, new URL(target));
		let count = 0;
		server.on('request', (sent: IncomingMessage, answer: ServerResponse) => {
			const treatment = treatments[count++ % treatments.length] ?? 'forward';
			const done = relay.treat(treatment, sent, answer).finally(() => relay.underWay.delete(done));
			relay.underWay.add(done);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return relay;
	}

	/** The receiver's URL, through this relay. */
	get url(): URL {
		const { port } = this.server.address() as AddressInfo;
		return Object.assign(new URL(this.target), { port: String(port) });
	}

	/** Lets what is passed on come to its end, then stops. */
	async stop(): Promise<void> {
		await Promise.all(this.underWay);
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async treat(treatment: Treatment, sent: IncomingMessage, answer: ServerResponse): Promise<void> {
		const body = await buffer(sent);
		if (typeof treatment === 'object') {
			this.requests.push({ treatment, status: null });
			const wait = treatment.retryAfter === undefined ? {} : { 'retry-after': String(treatment.retryAfter) };
			answer.writeHead(treatment.status, { 'content-type': 'text/plain', ...wait }).end('Try again');
			return;
		}
		const passed = this.forward(sent, body);
		if (treatment === 'cutOff') sent.socket.destroy();
		const received = await passed;
		this.requests.push({ treatment, status: received.status });
		if (treatment === 'loseAnswer') sent.socket.destroy();
		if (treatment === 'forward') answer.writeHead(received.status, received.headers).end(received.body);
	}

	private async forward(
		{ method, url, rawHeaders }: IncomingMessage,
		body: Buffer,
	): Promise<{ status: number; headers: string[]; body: Buffer }> {
		const { hostname, port } = this.target;
		const reply = await new Promise<IncomingMessage>((resolve, reject) => {
			request({ hostname, port, method, path: url, headers: rawHeaders as never })
				.on('response', resolve)
				.on('error', reject)
				.end(body);
		});
		return { status: reply.statusCode ?? 0, headers: reply.rawHeaders, body: await buffer(reply) };
	}
}
