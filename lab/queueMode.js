/**
 * n8n in queue mode with its own PostgreSQL and Redis: a main process, workers and a dedicated webhook
 * process.
 */
const { rmSync } = require('node:fs');
const { owner } = require('./owner');
const { Postgres } = require('./postgres');
const { prepare, startN8n } = require('./realN8n');
const { Redis } = require('./redis');
const { copyOf, installPackage } = require('./userFolder');

/** @typedef {import('./realN8n').RealN8n} RealN8n */

/**
 * @typedef {object} QueueModeOptions
 * @property {string} [label] names the folder
 * @property {number} [workers] 2 by default
 * @property {number} [concurrency] executions a worker runs at the same time; 10 by default, as in n8n
 * @property {boolean} [webhookProcess] whether there is a dedicated webhook process; true by default
 * @property {Record<string, string>} [environment] for all of n8n's processes
 */

/**
 * n8n notices after a minute and a half that a worker has died. Tests that wait for this shorten the time. In
 * milliseconds, like n8n's own settings with these names.
 */
const soonNoticed = {
	QUEUE_WORKER_LOCK_DURATION: '4000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

class QueueMode {
	/**
	 * @param {object} parts
	 * @param {string} parts.userFolder shared by n8n's processes
	 * @param {Postgres} parts.postgres
	 * @param {Redis} parts.redis
	 * @param {RealN8n} parts.main
	 * @param {RealN8n[]} parts.workers
	 * @param {RealN8n | null} parts.webhookProcess
	 */
	constructor({ userFolder, postgres, redis, main, workers, webhookProcess }) {
		this.userFolder = userFolder;
		this.postgres = postgres;
		this.redis = redis;
		this.main = main;
		this.workers = workers;
		this.webhookProcess = webhookProcess;
	}

	/**
	 * @param {QueueModeOptions} [options]
	 * @param {(line: string) => void} [say]
	 */
	static async start(options = {}, say = () => {}) {
		const { label = 'queue', workers = 2, concurrency = 10, webhookProcess = true } = options;
		const { tarball, prepared } = await prepare(say);
		const userFolder = copyOf(prepared, label);
		installPackage(userFolder, tarball);
		const postgres = await Postgres.start();
		const redis = await Redis.start();
		const environment = {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			...postgres.environment,
			...redis.environment,
			...options.environment,
		};
		const common = { userFolder, environment, readyTimeoutMs: 120_000 };
		// The first process has to create the database before the others use it.
		const main = await startN8n(common);
		await main.api.setUpOwner(owner);
		const worker = {
			...common,
			command: /** @type {const} */ ('worker'),
			args: [`--concurrency=${concurrency}`],
		};
		const started = await Promise.all([
			...Array.from({ length: workers }, () => startN8n(worker)),
			...(webhookProcess ? [startN8n({ ...common, command: 'webhook' })] : []),
		]);
		return new QueueMode({
			...{ userFolder, postgres, redis, main },
			workers: started.slice(0, workers),
			webhookProcess: started[workers] ?? null,
		});
	}

	/** Stops all processes and deletes the data. */
	async remove() {
		const processes = [...this.workers, ...(this.webhookProcess ? [this.webhookProcess] : []), this.main];
		await Promise.all(processes.map((process) => process.stop()));
		await Promise.all([this.postgres.remove(), this.redis.remove()]);
		rmSync(this.userFolder, { recursive: true, force: true, maxRetries: 5 });
	}
}

module.exports = { QueueMode, soonNoticed };
