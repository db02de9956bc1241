import type { Clock } from '../../shared/clock';

/**
 * How often a running execution's time is looked at: outcomes that never come are found this late at most.
 */
const LOOK_EVERY_MS = 5_000;

interface Watched {
	readonly overdueAtMs: number;
	readonly onOverdue: () => void;
}

/**
 * Bounds the time an outcome may take. n8n's promise for the end of an execution can stay open for as long as
 * the process lives, for example when the execution could not be stored. One sleep serves all executions, and
 * only while there are any: a sleep of an hour for each would pile up by the hundred thousand.
 */
export class Watchdog {
	private readonly watched = new Set<Watched>();
	private isAwake = false;

	constructor(
		private readonly clock: Clock,
		/** How long an execution may take, in milliseconds. */
		private readonly longestMs: number,
	) {}

	/** Calls `onOverdue` once the time is over, unless the returned function was called before. */
	watch(onOverdue: () => void): () => void {
		const entry: Watched = { overdueAtMs: this.clock.elapsedMs() + this.longestMs, onOverdue };
		this.watched.add(entry);
		if (!this.isAwake) void this.stayAwake();
		return () => {
			this.watched.delete(entry);
		};
	}

	private async stayAwake(): Promise<void> {
		this.isAwake = true;
		while (this.watched.size > 0) {
			await this.clock.sleep(Math.min(LOOK_EVERY_MS, this.longestMs));
			const elapsedMs = this.clock.elapsedMs();
			for (const entry of this.watched) {
				if (entry.overdueAtMs > elapsedMs) break;
				this.watched.delete(entry);
				entry.onOverdue();
			}
		}
		this.isAwake = false;
	}
}
