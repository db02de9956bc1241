import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type RealN8n, attachedN8n, startN8n } from '../../lab/realN8n';
import { Sink } from '../support/sink';
import { type TestWorkflow, type WorkflowOptions, gameWorkflow } from '../support/workflow';

/** A real n8n on a busy machine takes its time. */
jest.setTimeout(60_000);

export const API_KEY = 'an-api-key-of-some-length-for-tests';
export const HMAC_SECRET = 'a-shared-secret-of-some-length-for-tests';
export const JWT_SECRET = 'a-token-secret-of-at-least-32-bytes-for-tests';

const CREDENTIALS = {
	apiKey: { type: 'gameInsightsApiKeyApi', data: { apiKey: API_KEY, headerName: 'X-API-Key' } },
	hmac: {
		type: 'gameInsightsHmacApi',
		data: { scheme: 'gameInsights', secretKey: HMAC_SECRET, hmacAlgorithm: 'sha256' },
	},
	jwt: { type: 'gameInsightsJwtApi', data: { keyType: 'secret', secret: JWT_SECRET, algorithms: ['HS256'] } },
} as const;

/** A published endpoint in a real n8n. */
export interface Endpoint {
	readonly workflowId: string;
	readonly workflow: TestWorkflow;
	readonly url: string;
	readonly testUrl: string;
}

/** A real n8n with the packed package, and a sink that its workflows post to. */
export class Instance {
	private constructor(
		readonly n8n: RealN8n,
		readonly sink: Sink,
		private readonly isShared = false,
	) {}

	/**
	 * The n8n that all files of this run share, as it comes (`lab/prepareShared.js`), with a sink of one's own.
	 * For tests that neither stop it nor set its environment; `remove()` leaves it without published workflows
	 * for the next file.
	 */
	static async shared(): Promise<Instance> {
		const { GAME_INSIGHTS_SHARED_N8N: shared } = process.env;
		if (shared === undefined) throw new Error('No n8n is shared here: see globalSetup in jest.config.js.');
		return new Instance(attachedN8n(JSON.parse(shared)), await Sink.start(), true);
	}

	/** An n8n of one's own. */
	static async start(label: string, environment: Record<string, string> = {}): Promise<Instance> {
		return await Instance.around(await startN8n({ label, environment }));
	}

	/** Puts a sink beside an n8n that runs already. */
	static async around(n8n: RealN8n): Promise<Instance> {
		return new Instance(n8n, await Sink.start());
	}

	/** Makes a credential of one kind; `data` replaces single fields. */
	async credential(kind: keyof typeof CREDENTIALS, data: object = {}): Promise<object> {
		const { type, data: usual } = CREDENTIALS[kind];
		const reference = await this.n8n.api.createCredential({
			name: `${kind} ${randomUUID()}`,
			type,
			data: { ...usual, ...data },
		});
		return { [type]: reference };
	}

	/** As the editor does: it saves a credential, then has it tested. */
	async testOf(type: string, data: Record<string, unknown>): Promise<{ status: string; message: string }> {
		const { id, name } = await this.n8n.api.createCredential({ name: 'a credential', type, data });
		return await this.n8n.api.call('POST', '/credentials/test', { credentials: { id, name, type, data } });
	}

	/** Makes a workflow around the trigger; publishes it unless told otherwise. */
	async endpoint(
		kind: keyof typeof CREDENTIALS,
		options: Partial<WorkflowOptions> = {},
		isPublished = true,
	): Promise<Endpoint> {
		const workflow = gameWorkflow({
			credentials: await this.credential(kind),
			sinkUrl: this.sink.url,
			...options,
			parameters: { authentication: kind, ...options.parameters },
		});
		const { path, ...json } = workflow;
		const { id: workflowId } = await this.n8n.api.createWorkflow(json);
		if (isPublished) await this.n8n.api.publish(workflowId);
		return { workflowId, workflow, url: this.n8n.webhookUrl(path), testUrl: this.n8n.testWebhookUrl(path) };
	}

	/**
	 * Lets what earlier tests have begun come to its end, then forgets it: a late event would pass for the next
	 * test's own. What does not end within some seconds is left to itself.
	 */
	async calm(): Promise<void> {
		const deadlineMs = Date.now() + 5_000;
		const underWay = async (): Promise<number> =>
			(await this.n8n.api.executions({ status: ['new', 'running'] })).length;
		while ((await underWay()) > 0 && Date.now() < deadlineMs) await pause(50);
		this.sink.reset();
	}

	/**
	 * Stops everything and deletes the n8n's folder; of a shared n8n, the workflows that are published in it.
	 */
	async remove(): Promise<void> {
		if (this.isShared) await this.n8n.api.unpublishAll();
		else await this.n8n.remove();
		await this.sink.stop();
	}
}

/** Waits until something holds; says what it waited for when it does not, and what there was instead. */
export async function until(
	what: string | (() => string),
	holds: () => boolean | Promise<boolean>,
	timeoutMs = 45_000,
): Promise<void> {
	const deadlineMs = Date.now() + timeoutMs;
	while (!(await holds())) {
		if (Date.now() > deadlineMs)
			throw new Error(`Waited ${timeoutMs} ms for: ${typeof what === 'string' ? what : what()}`);
		await pause(50);
	}
}
