import type { JobContent } from './arrival';
import type { BreakerRun } from './breaker';
import type { DeliverySettings } from './deliverySettings';
import type { Grouping } from './grouping';
import type { Item, Job } from './item';
import { move } from './transitions';

/** If n8n has not begun a started execution after this time, other starts no longer wait for it. */
const LONGEST_GATHERING_MS = 1_000;

/** One start of a job. */
export interface Run extends BreakerRun {
	readonly job: Job;
	readonly content: JobContent;
	readonly items: readonly Item[];
	/** On the monotonic clock. */
	readonly startedElapsedMs: number;
	hasBegun: boolean;
	/** `execute()` was told to skip it, because no sender waits for it any more. */
	isSkipped: boolean;
}

/** The running executions, one in each slot, and whether one more may start. */
export class Slots {
	/** How many items are in running executions. */
	items = 0;
	private readonly runs = new Map<string, Run>();
	private readonly waitingForEmpty = new Set<() => void>();

	/** How many executions are running. */
	get taken(): number {
		return this.runs.size;
	}

	/** The running execution of this job. Undefined when there is none. */
	find(jobId: string): Run | undefined {
		return this.runs.get(jobId);
	}

	/** How many more executions may run at the same time. */
	left({ maxConcurrentExecutions }: DeliverySettings): number {
		return Math.max(0, maxConcurrentExecutions - this.runs.size);
	}

	/**
	 * How many executions may be started now.
	 * @param waiting how many items wait for a slot or for their retry
	 */
	free(settings: DeliverySettings, grouping: Grouping, waiting: number, elapsedMs: number): number {
		return this.gathersUntilMs(grouping, waiting) > elapsedMs ? 0 : this.left(settings);
	}

	/**
	 * Until when a group that is not full waits for more items, on the monotonic clock. Minus infinity when it
	 * may start now. n8n prepares executions one after the other in one thread, so a second execution would
	 * begin no sooner if it were started now. Items that come in the meantime go out together once the first
	 * execution has begun.
	 */
	gathersUntilMs({ gathers, mostEvents }: Grouping, waiting: number): number {
		let untilMs = -Infinity;
		if (!gathers || waiting >= mostEvents) return untilMs;
		for (const { hasBegun, startedElapsedMs } of this.runs.values()) {
			if (!hasBegun) untilMs = Math.max(untilMs, startedElapsedMs + LONGEST_GATHERING_MS);
		}
		return untilMs;
	}

	/** The job's items are now in an execution. */
	take(job: Job, content: JobContent, start: BreakerRun, startedElapsedMs: number): Run {
		const flags = { hasBegun: false, isSkipped: false };
		const run: Run = { job, content, items: job.items, startedElapsedMs, ...start, ...flags };
		this.runs.set(job.id, run);
		this.items += run.items.length;
		for (const item of run.items) move(item, job.kind === 'events' ? 'starting' : 'leaving');
		return run;
	}

	/**
	 * The items of the run will not be executed, but n8n still holds the execution. The slot is taken until
	 * that execution ends.
	 */
	skip(run: Run): void {
		run.isSkipped = true;
		this.release(run);
	}

	/** The run has ended, or was never started. */
	leave(run: Run): void {
		this.runs.delete(run.job.id);
		if (!run.isSkipped) this.release(run);
		if (this.runs.size > 0) return;
		for (const resolve of this.waitingForEmpty) resolve();
		this.waitingForEmpty.clear();
	}

	/** Resolves when no execution is running, or when the time is up. */
	emptied(timeIsUp: Promise<void>): Promise<void> {
		return new Promise((resolve) => {
			this.waitingForEmpty.add(resolve);
			void timeIsUp.then(() => {
				this.waitingForEmpty.delete(resolve);
				resolve();
			});
		});
	}

	private release(run: Run): void {
		this.items -= run.items.length;
	}
}
