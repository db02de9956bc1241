/**
 * What one operation of the queue costs while 10 to 100,000 events wait: taking a request in, ending the
 * execution under way (well, or failing) and starting the next one. Should not depend on how many wait.
 * And how much slower the queue is when events have values of `orderBy`.
 */
import { performance } from 'node:perf_hooks';
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Bench } from 'tinybench';
import { lab, root } from '../../lab/paths.js';
import { table } from '../../scripts/table.mjs';

const WAITING = [10, 100, 1_000, 10_000, 100_000];
/** More than this times the cost at 10 waiting events is not flat. */
const MOST_GROWTH = 5;
/** Events in order may be this much slower. */
const LEAST_SHARE = 0.9;
const VALUES = 1_000;

const bundle = path.join(lab, 'bench', 'queue.cjs');
mkdirSync(path.dirname(bundle), { recursive: true });
await build({
	entryPoints: [path.join(root, 'nodes', 'GameInsightsWebhook', 'queue', 'queue.ts')],
	outfile: bundle,
	bundle: true,
	platform: 'node',
	format: 'cjs',
});
const { Queue } = (await import(pathToFileURL(bundle).href)).default;

const settings = {
	respond: 'onAccept',
	retry: true,
	maxRetries: 1_000_000,
	initialDelayMs: 60_000,
	backoffMultiplier: 1,
	maxDelayMs: 60_000,
	jitter: true,
	maxAgeMs: Number.MAX_SAFE_INTEGER,
	nonRetryableErrors: [],
	isolateFailures: true,
	executionPer: 'request',
	// Off: in an outage nothing but a probe is executed.
	pauseAfterFailedEvents: 0,
	maxEventsPerExecution: 100,
	maxConcurrentExecutions: 1,
	maxPendingEvents: 1_000_000,
	acceptTimeoutMs: 3_600_000,
	deduplicationWindowMs: 600_000,
};

