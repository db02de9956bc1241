import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Program } from '../../lab/programs';
import { withPrograms } from '../support/programs';
import { type Headers, post } from '../support/sender';
import { type Endpoint, HMAC_SECRET, Instance, until } from './instance';

/**
 * The senders of examples/senders/ as programs of their own, against a real n8n behind a server that is busy
 * at first.
 */
const folder = path.join(__dirname, '../../examples/senders');

interface Snippet {
	/** Commands, one after the other; `$OUT` is a folder that is deleted afterwards. */
	readonly commands: ReadonlyArray<readonly string[]>;
	readonly files: readonly string[];
	readonly programs: readonly Program[];
}

const SNIPPETS: Readonly<Record<string, Snippet>> = {
	curl: { commands: [['sh', 'curl.sh']], files: ['curl.sh'], programs: ['curl', 'openssl'] },
	node: { commands: [[process.execPath, 'node.mjs']], files: ['node.mjs'], programs: [] },
	python: { commands: [['python3', 'python.py']], files: ['python.py'], programs: ['python3'] },
	php: { commands: [['php', 'php.php']], files: ['php.php'], programs: ['php'] },
	go: { commands: [['go', 'run', 'go/main.go']], files: ['go/main.go'], programs: ['go'] },
	java: {
		commands: [['java', 'java/GameInsights.java']],
		files: ['java/GameInsights.java'],
		programs: ['javac'],
	},
	csharp: {
		commands: [
			[
				'mcs',
				'-r:System.Net.Http.dll',
				'-out:$OUT/sender.exe',
				'csharp/GameInsightsSender.cs',
				'csharp/Program.cs',
			],
			['mono', '$OUT/sender.exe'],
		],
		files: ['csharp/GameInsightsSender.cs', 'csharp/Program.cs'],
		programs: ['mcs', 'mono'],
	},
	cpp: {
		commands: [
			['g++', '-std=c++17', '-Wall', '-o', '$OUT/sender', 'cpp/main.cpp', '-lcurl', '-lcrypto'],
			['$OUT/sender'],
		],
		files: ['cpp/main.cpp', 'cpp/GameInsightsSignature.h'],
		programs: ['libcurl'],
	},
};

/** What Lua lacks of Roblox's Luau, so that the signing half of the module runs here. */
const LUA = `
bit32 = {
	band = function(a, b, c) return a & b & (c or ~0) & 0xffffffff end,
	bnot = function(a) return ~a & 0xffffffff end,
	bxor = function(a, b, c) return (a ~ b ~ (c or 0)) & 0xffffffff end,
	rshift = function(a, n) return (a & 0xffffffff) >> n end,
	rrotate = function(a, n) a = a & 0xffffffff; return ((a >> n) | (a << (32 - n))) & 0xffffffff end,
}
io.write(dofile('roblox.lua').signature(arg[1], arg[2], arg[3]))
`;

let instance: Instance;
let endpoint: Endpoint;
let front: Server;
let refusals = 0;
const out = mkdtempSync(path.join(tmpdir(), 'game-insights-senders-'));

/** What a sender meets while n8n restarts: its page, its 404, then a line that is busy. */
const REFUSALS: ReadonlyArray<readonly [status: number, headers: object, text: string]> = [
	[200, { 'Content-Type': 'text/html' }, 'n8n is starting up. Please wait'],
	[404, { 'Content-Type': 'application/json' }, '{"code":404,"message":"not registered"}'],
	[429, { 'Retry-After': '1' }, '{}'],
];

