/**
 * n8n's internal REST API, which its editor uses: credentials, workflows, publishing, test events,
 * executions.
 */
const { createRequire } = require('node:module');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { generation, n8nFolder } = require('./paths');
const { owner } = require('./owner');
const { PlainError } = require('./plainError');

/** The most executions that n8n lists on a page. */
const PAGE = 100;
/** How many ids of a page are listed again on the next page. */
const OVERLAP = 50;

/**
 * @typedef {object} Execution
 * @property {string} id
 * @property {string} workflowId
 * @property {string} mode `webhook`, `trigger`, `manual`, ...
 * @property {'new' | 'running' | 'success' | 'error' | 'crashed' | 'canceled' | 'waiting' | 'unknown'} status
 * @property {string} startedAt
 * @property {string | null} stoppedAt null while it runs
 */

/**
 * @typedef {Execution & { data: any }} ExecutionWithData `data` is n8n's run data:
 * `data.resultData.runData[node]`
 */

class N8nApi {
	#baseUrl;
	/** @type {Promise<string> | null} */
	#session = null;

	/** @param {string} baseUrl */
	constructor(baseUrl) {
		this.#baseUrl = baseUrl;
	}

	/**
	 * Creates the first account of a new n8n.
	 * @param {typeof owner} account
	 */
	async setUpOwner(account) {
		await this.#send('POST', '/owner/setup', account, {});
	}

	/** Forgets the session. The next call signs in again. */
	signOut() {
		this.#session = null;
	}