/** A queue with one execution under way, and an n8n that is moved by hand. */
class World {
	#ids = 0;
	#nowMs = 1_700_000_000_000;
	/** @type {(() => void)[]} */
	#begin = [];
	/** @type {((outcome: object) => void)[]} */
	#end = [];
	#queue = new Queue({
		now: () => this.#nowMs,
		elapsedMs: () => this.#nowMs,
		sleep: () => new Promise(() => {}),
		random: Math.random,
		newId: () => String(++this.#ids),
		eventTexts: () => [],
		log: { error: console.error },
	});

	/** @param {Partial<typeof settings>} [more] */
	constructor(more = {}) {
		this.#queue.open(
			() => ({
				begun: new Promise((resolve) => this.#begin.push(() => resolve(undefined))),
				ended: new Promise((resolve) => this.#end.push(resolve)),
			}),
			{ ...settings, ...more },
		);
	}

	get waiting() {
		return this.#queue.size.waiting;
	}

	get isBusy() {
		return this.#queue.size.running === 1;
	}

	/** @param {string} [orderKey] */
	offer(orderKey) {
		const id = `request-${++this.#ids}`;
		const answer = this.#queue.offer({
			requestId: id,
			receivedAtMs: this.#nowMs,
			endpoint: '',
			sender: { method: 'apiKey', keyId: 'current', claims: null },
			source: { format: 'json', text: '{}' },
			batchSize: 1,
			bytes: 100,
			events: [{ index: 0, deduplicationKey: id, ...(orderKey === undefined ? {} : { orderKey }) }],
			deadLetters: [],
		});
		if ('retryAfterSeconds' in answer) throw new Error('The queue is full');
	}

	/** All executions under way end well. */
	async endAll() {
		for (const begin of this.#begin.splice(0)) begin();
		for (const end of this.#end.splice(0)) end({ kind: 'processed' });
		for (let turns = 0; turns < 6; turns++) await undefined;
	}

	/** @param {object} outcome */
	async end(outcome) {
		this.#begin.shift()?.();
		this.#end.shift()?.(outcome);
		for (let turns = 0; turns < 4; turns++) await undefined;
	}

	/** @param {number} milliseconds */
	pass(milliseconds) {
		this.#nowMs += milliseconds;
	}
}

const failed = { kind: 'failed', failure: { executionId: '7', message: 'no', node: null } };
const operations = [
	{
		name: 'offer, process, start the next',
		/** @param {World} world @param {number} waiting */
		fill: async (world, waiting) => {
			for (let n = 0; n <= waiting; n++) world.offer();
		},
		/** @param {World} world */
		run: async (world) => {
			world.offer();
			await world.end({ kind: 'processed' });
		},
	},
	{
		name: 'fail, wait for the retry, start one that is due',
		/** @param {World} world @param {number} waiting */
		fill: async (world, waiting) => {
			for (let n = 0; n <= waiting; n++) {
				world.offer();
				await world.end(failed);
			}
			// From now on as many become due as fail.
			world.pass(60_000);
			world.offer();
		},
		/** @param {World} world @param {number} waiting */
		run: async (world, waiting) => {
			world.pass(60_000 / waiting);
			await world.end(failed);
		},
	},
];

const rows = [];
let isFlat = true;
for (const { name, fill, run } of operations) {
	/** @type {number[]} */
	const micros = [];
	for (const waiting of WAITING) {
		const world = new World();
		await fill(world, waiting);
		let best = Infinity;
		// Somebody else's work on the machine only ever makes it slower.
		for (let round = 0; round < 3; round++) {
			const bench = new Bench({ time: 300, warmupTime: 100, retainSamples: true });
			bench.add(name, async () => run(world, waiting), { async: true });
			const [task] = await bench.run();
			const result = /** @type {import('tinybench').TaskResultCompleted} */ (task?.result);
			if (result.state !== 'completed') throw new Error(`${name}: ${JSON.stringify(result)}`);
			if (!world.isBusy || Math.abs(world.waiting - waiting) > 2)
				throw new Error(`${world.waiting} wait, not ${waiting}`);
			best = Math.min(best, result.latency.p50 * 1_000);
		}
		micros.push(best);
	}
	rows.push([name, ...micros.map((each) => each.toFixed(1))]);
	if (Math.max(...micros) > MOST_GROWTH * /** @type {number} */ (micros[0])) isFlat = false;
}
console.log('Microseconds for one operation (median) while so many events wait:\n');
console.log(table(['', ...WAITING.map((waiting) => waiting.toLocaleString('en'))], rows));

/**
 * Events a second, in microseconds of the queue's own work, while 10,000 wait.
 *
 * @param {'event' | 'group'} executionPer
 * @param {boolean} isOrdered
 */
async function throughput(executionPer, isOrdered) {
	const world = new World({ executionPer, maxConcurrentExecutions: 5 });
	let offered = 0;
	const offer = () => world.offer(isOrdered ? `=${offered++ % VALUES}` : undefined);
	while (world.waiting < 10_000) offer();
	let settled = 0;
	const startedAtMs = performance.now();
	while (performance.now() - startedAtMs < 700) {
		await world.endAll();
		while (world.waiting < 10_000) {
			offer();
			settled++;
		}
	}
	return settled / ((performance.now() - startedAtMs) / 1_000);
}

const shares = [];
let isFast = true;
for (const executionPer of /** @type {const} */ (['event', 'group'])) {
	let plain = 0;
	let ordered = 0;
	// In turn, and the best of each: somebody else's work only ever makes it slower.
	for (let round = 0; round < 6; round++) {
		plain = Math.max(plain, await throughput(executionPer, false));
		ordered = Math.max(ordered, await throughput(executionPer, true));
	}
	const figures = [plain, ordered].map((each) => Math.round(each).toLocaleString('en'));
	shares.push([executionPer, ...figures, (ordered / plain).toFixed(2)]);
	if (ordered < LEAST_SHARE * plain) isFast = false;
}
console.log('\nEvents a second through the queue, while 10,000 wait:\n');
console.log(
	table(['one execution per', 'not in order', `${VALUES.toLocaleString('en')} values`, 'share'], shares),
);
if (!isFast) {
	console.error(`\nSlow: less than ${LEAST_SHARE} of what it is without an order.`);
	process.exitCode = 1;
}
if (!isFlat) {
	console.error(`\nNot flat: more than ${MOST_GROWTH} times the cost at ${WAITING[0]}.`);
	process.exit(1);
}
