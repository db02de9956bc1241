/**
 * A real n8n as a child process on 127.0.0.1: start, stop, kill, start again. With its log and its command
 * line.
 */
const { execFile, spawn } = require('node:child_process');
const { appendFileSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { createInterface } = require('node:readline');
const { setTimeout: sleep } = require('node:timers/promises');
const { promisify } = require('node:util');
const { N8nApi } = require('./api');
const { environmentOf } = require('./environment');
const { install } = require('./install');
const { owner } = require('./owner');
const { pack } = require('./pack');
const { generation, n8n, node } = require('./paths');
const { PlainError } = require('./plainError');
const { freePort } = require('./ports');
const { copyOf, installPackage, preparedFolder } = require('./userFolder');

/** The line that n8n logs once it serves requests. */
const readyLine = {
	start: /Editor is now accessible via/,
	worker: /n8n worker is now ready/,
	webhook: /Webhook listener waiting for requests/,
};

/** Counts how often n8n has started the triggers of all published workflows. It does so once at start-up. */
const triggerPasses = /^n8n_workflow_publication_reconciliation_duration_seconds_count\S* (\d+)/m;

/**
 * @typedef {object} StartOptions
 * @property {string} [label] part of the user folder's name, to recognise a folder that was left behind
 * @property {string} [userFolder] an existing folder to run in; else a fresh one with the packed package
 * installed
 * @property {'start' | 'worker' | 'webhook'} [command]
 * @property {string[]} [args] more arguments of the command, e.g. `['--concurrency=5']`
 * @property {number} [port] else a free one
 * @property {Record<string, string>} [environment] n8n's variables, e.g. `{ N8N_PROXY_HOPS: '1' }`
 * @property {number} [readyTimeoutMs] 180,000 by default, because a busy machine needs long
 */

class RealN8n {
	/** Lines n8n wrote since it was made, over all starts. @type {string[]} */
	log = [];
	/** @type {import('node:child_process').ChildProcess | null} */
	#process = null;
	/** @type {StartOptions} */
	#options;
	#brokerPort;

	/**
	 * @param {string} userFolder
	 * @param {number} port
	 * @param {number} brokerPort
	 * @param {StartOptions} options
	 */
	constructor(userFolder, port, brokerPort, options) {
		this.userFolder = userFolder;
		this.port = port;
		this.baseUrl = `http://127.0.0.1:${port}`;
		/** n8n's internal REST API, signed in as the owner. */
		this.api = new N8nApi(this.baseUrl);
		this.#brokerPort = brokerPort;
		this.#options = options;
	}

	/** The process id while n8n runs, else null. */
	get pid() {
		return this.#process?.pid ?? null;
	}

	/**
	 * URL of a published webhook.
	 * @param {string} webhookPath e.g. `<webhookId>/game-insights`
	 */
	webhookUrl(webhookPath) {
		return `${this.baseUrl}/webhook/${webhookPath}`;
	}

	/**
	 * URL of a webhook that listens for a test event.
	 * @param {string} webhookPath
	 */
	testWebhookUrl(webhookPath) {
		return `${this.baseUrl}/webhook-test/${webhookPath}`;
	}

	/**
	 * Starts n8n with this instance's folder and port. Waits until the webhooks of published workflows are
	 * registered and their triggers run.
	 * @param {Record<string, string>} [environment] added to the instance's own variables, for this start
	 * @throws {PlainError} with the end of n8n's log when it does not start
	 */
	async start(environment = {}) {
		const { command = 'start', args = [], readyTimeoutMs = 180_000 } = this.#options;
		const firstLine = this.log.length;
		// n8n gets its own process group: it starts task runners, and all of them have to end together.
		const child = spawn(node, [n8n, command, ...args], {
			env: this.#environment(environment),
			cwd: this.userFolder,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.#process = child;
		child.once('exit', () => {
			if (this.#process === child) this.#process = null;
		});
		process.once('exit', () => signalGroup(child, 'SIGKILL'));
		await this.#untilReady(child, firstLine, readyLine[command], readyTimeoutMs);
		if (command !== 'start') return;
		this.api.signOut();
		// n8n 1 starts the triggers before it reports that it is ready.
		if (generation === '2') await this.#untilTriggersRun(readyTimeoutMs);
	}

	/**
	 * @param {import('node:child_process').ChildProcess} child
	 * @param {number} firstLine
	 * @param {RegExp} ready
	 * @param {number} timeoutMs
	 */
	async #untilReady(child, firstLine, ready, timeoutMs) {
		/** @type {(line: string) => void} */
		let onLine = () => {};
		for (const stream of [child.stdout, child.stderr]) {
			if (!stream) continue;
			createInterface({ input: stream }).on('line', (line) => {
				this.log.push(line);
				keepLine(logOf(this.userFolder), line);
				onLine(line);
			});
		}
		/** @type {NodeJS.Timeout | undefined} */
		let timer;
		const trouble = await new Promise((resolve) => {
			onLine = (line) => ready.test(line) && resolve(null);
			child.once('error', (error) => resolve(`could not be started: ${error.message}`));
			child.once('exit', (code, signal) =>
				resolve(`ended with ${signal ?? `code ${code}`} before it was ready`),
			);
			timer = setTimeout(() => resolve(`was not ready after ${timeoutMs / 1000} s`), timeoutMs);
		});
		clearTimeout(timer);
		onLine = () => {};
		if (trouble === null) return;
		await this.kill();
		throw new PlainError(
			`n8n ${trouble}. The end of its log:\n${this.log.slice(firstLine).slice(-20).join('\n')}`,
		);
	}

	/**
	 * While n8n is still starting the triggers of workflows, it already answers webhooks that it knows from
	 * before.
	 * @param {number} timeoutMs
	 */
	async #untilTriggersRun(timeoutMs) {
		const deadlineMs = Date.now() + timeoutMs;
		for (;;) {
			const metrics = await (await fetch(`${this.baseUrl}/metrics`)).text();
			if (Number(triggerPasses.exec(metrics)?.[1] ?? 0) > 0) return;
			if (Date.now() > deadlineMs) throw new PlainError(`n8n started no triggers in ${timeoutMs / 1000} s.`);
			await sleep(20);
		}
	}

	/**
	 * Asks n8n to stop and waits for its end. Kills it when that takes too long.
	 * @returns {Promise<boolean>} whether it stopped by itself
	 */
	async stop(timeoutMs = 30_000) {
		const child = this.#process;
		if (!child) return true;
		const exited = untilExited(child);
		child.kill('SIGTERM');
		const inTime = await Promise.race([exited.then(() => true), sleep(timeoutMs, false, { ref: false })]);
		// Other processes of its group that are still running are killed, too.
		signalGroup(child, 'SIGKILL');
		await exited;
		return inTime;
	}

	/** Simulates a power cut: `kill -9` for n8n and all processes that it started. */
	async kill() {
		const child = this.#process;
		if (!child) return;
		const exited = untilExited(child);
		signalGroup(child, 'SIGKILL');
		await exited;
	}

	/**
	 * Stops n8n and starts it again in the same folder on the same port.
	 * @param {Record<string, string>} [environment]
	 */
	async restart(environment = {}) {
		await this.stop();
		await this.start(environment);
	}

	/** Stops n8n and deletes its folder. */
	async remove() {
		await this.stop();
		rmSync(this.userFolder, { recursive: true, force: true, maxRetries: 5 });
	}

	/**
	 * Runs n8n's command line with this instance's folder, e.g.
	 * `cli('import:workflow', '--input=workflow.json')`. To import and publish workflows like this, the
	 * instance has to be stopped.
	 * @param {...string} args
	 * @returns {Promise<string>} what it printed
	 */
	async cli(...args) {
		const { stdout } = await promisify(execFile)(node, [n8n, ...args], {
			env: this.#environment({ N8N_RUNNERS_BROKER_PORT: String(await freePort()) }),
			cwd: this.userFolder,
			maxBuffer: 64 * 1024 * 1024,
		});
		return stdout;
	}

	/** @param {Record<string, string>} more */
	#environment(more) {
		const instance = { userFolder: this.userFolder, port: this.port, brokerPort: this.#brokerPort };
		return environmentOf(instance, { ...this.#options.environment, ...more });
	}
}

/**
 * When a test fills the disk or has deleted the folder, the log file can't be written. `RealN8n.log` has the
 * lines in any case.
 * @param {string} file
 * @param {string} line
 */
function keepLine(file, line) {
	try {
		appendFileSync(file, `${line}\n`);
	} catch {
		// See above.
	}
}

/** @param {string} userFolder */
const logOf = (userFolder) => path.join(userFolder, 'n8n.log');

/** @param {import('node:child_process').ChildProcess} child */
function untilExited(child) {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => child.once('exit', () => resolve(undefined)));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
	}
}

/**
 * Makes sure that everything for a start exists: n8n itself, the packed package, the prepared user folder.
 * @param {(line: string) => void} say
 * @returns {Promise<{ tarball: string, prepared: string }>}
 */
async function prepare(say) {
	await install(say);
	const tarball = await pack(say);
	const prepared = await preparedFolder(async (userFolder) => {
		say('Letting n8n make its database (once) ...');
		const instance = await newInstance({ userFolder });
		await instance.start();
		try {
			await instance.api.setUpOwner(owner);
		} finally {
			await instance.stop();
		}
	});
	return { tarball, prepared };
}

/** @param {StartOptions & { userFolder: string }} options */
async function newInstance(options) {
	return new RealN8n(options.userFolder, options.port ?? (await freePort()), await freePort(), options);
}

/**
 * Starts a real n8n, in a new user folder with the packed package installed, or in `userFolder`.
 * @param {StartOptions} [options]
 * @param {(line: string) => void} [say]
 */
async function startN8n(options = {}, say = () => {}) {
	let { userFolder } = options;
	if (!userFolder) {
		const { tarball, prepared } = await prepare(say);
		userFolder = copyOf(prepared, options.label ?? 'n8n');
		installPackage(userFolder, tarball);
	}
	const instance = await newInstance({ ...options, userFolder });
	await instance.start();
	return instance;
}

/**
 * An n8n that another part of this test run started and will stop. It only needs its folder and its port. Its
 * log is read from the file. It can't be stopped or killed from here.
 * @param {{ userFolder: string, port: number }} running
 */
function attachedN8n({ userFolder, port }) {
	const instance = new RealN8n(userFolder, port, 0, {});
	const file = logOf(userFolder);
	Object.defineProperty(instance, 'log', { get: () => readFileSync(file, 'utf8').split('\n').slice(0, -1) });
	return instance;
}

module.exports = { RealN8n, attachedN8n, prepare, startN8n };