	/**
	 * Calls n8n as the owner.
	 * @param {string} method
	 * @param {string} route below `/rest`
	 * @param {unknown} [body]
	 * @returns {Promise<any>} the answer's `data`
	 * @throws {Error} with n8n's message when the answer is not a 2xx
	 */
	async call(method, route, body) {
		this.#session ??= this.#signIn();
		const response = await this.#send(method, route, body, {
			cookie: await this.#session,
			'push-ref': 'lab',
		});
		const { data } = /** @type {{ data: any }} */ (await response.json());
		return data;
	}

	async #signIn() {
		const { email, password } = owner;
		const response = await this.#send('POST', '/login', { emailOrLdapLoginId: email, password }, {});
		return response.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
	}

	/**
	 * @param {string} method
	 * @param {string} route
	 * @param {unknown} body
	 * @param {Record<string, string>} headers
	 */
	async #send(method, route, body, headers) {
		const send = () =>
			fetch(`${this.#baseUrl}/rest${route}`, {
				method,
				headers: { 'content-type': 'application/json', ...headers },
				body: body === undefined ? undefined : JSON.stringify(body),
			});
		// n8n may close a kept connection just when it is used again. Then the request did not arrive.
		const response = await send().catch((error) => {
			if (!['ECONNRESET', 'UND_ERR_SOCKET'].includes(error.cause?.code)) throw error;
			return send();
		});
		if (response.ok) return response;
		throw new Error(`${method} /rest${route} was answered ${response.status}: ${await response.text()}`);
	}

	/**
	 * @param {{ name: string, type: string, data: Record<string, unknown> }} credential
	 * @returns {Promise<{ id: string, name: string }>} in the form that a workflow's node needs
	 */
	async createCredential(credential) {
		const { id, name } = await this.call('POST', '/credentials', credential);
		return { id, name };
	}

	/**
	 * @param {object} workflow as exported: `name`, `nodes`, `connections`, `settings`
	 * @returns {Promise<{ id: string, versionId: string, nodes: any[] }>} saved, not yet published
	 */
	async createWorkflow(workflow) {
		// n8n 1 has no default for `active`.
		return await this.call('POST', '/workflows', { settings: {}, active: false, ...workflow });
	}

	/**
	 * Saves a change as a new version, not yet published.
	 * @param {string} workflowId
	 * @param {object} change e.g. `{ nodes, connections }`
	 * @returns {Promise<{ id: string, versionId: string }>}
	 */
	async updateWorkflow(workflowId, change) {
		const { versionId } = await this.call('GET', `/workflows/${workflowId}`);
		return await this.call('PATCH', `/workflows/${workflowId}`, { versionId, ...change });
	}

	/**
	 * Publishes the newest version. When this returns, its webhooks are registered and its triggers run.
	 * @param {string} workflowId
	 * @throws {Error} with n8n's message when a trigger does not start
	 */
	async publish(workflowId) {
		const { versionId } = await this.call('GET', `/workflows/${workflowId}`);
		await this.call('POST', `/workflows/${workflowId}/activate`, { versionId });
		await this.#publication(workflowId, 'published');
	}

	/**
	 * When this returns, the workflow's webhooks are removed and its triggers have closed.
	 * @param {string} workflowId
	 */
	async unpublish(workflowId) {
		await this.call('POST', `/workflows/${workflowId}/deactivate`, {});
		await this.#publication(workflowId, 'not_published');
	}

	/** Unpublishes every workflow; see {@link unpublish}. */
	async unpublishAll() {
		const workflows = await this.call('GET', '/workflows?filter={"active":true}');
		for (const { id } of workflows) await this.unpublish(id);
	}

	/**
	 * n8n 2 answers first, and starts or stops the triggers after that. n8n 1 answers when that is done.
	 * @param {string} workflowId
	 * @param {string} wanted
	 */
	async #publication(workflowId, wanted) {
		if (generation === '1') return;
		const deadlineMs = Date.now() + 60_000;
		for (;;) {
			const { status, triggers } = await this.call('GET', `/workflows/${workflowId}/publication-status`);
			if (status === wanted) return;
			// On a busy machine, n8n may still report the earlier state for a moment.
			const isFinal = status === 'failed' || status === 'partial';
			if (isFinal || Date.now() > deadlineMs) {
				throw new Error(`Workflow ${workflowId} is ${status}, not ${wanted}: ${JSON.stringify(triggers)}`);
			}
			await sleep(20);
		}
	}

	/**
	 * Like the button in the editor: from now on, for two minutes, one request to the test URL starts one test
	 * execution.
	 * @param {string} workflowId
	 * @param {string} triggerName the trigger node's name
	 */
	async listenForTestEvent(workflowId, triggerName) {
		const answer = await this.call('POST', `/workflows/${workflowId}/run`, {
			// n8n 1 runs the workflow that its editor sends.
			...(generation === '1' ? { workflowData: await this.call('GET', `/workflows/${workflowId}`) } : {}),
			triggerToStartFrom: { name: triggerName },
		});
		if (!answer.waitingForWebhook) throw new Error(`n8n does not listen: ${JSON.stringify(answer)}`);
	}

	/**
	 * Lists executions without their data.
	 * @param {{ workflowId?: string, status?: string[] }} [filter]
	 * @returns {Promise<Execution[]>} all of them, oldest first
	 */
	async executions(filter = {}) {
		/** @type {Map<string, Execution>} */
		const found = new Map();
		let belowId = Infinity;
		for (;;) {
			const query = new URLSearchParams({
				...{ limit: String(PAGE), filter: JSON.stringify(filter) },
				...(belowId === Infinity ? {} : placeBelow(belowId)),
			});
			const { results } = await this.call('GET', `/executions?${query}`);
			for (const execution of results) found.set(execution.id, execution);
			const last = results.at(-1);
			if (results.length < PAGE || last === undefined) break;
			// n8n sorts by start time but pages by id. Without this overlap, executions that started out of order
			// would be on no page.
			const next = Number(last.id) + OVERLAP;
			belowId = next < belowId ? next : Number(last.id);
		}
		return [...found.values()].sort((a, b) => Number(a.id) - Number(b.id));
	}

	/**
	 * @param {string} id
	 * @returns {Promise<ExecutionWithData>}
	 */
	async execution(id) {
		const { data, ...execution } = await this.call('GET', `/executions/${id}`);
		// n8n serialises run data with this library. Its own copy reads the data.
		const { parse } = createRequire(path.join(n8nFolder, 'package.json'))('flatted');
		return { ...execution, data: parse(data) };
	}

	/**
	 * Waits until a workflow has exactly this number of executions and none of them is new or running.
	 * @param {string} workflowId
	 * @param {number} count
	 * @param {number} [timeoutMs]
	 * @returns {Promise<ExecutionWithData[]>} oldest first
	 * @throws {PlainError} when there are more, or when there are too few in the end
	 */
	async finishedExecutions(workflowId, count, timeoutMs = 30_000) {
		const deadlineMs = Date.now() + timeoutMs;
		for (;;) {
			const executions = await this.executions({ workflowId });
			const open = executions.filter(({ status }) => status === 'new' || status === 'running');
			if (executions.length === count && open.length === 0) {
				return await Promise.all(executions.map(({ id }) => this.execution(id)));
			}
			if (executions.length > count || Date.now() > deadlineMs) {
				const seen = executions.map(({ id, status }) => `${id} ${status}`).join(', ');
				throw new PlainError(
					`Expected ${count} finished executions, there are ${executions.length}: ${seen}`,
				);
			}
			await sleep(50);
		}
	}
}

/**
 * The query for the page of executions below an id: n8n 2 uses a cursor, n8n 1 the id.
 * @param {number} id
 * @returns {Record<string, string>}
 */
function placeBelow(id) {
	if (generation === '1') return { lastId: String(id) };
	// n8n requires a time but does not use it.
	const cursor = { version: 1, v1: { id: String(id), timestamp: new Date(0).toISOString() } };
	return { cursor: Buffer.from(JSON.stringify(cursor)).toString('base64url') };
}

/**
 * The items that a node sent to one of its outputs.
 * @param {ExecutionWithData} execution
 * @param {string} nodeName
 * @param {number} [output] from 0
 * @returns {any[]} the items' `json`; empty when the node did not run or sent nothing there
 */
function outputOf(execution, nodeName, output = 0) {
	/** @type {any[]} */
	const runs = execution.data.resultData.runData[nodeName] ?? [];
	return runs.flatMap((run) => run.data?.main?.[output] ?? []).map((item) => item.json);
}

module.exports = { N8nApi, outputOf };
