import type { Queue } from '../queue/queue';
import type { Clock } from '../../shared/clock';

/** For so long after closing, a queue may be reopened by a new version of its workflow. */
const REOPENING_MS = 10_000;
/**
 * For so long after this code was loaded, a trigger may still be starting: on a busy machine n8n needs time
 * for that.
 */
const STARTING_UP_MS = 60_000;
/** The longest time that one request waits for a trigger that may be starting. */
const LONGEST_WAIT_MS = 2_000;
const LOOK_AGAIN_MS = 25;

interface Entry {
	readonly queue: Queue;
	/** Null while the trigger is live. */
	closedAtMs: number | null;
}

/** The key of a node. It stays the same when the node is renamed or the workflow gets a new version. */
export const registryKey = (workflowId: string | undefined, nodeId: string): string =>
	`${workflowId ?? ''}:${nodeId}`;

/**
 * Connects `webhook()`, `trigger()` and `execute()` of one process: n8n makes one instance of the node class
 * per process, and calls each function with its own context. Nothing here is shared between processes. A
 * queue stays here when its workflow is deactivated, so that waiting retries go on when the workflow is
 * activated again.
 */
export class Registry {
	private readonly entries = new Map<string, Entry>();
	/**
	 * Nodes for which a request has waited without success. Their triggers may not run in this process at all.
	 */
	private readonly absent = new Set<string>();
	private readonly loadedAtMs: number;

	constructor(private readonly clock: Clock) {
		this.loadedAtMs = clock.elapsedMs();
	}

	/** The queue of a node whose trigger goes live. `create` makes it when there is none yet. */
	opened(key: string, create: () => Queue): Queue {
		const entry: Entry = { queue: this.entries.get(key)?.queue ?? create(), closedAtMs: null };
		this.entries.set(key, entry);
		return entry.queue;
	}

	/**
	 * The node's trigger is no longer live: its workflow was deactivated, or a new version is about to start.
	 */
	closed(key: string): void {
		const entry = this.entries.get(key);
		if (entry !== undefined) entry.closedAtMs = this.clock.elapsedMs();
	}

	/** The queue of a node in this process, live or not. Undefined when the node was never live here. */
	find(key: string): Queue | undefined {
		return this.entries.get(key)?.queue;
	}

	/** The queues of a workflow in this process. */
	ofWorkflow(workflowId: string): Array<{ nodeId: string; isLive: boolean; queue: Queue }> {
		const start = registryKey(workflowId, '');
		return [...this.entries].flatMap(([key, { queue, closedAtMs }]) =>
			key.startsWith(start) ? [{ nodeId: key.slice(start.length), isLive: closedAtMs === null, queue }] : [],
		);
	}

	/**
	 * The queue for a request. Undefined in a process where this node has no live trigger. Right after its
	 * start, n8n takes requests before the triggers are ready. Such a request waits a moment, because otherwise
	 * its events would have no retries. If a request has waited without success, the next ones do not wait:
	 * this may be a dedicated webhook process.
	 */
	async liveQueue(key: string): Promise<Queue | undefined> {
		const givesUpAtMs = Math.min(this.loadedAtMs + STARTING_UP_MS, this.clock.elapsedMs() + LONGEST_WAIT_MS);
		while (!this.entries.has(key) && !this.absent.has(key) && this.clock.elapsedMs() < givesUpAtMs) {
			await this.clock.sleep(LOOK_AGAIN_MS);
		}
		const entry = this.entries.get(key);
		if (entry === undefined) {
			this.absent.add(key);
			return undefined;
		}
		const isLive = entry.closedAtMs === null || this.clock.elapsedMs() - entry.closedAtMs < REOPENING_MS;
		return isLive ? entry.queue : undefined;
	}
}
