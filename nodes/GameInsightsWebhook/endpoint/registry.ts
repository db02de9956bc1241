import type { Queue } from '../queue/queue';
import type { Clock } from '../../shared/clock';

/** How long a closed queue is taken to be between two versions of its workflow, and not at its end. */
const REOPENING_MS = 10_000;
/**
 * How long after this code was loaded a trigger may still be on its way up: n8n takes its time on a busy
 * machine.
 */
const STARTING_UP_MS = 60_000;
/** How long one request waits for a trigger that may be on its way up. */
const LONGEST_WAIT_MS = 2_000;
const LOOK_AGAIN_MS = 25;

interface Entry {
	readonly queue: Queue;
	/** Null while the trigger is live. */
	closedAtMs: number | null;
}

/** The key of a node: survives a rename and a new version of the workflow. */
export const registryKey = (workflowId: string | undefined, nodeId: string): string =>
	`${workflowId ?? ''}:${nodeId}`;

/**
 * Where `webhook()`, `trigger()` and `execute()` of one process meet: n8n makes one instance of the node
 * class per process and calls each of them with a context of its own. Nothing here is shared between
 * processes. A queue stays here when its workflow is deactivated, so that waiting retries go on when it comes
 * back.
 */
export class Registry {
	private readonly entries = new Map<string, Entry>();
	/**
	 * Nodes for which a request has waited in vain: nothing says that their triggers run in this process at
	 * all.
	 */
	private readonly absent = new Set<string>();
	private readonly loadedAtMs: number;

	constructor(private readonly clock: Clock) {
		this.loadedAtMs = clock.elapsedMs();
	}

	/** The queue of a node whose trigger goes live; made by `create` when there is none yet. */
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

	/** The queue of a node in this process, live or not; undefined when it never was live here. */
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
	 * The queue a request may be offered to; undefined in a process where this node has no live trigger. Right
	 * after a start n8n takes requests before triggers are up, so such a request waits a moment: otherwise its
	 * events would go without retries. Where that was in vain, the next ones do not wait: this may be a
	 * dedicated webhook process.
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
