/** A separate Redis on 127.0.0.1: start, stop, start again with its data, delete. */
const { spawn } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { connect } = require('node:net');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { PlainError } = require('./plainError');
const { freePort } = require('./ports');
const { demand } = require('./programs');

const START_TIMEOUT_MS = 20_000;

class Redis {
	#folder;
	/** @type {import('node:child_process').ChildProcess | null} */
	#process = null;

	/**
	 * @param {string} folder
	 * @param {number} port
	 */
	constructor(folder, port) {
		this.#folder = folder;
		this.port = port;
	}

	/** Starts an empty Redis. */
	static async start() {
		const redis = new Redis(mkdtempSync(path.join(tmpdir(), 'game-insights-redis-')), await freePort());
		await redis.start();
		return redis;
	}

	/** The environment variables with which n8n uses it. */
	get environment() {
		return { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** Starts the server on its folder and port, and waits until it takes connections. */
	async start() {
		const child = spawn(
			demand('redis-server'),
			// Configured like a Redis for a queue: written data still exists after a stop.
			['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--appendonly', 'yes'],
			{ stdio: 'ignore' },
		);
		this.#process = child;
		process.once('exit', () => child.kill('SIGKILL'));
		const deadlineMs = Date.now() + START_TIMEOUT_MS;
		while (!(await this.#answers())) {
			if (child.exitCode !== null || Date.now() > deadlineMs) throw new PlainError('Redis did not start.');
			await sleep(50);
		}
	}

	/** @returns {Promise<boolean>} */
	#answers() {
		return new Promise((resolve) => {
			const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
			socket.once('data', (data) => {
				socket.destroy();
				resolve(data.toString().startsWith('+PONG'));
			});
			socket.once('error', () => resolve(false));
		});
	}

	/** Closes every connection and stops. Written data stays. */
	async stop() {
		const child = this.#process;
		if (!child || child.exitCode !== null) return;
		const exited = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGTERM');
		await exited;
	}

	/** Stops the server and deletes its data. */
	async remove() {
		await this.stop();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

module.exports = { Redis };
