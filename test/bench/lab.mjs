/** A real n8n with the workflows that are compared, each behind an address of its own. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { outputOf } from '../../lab/api.js';
import realN8n from '../../lab/realN8n.js';
import { COLUMNS } from './columns.mjs';
import { Executions } from './executions.mjs';
import { SECRET } from './messages.mjs';

const { startN8n } = realN8n;

/** The node type of the package, as n8n names it. */
const OURS = 'n8n-nodes-game-insights.gameInsightsWebhookTrigger';

/**
 * @typedef {object} Endpoint
 * @property {string} workflowId
 * @property {string} url
 * @property {string} eventsNode the node whose items are the checked events
 */

export class Lab {
	/** @type {{ id: string, name: string } | null} */
	#credential = null;

	/**
	 * @param {Awaited<ReturnType<typeof startN8n>>} n8n
	 * @param {Executions} executions
	 * @param {1 | 2} typeVersion of the package's triggers
	 */
	constructor(n8n, executions, typeVersion) {
		this.n8n = n8n;
		this.executions = executions;
		this.typeVersion = typeVersion;
	}

	/**
	 * Starts a fresh n8n. It differs from n8n's defaults in what all its workflows need to run here, and in one
	 * thing that only the built-in nodes need: Code nodes may use Node.js's crypto.
	 * @param {string} label
	 * @param {import('./columns.mjs').Column} column how n8n is set up
	 * @param {Record<string, string>} [environment]
	 */
	static async start(label, column, environment = {}) {
		const setting = COLUMNS[column];
		const n8n = await startN8n({
			label: `bench-${label}`,
			environment: {
				...setting.environment,
				NODE_FUNCTION_ALLOW_BUILTIN: 'crypto',
				...environment,
			},
		});
		return new Lab(n8n, new Executions(n8n.userFolder), setting.typeVersion);
	}

	async remove() {
		this.executions.close();
		await this.n8n.remove();
	}

	/** @returns {Promise<Endpoint>} built-in nodes with all checks */
	async noCode() {
		const workflow = read('noCode');
		return await this.#publish(workflow, 'no-code', 'Events');
	}

	/** @returns {Promise<Endpoint>} the built-in Webhook without any check */
	async bareWebhook() {
		return await this.#publish(read('bareWebhook'), 'bare', 'Webhook');
	}

	/**
	 * The package's trigger as users get it, but for what is told here.
	 * @param {{ parameters?: Record<string, unknown>, options?: Record<string, unknown>, credentials?: object
	 * }} [settings]
	 * @returns {Promise<Endpoint>}
	 */
	async gameInsights({ parameters = {}, options = {}, credentials = {} } = {}) {
		this.#credential ??= await this.n8n.api.createCredential({
			name: 'Benchmark',
			type: 'gameInsightsHmacApi',
			data: { scheme: 'gameInsights', secretKey: SECRET, hmacAlgorithm: 'sha256' },
		});
		const workflow = read('gameInsights');
		const trigger = workflow.nodes.find((/** @type {any} */ node) => node.type === OURS);
		trigger.typeVersion = this.typeVersion;
		trigger.webhookId = randomUUID();
		trigger.credentials = { gameInsightsHmacApi: this.#credential, ...credentials };
		Object.assign(trigger.parameters, parameters);
		Object.assign(trigger.parameters.options, options);
		return await this.#publish(workflow, `${trigger.webhookId}/events`, trigger.name);
	}

	/**
	 * @returns {Promise<{ id: string, name: string }>} a credential with a key to n8n's own API, for `durable`
	 */
	async n8nApiCredential() {
		const { rawApiKey } = await this.n8n.api.call('POST', '/api-keys', {
			label: 'Benchmark',
			expiresAt: null,
			scopes: await this.n8n.api.call('GET', '/api-keys/scopes'),
		});
		return await this.n8n.api.createCredential({
			name: 'This n8n',
			type: 'gameInsightsN8nApi',
			data: { baseUrl: this.n8n.baseUrl, apiKey: rawApiKey },
		});
	}

	/**
	 * @param {Endpoint} endpoint whose workflow has run a number of times
	 * @param {number} executions so many
	 * @returns {Promise<any[]>} the events that came out, without what the package adds to each
	 */
	async events({ workflowId, eventsNode }, executions) {
		const runs = await this.n8n.api.finishedExecutions(workflowId, executions);
		return runs.flatMap((run) => outputOf(run, eventsNode)).map(({ _delivery, ...event }) => event);
	}

	/**
	 * @param {any} workflow
	 * @param {string} webhookPath
	 * @param {string} eventsNode
	 */
	async #publish(workflow, webhookPath, eventsNode) {
		const { id: workflowId } = await this.n8n.api.createWorkflow(workflow);
		await this.n8n.api.publish(workflowId);
		return { workflowId, url: this.n8n.webhookUrl(webhookPath), eventsNode };
	}
}

/** @param {string} name */
function read(name) {
	const text = readFileSync(new URL(`workflows/${name}.json`, import.meta.url), 'utf8');
	return JSON.parse(text.replace('REPLACE_WITH_YOUR_SECRET', SECRET));
}
