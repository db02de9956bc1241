import type { Clock } from '../../shared/clock';

/** How often the time of running executions is checked. So a missing outcome is noticed at most this late. */
const LOOK_EVERY_MS = 5_000;

interface Watched {
	readonly overdueAtMs: number;
	readonly onOverdue: () => void;
}

/**
 * Limits the time that an outcome may take. n8n's promise for the end of an execution can stay open for as
 * long as the process lives, for example when the execution could not be stored. One sleep serves all
 * executions, and only while there are any. Otherwise there could be hundreds of thousands of sleeps of an
 * hour each.
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
