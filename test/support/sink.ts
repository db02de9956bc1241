import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Which output of the trigger a delivery came from. */
export type SinkOutput = 'events' | 'retry' | 'deadLetter';

/** What one execution delivered from one output. */
export interface SinkDelivery {
	readonly output: SinkOutput;
	readonly items: any[];
	readonly atMs: number;
	/** How the sink answered; null until it has. */
	status: number | null;
}

/** How the world behind the workflow answers: with a status, 200 unless told, after a while if told. */
export type SinkBehaviour = (delivery: SinkDelivery) => number | Promise<number>;

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

/**
 * The world behind a workflow under test: each output of the trigger posts its items here, and the test
 * decides whether that works. So what came out of a real n8n, when and how often, is seen from outside.
 */
export class Sink {
	readonly deliveries: SinkDelivery[] = [];
	/** Replaced by a test to make the workflow fail or take its time. */
	behave: SinkBehaviour = () => 200;

	private constructor(private readonly server: Server) {}

	static async start(): Promise<Sink> {
		const server = createServer();
		const sink = new Sink(server);
		server.on('request', (request: IncomingMessage, response: ServerResponse) => {
			void sink.receive(request, response);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return sink;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Everything that an output delivered, in order. */
	from(output: SinkOutput): SinkDelivery[] {
		return this.deliveries.filter((delivery) => delivery.output === output);
	}

	/** What an output delivered and the sink said yes to. */
	succeeded(output: SinkOutput): SinkDelivery[] {
		return this.from(output).filter(({ status }) => status === 200);
	}

	/** Forgets what came and behaves well again. */
	reset(): void {
		this.deliveries.length = 0;
		this.behave = () => 200;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const output = (request.url ?? '').slice(1) as SinkOutput;
		const items = JSON.parse(await bodyOf(request)) as SinkDelivery['items'];
		const delivery: SinkDelivery = { output, items, atMs: Date.now(), status: null };
		this.deliveries.push(delivery);
		const status = await this.behave(delivery);
		delivery.status = status;
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ message: status === 200 ? 'ok' : `sink says ${status}` }));
	}
}
