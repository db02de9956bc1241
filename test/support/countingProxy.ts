import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes on what comes to n8n, and counts the calls of its API. */
export class CountingProxy {
	readonly calls: string[] = [];
	private constructor(private readonly server: Server) {}

	static async before(baseUrl: string): Promise<CountingProxy> {
		const server = createServer();
		const proxy = new CountingProxy(server);
		server.on('request', (incoming, outgoing) => {
			proxy.calls.push(`${incoming.method} ${incoming.url}`);
			const { method = 'GET', headers } = incoming;
			const passed = httpRequest(new URL(incoming.url ?? '/', baseUrl), { method, headers }, (answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			});
			passed.on('error', () => outgoing.destroy());
			incoming.pipe(passed);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return proxy;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
