/** Reads n8n's executions from its SQLite file, so that counting costs n8n nothing while it is measured. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from '../../lab/plainError.js';

// The types of this project are those of Node.js 20, which has no SQLite; the benchmark runs on n8n's own
// Node.js.
const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite');

/** Longest that executions may go on after the last answer. */
const LONGEST_S = 60;

/**
 * @typedef {object} Ended
 * @property {Record<string, number>} statuses how many executions ended how
 * @property {number} lastAtMs when the last of them ended; 0 when there was none
 */

/** n8n is slower than it may be to be measured. */
export class StillRunning extends PlainError {}

export class Executions {
	#database;

	/** @param {string} userFolder of a running n8n */
	constructor(userFolder) {
		this.#database = new DatabaseSync(path.join(userFolder, '.n8n', 'database.sqlite'), { readOnly: true });
	}

	close() {
		this.#database.close();
	}

	/** @returns {number} the id of the newest execution */
	newest() {
		const row = this.#database.prepare('SELECT max(id) AS id FROM execution_entity').get();
		return Number(row?.id ?? 0);
	}

	/**
	 * Waits until all executions of a workflow that came after one are over, and its journal holds nothing more
	 * to be done.
	 * @param {string} workflowId
	 * @param {number} afterId
	 * @param {number} [longestSeconds] they may go on
	 * @returns {Promise<Ended>}
	 */
	async ended(workflowId, afterId, longestSeconds = LONGEST_S) {
		const query = this.#database.prepare(
			'SELECT status, count(*) AS count, max(stoppedAt) AS last FROM execution_entity WHERE workflowId = ? AND id > ? GROUP BY status',
		);
		const deadlineMs = Date.now() + longestSeconds * 1000;
		for (;;) {
			/** @type {{ status: string, count: number, last: string }[]} */
			const rows = query.all(workflowId, afterId);
			const isAtRest = !rows.some(({ status }) => status === 'new' || status === 'running');
			if (isAtRest && this.#openRows(workflowId) === 0) {
				return {
					statuses: Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])),
					lastAtMs: Math.max(0, ...rows.map(({ last }) => epochMs(String(last)))),
				};
			}
			if (Date.now() > deadlineMs) throw new StillRunning(`Executions go on: ${JSON.stringify(rows)}`);
			await sleep(20);
		}
	}
	/**
	 * @param {string} workflowId
	 * @returns {number} how many of its events are kept in the table that `durable` makes, and not done yet
	 */
	#openRows(workflowId) {
		const name = 'game_insights_journal';
		const isThere = this.#database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'data_table'").get();
		const table = isThere && this.#database.prepare('SELECT id FROM data_table WHERE name = ?').get(name);
		if (!table) return 0;
		const count = this.#database.prepare(
			`SELECT count(*) AS count FROM "data_table_user_${table.id}" WHERE workflow_id = ? AND state NOT IN ('processed', 'dead')`,
		);
		return Number(count.get(workflowId).count);
	}
}

/** @param {string} dateTime as n8n stores it in SQLite, in UTC */
const epochMs = (dateTime) => Date.parse(`${dateTime.replace(' ', 'T')}Z`);
