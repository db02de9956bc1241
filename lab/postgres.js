/** A separate PostgreSQL on 127.0.0.1 in a temporary folder: start, stop, start again, delete. */
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { PlainError } = require('./plainError');
const { freePort } = require('./ports');
const { asUser, demand } = require('./programs');

const USER = 'n8n';
const START_TIMEOUT_MS = 30_000;

class Postgres {
	#folder;
	#asPostgres;
	/** @type {import('node:child_process').ChildProcess | null} */
	#process = null;

	/**
	 * @param {string} folder
	 * @param {number} port
	 * @param {string[]} asPostgres
	 */
	constructor(folder, port, asPostgres) {
		this.#folder = folder;
		this.#asPostgres = asPostgres;
		this.port = port;
	}

	/** Creates an empty database and starts the server. */
	static async start() {
		const asPostgres = asUser('postgres');
		const folder = mkdtempSync(path.join(tmpdir(), 'game-insights-postgres-'));
		if (asPostgres.length > 0) execFileSync('chown', ['postgres', folder]);
		chmodSync(folder, 0o700);
		const [program = '', ...args] = [
			...asPostgres,
			...[demand('initdb'), '-D', path.join(folder, 'data'), '-U', USER, '--auth=trust', '--no-sync'],
			...['--encoding=UTF8', '--locale=C'],
		];
		execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
		const postgres = new Postgres(folder, await freePort(), asPostgres);
		await postgres.start();
		return postgres;
	}

	/** The environment variables with which n8n uses it. */
	get environment() {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: USER,
		};
	}

	/** Starts the server on its folder and port, and waits until it takes connections. */
	async start() {
		const log = path.join(this.#folder, 'log');
		const [program = '', ...args] = [
			...this.#asPostgres,
			...[demand('postgres'), '-D', path.join(this.#folder, 'data'), '-p', String(this.port)],
			...['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${this.#folder}`],
		];
		const output = openSync(log, 'w');
		const child = spawn(program, args, { cwd: this.#folder, stdio: ['ignore', output, output] });
		closeSync(output);
		this.#process = child;
		process.once('exit', () => this.#signal('SIGQUIT'));
		const deadlineMs = Date.now() + START_TIMEOUT_MS;
		while (!readFileSync(log, 'utf8').includes('ready to accept connections')) {
			if (child.exitCode !== null || Date.now() > deadlineMs) {
				throw new PlainError(`PostgreSQL did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
			}
			await sleep(50);
		}
	}

	/** Closes every connection and stops. Committed data stays. */
	async stop() {
		const child = this.#process;
		if (!child || child.exitCode !== null) return;
		const exited = new Promise((resolve) => child.once('exit', resolve));
		this.#signal('SIGINT');
		await exited;
	}

	/** @param {'SIGINT' | 'SIGQUIT'} signal PostgreSQL's own signals: fast shutdown, or immediate shutdown */
	#signal(signal) {
		try {
			const [pid = ''] = readFileSync(path.join(this.#folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
			process.kill(Number(pid), signal);
		} catch {
			// It is not running.
		}
	}

	/**
	 * @param {string} sql
	 * @returns {string[][]} rows of texts
	 */
	query(sql) {
		const { status, stdout, stderr } = spawnSync(
			'psql',
			[
				'-h',
				'127.0.0.1',
				'-p',
				String(this.port),
				'-U',
				USER,
				'-d',
				'postgres',
				'-At',
				'-F',
				'\t',
				'-c',
				sql,
			],
			{ encoding: 'utf8' },
		);
		if (status !== 0) throw new Error(stderr);
		return stdout
			.split('\n')
			.filter(Boolean)
			.map((line) => line.split('\t'));
	}

	/** Stops and deletes everything. */
	async remove() {
		await this.stop();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

module.exports = { Postgres };
