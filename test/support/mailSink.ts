import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server that takes every mail (RFC 5321, as much of it as a client needs) and keeps its text. */
export class MailSink {
	readonly mails: string[] = [];
	private readonly sockets = new Set<Socket>();

	private constructor(private readonly server: Server) {}

	static async start(): Promise<MailSink> {
		const server = createServer();
		const sink = new MailSink(server);
		server.on('connection', (socket) => sink.talk(socket));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return sink;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private talk(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('error', () => undefined);
		const say = (line: string) => socket.write(`${line}\r\n`);
		let mail: string[] | null = null;
		createInterface({ input: socket }).on('line', (line) => {
			if (mail !== null) {
				if (line !== '.') return void mail.push(line);
				this.mails.push(mail.join('\n'));
				mail = null;
				say('250 kept');
			} else if (/^DATA/i.test(line)) {
				mail = [];
				say('354 go on');
			} else if (/^QUIT/i.test(line)) {
				socket.end('221 bye\r\n');
			} else say('250 ok');
		});
		say('220 sink');
	}
}