/** Turns the first requests away, and lets the others through to n8n. */
async function busyAtFirst(): Promise<Server> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const [status, sent, refusal] = REFUSALS[refusals++] ?? [];
			if (status !== undefined) {
				response.writeHead(status, { ...sent, Connection: 'close' }).end(refusal);
				return;
			}
			const { host: _, connection: __, expect: ___, 'content-length': ____, ...headers } = request.headers;
			void post(endpoint.url, Buffer.concat(chunks), headers as Headers).then(
				({ status: answered, text }) => {
					response.writeHead(answered, { 'Content-Type': 'application/json', Connection: 'close' }).end(text);
				},
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

beforeAll(async () => {
	instance = await Instance.shared();
	endpoint = await instance.endpoint('hmac');
	front = await busyAtFirst();
}, 240_000);

afterAll(async () => {
	rmSync(out, { recursive: true, force: true });
	front.closeAllConnections();
	await new Promise((resolve) => front.close(resolve));
	await instance.remove();
}, 60_000);

beforeEach(() => {
	instance.sink.reset();
	refusals = 0;
});

async function run(
	command: readonly string[],
	secret = HMAC_SECRET,
): Promise<{ code: number | null; text: string }> {
	const [program = '', ...args] = command.map((part) => part.replace('$OUT', out));
	const { port } = front.address() as AddressInfo;
	const child = spawn(program, args, {
		cwd: folder,
		env: {
			...process.env,
			GAME_INSIGHTS_URL: `http://127.0.0.1:${port}/`,
			GAME_INSIGHTS_SECRET: secret,
			GOFLAGS: '-mod=mod',
			GOCACHE: path.join(out, 'go'),
		},
	});
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	return { code, text };
}

const signatureOf = (secret: string, timestamp: string, body: string): string =>
	`sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

function senderDelivers({ commands }: Snippet): void {
	const last = commands.at(-1) as readonly string[];

	it('delivers a signed batch, after it was told to come back', async () => {
		for (const command of commands.slice(0, -1)) expect(await run(command)).toMatchObject({ code: 0 });
		const startedMs = Date.now();
		const { code, text } = await run(last);
		expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/accepted/) });
		expect(Date.now() - startedMs).toBeGreaterThanOrEqual(7_000);
		expect(refusals).toBe(4);
		await until('the events', () => instance.sink.from('events').length > 0);
		const items = instance.sink.from('events').flatMap((delivery) => delivery.items);
		expect(items).toMatchObject([
			{ event_type: 'session_start', user_id: 'player-1', _delivery: { auth: { method: 'hmac' } } },
			{ event_type: 'purchase', properties: { item: 'sword', amount: 9.99, currency: 'EUR' } },
		]);
		expect(new Set(items.map((item) => item.event_id)).size).toBe(2);
	}, 180_000);

	it('gives up at once when its secret is wrong', async () => {
		refusals = REFUSALS.length;
		const { code, text } = await run(last, 'another secret of some length...');
		expect(code).not.toBe(0);
		expect(text).toContain('401');
		expect(refusals).toBe(REFUSALS.length + 1);
		expect(instance.sink.deliveries).toEqual([]);
	}, 180_000);
}

for (const [name, snippet] of Object.entries(SNIPPETS))
	withPrograms(snippet.programs, `the sender in ${name}`, () => senderDelivers(snippet));

withPrograms(['lua5.4'], 'the sender for Roblox, its signing half in Lua', () => {
	it('signs what n8n takes', async () => {
		writeFileSync(path.join(out, 'sign.lua'), LUA);
		for (const secret of [HMAC_SECRET, 'short', 'x'.repeat(64), 'long '.repeat(40)]) {
			for (const length of [0, 1, 2, 3, 16, 500]) {
				const filler = 'ž'.repeat(length);
				const body = `{"event_type":"race","event_id":"${secret.length}-${length}","filler":"${filler}"}`;
				const timestamp = String(Date.now());
				const { code, text } = await run(['lua5.4', '$OUT/sign.lua', secret, timestamp, body]);
				expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/^sha256=[0-9a-f]{64}$/) });
				expect(text).toBe(signatureOf(secret, timestamp, body));
				if (secret !== HMAC_SECRET) continue;
				const headers = { 'x-webhook-timestamp': timestamp, 'x-webhook-signature': text };
				expect(await post(endpoint.url, body, headers)).toMatchObject({ status: 200 });
			}
		}
	}, 240_000);
});

it('every file is run here, or says that it is not', () => {
	const run = [...Object.values(SNIPPETS).flatMap(({ files }) => files)];
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
	const notRun = files.filter((file) => !run.includes(file) && !file.endsWith('.md'));
	expect(notRun.sort()).toEqual(['cpp/GameInsightsUnreal.h', 'godot.gd', 'roblox.lua']);
	for (const file of notRun) expect(readFileSync(path.join(folder, file), 'utf8')).toContain('NOT RUN');
});
