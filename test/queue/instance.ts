import { QueueMode, soonNoticed } from '../../lab/queueMode';
import { type Endpoint, Instance } from '../e2e/instance';

/** n8n in queue mode with the packed package, and a sink that its workflows post to. */
export class QueueInstance {
	private constructor(
		readonly queue: QueueMode,
		private readonly instance: Instance,
	) {}

	/** Two workers and a webhook process beside main; a dead worker is noticed within seconds. */
	static async start(label: string): Promise<QueueInstance> {
		const say = (line: string): void => void process.stderr.write(`${line}\n`);
		const queue = await QueueMode.start({ label, concurrency: 5, environment: soonNoticed }, say);
		return new QueueInstance(queue, await Instance.around(queue.main));
	}

	get sink() {
		return this.instance.sink;
	}

	get n8n() {
		return this.queue.main;
	}

	get api() {
		return this.queue.main.api;
	}

	async credential(...args: Parameters<Instance['credential']>): Promise<object> {
		return await this.instance.credential(...args);
	}

	/** See {@link Instance.calm}. */
	async calm(): Promise<void> {
		await this.instance.calm();
	}

	/** A published endpoint; its `url` is that of main. */
	async endpoint(
		...args: Parameters<Instance['endpoint']>
	): Promise<Endpoint & { webhookProcessUrl: string }> {
		const endpoint = await this.instance.endpoint(...args);
		const webhookProcessUrl = this.queue.webhookProcess?.webhookUrl(endpoint.workflow.path);
		if (webhookProcessUrl === undefined) throw new Error('There is no webhook process.');
		return { ...endpoint, webhookProcessUrl };
	}

	/** The executions of a workflow once all of them are at rest. */
	async executionsAtRest(workflowId: string, timeoutMs = 60_000) {
		const deadlineMs = Date.now() + timeoutMs;
		for (;;) {
			const executions = await this.api.executions({ workflowId });
			if (executions.every(({ status }) => status !== 'new' && status !== 'running')) return executions;
			if (Date.now() > deadlineMs) throw new Error(`Executions still run after ${timeoutMs} ms`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	async remove(): Promise<void> {
		await this.queue.remove();
		await this.sink.stop();
	}
}
