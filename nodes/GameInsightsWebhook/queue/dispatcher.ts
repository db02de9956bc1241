import type { Execution, JobContent, Outcome, StartExecution } from './arrival';
import type { CircuitBreaker } from './breaker';
import type { DeliverySettings } from './deliverySettings';
import { type Grouping, groupingOf } from './grouping';
import { changeTried } from '../../shared/items/history';
import { type Item, type Job, mostAttempts } from './item';
import { type JobContentPorts, contentOf } from './jobContent';
import type { Outcomes } from './outcomes';
import type { Pace } from './pace';
import { type Run, Slots } from './slots';
import type { Startable, Store } from './store';
import { move } from './transitions';

/** The functions that starting executions depends on. */
export interface DispatcherPorts extends JobContentPorts {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
}

/** The parts of a queue that this class works on. */
export interface DispatcherParts {
	readonly store: Store;
	readonly breaker: CircuitBreaker;
	readonly outcomes: Outcomes;
	readonly pace: Pace;
}

/**
 * Takes jobs from the store and starts executions with them, while slots are free. In an outage it starts
 * only probes. It passes on to {@link Outcomes} how each execution went.
 */
export class Dispatcher {
	/** How many times an event was executed again, so far. */
	retried = 0;
	private start: StartExecution | null = null;
	private settings: DeliverySettings | null = null;
	private grouping: Grouping | null = null;
	private readonly slots = new Slots();

	/** @param changed called after an execution has begun, has ended or was not started */
	constructor(
		private readonly ports: DispatcherPorts,
		private readonly parts: DispatcherParts,
		private readonly changed: () => void,
	) {}

	/** Whether executions may be started now. */
	get isOpen(): boolean {
		return this.start !== null;
	}

	/** Running executions. */
	get running(): number {
		return this.slots.taken;
	}

	/** Events and dead letters that wait for a slot or for their retry. */
	get waiting(): number {
		return this.parts.store.items.size - this.slots.items;
	}

	/** How many executions may be started now. */
	get freeSlots(): number {
		if (this.start === null || this.settings === null || this.grouping === null) return 0;
		return this.slots.free(this.settings, this.grouping, this.waiting, this.ports.elapsedMs());
	}

	/**
	 * How many more executions of new events may be started. In an outage it is 0 if the store keeps them while
	 * they wait.
	 */
	get slotsForNewEvents(): number {
		if (this.start === null || this.settings === null) return 0;
		const { breaker, store } = this.parts;
		return breaker.isPaused && store.isDurable ? 0 : this.slots.left(this.settings);
	}

	/** When a group or a probe that has to wait now may start, on the monotonic clock. Infinity for never. */
	nextStartAtMs(elapsedMs: number): number {
		const { breaker, store } = this.parts;
		const gatheredAtMs =
			this.grouping === null ? Infinity : this.slots.gathersUntilMs(this.grouping, this.waiting);
		return Math.min(
			gatheredAtMs > elapsedMs && this.waiting > 0 ? gatheredAtMs : Infinity,
			this.freeSlots > 0 && store.hasProbe ? breaker.nextProbeAtMs : Infinity,
		);
	}

	/** From now on executions may be started. The new settings apply from the next start on. */
	open(start: StartExecution, settings: DeliverySettings): void {
		this.start = start;
		this.settings = settings;
		this.grouping = groupingOf(settings);
	}

	/** No more executions are started. Those that run go on. */
	close(): void {
		this.start = null;
	}

	/** Resolves when the last of the running executions has ended, or when the time is up. */
	emptied(timeIsUp: Promise<void>): Promise<void> {
		return this.slots.emptied(timeIsUp);
	}

	/** Starts as many executions as may start now. */
	startJobs(): void {
		const { settings, grouping } = this;
		while (settings !== null && grouping !== null && this.freeSlots > 0) {
			const probe = this.nextProbe(settings);
			const job = probe ?? this.parts.store.take(grouping, this.startable);
			if (job === undefined) return;
			const run = this.startJob(job, settings);
			if (run !== null && probe !== undefined) this.parts.breaker.probing(run);
		}
	}

	/** Whether the execution of this job was started here, and its end is not known yet. */
	isRunning(jobId: string): boolean {
		return this.slots.find(jobId) !== undefined;
	}

	/**
	 * Whether the execution of this job must output nothing, because no sender waits for its items any more. If
	 * so, the items are forgotten.
	 */
	isWithdrawn(jobId: string): boolean {
		const run = this.slots.find(jobId);
		if (run === undefined || run.isSkipped) return run !== undefined;
		if (!run.items.every((item) => item.isUnwanted)) return false;
		this.slots.skip(run);
		for (const item of run.items) this.parts.outcomes.drop(item);
		return true;
	}

	private get startable(): Startable {
		if (!this.parts.breaker.isPaused) return 'everything';
		return this.parts.store.isDurable ? 'deadLetters' : 'newEvents';
	}

	/** The event that is tried in an outage, when a probe is due. */
	private nextProbe(settings: DeliverySettings): Job | undefined {
		if (this.parts.breaker.nextProbeAtMs > this.ports.elapsedMs()) return undefined;
		this.parts.outcomes.giveUpExpired(this.parts.store.heldEvents(), settings);
		const probe = this.parts.store.takeProbe();
		if (probe === undefined) this.parts.breaker.postponeProbe(this.ports.elapsedMs());
		return probe;
	}

	/** @returns null when there was nothing to start */
	private startJob(job: Job, settings: DeliverySettings): Run | null {
		const elapsedMs = this.ports.elapsedMs();
		if (job.kind === 'deadLetters' && job.hasBegun) {
			// It has begun after all, while it waited to be tried again.
			this.parts.outcomes.deadLettersFinished(job, 'failed');
			return null;
		}
		if (job.kind === 'events') {
			this.parts.outcomes.giveUpExpired(job.openItems, settings);
			if (this.parts.outcomes.restartIfSpoiled(job, settings)) return null;
		}
		job.items = job.openItems;
		if (job.items.length === 0) {
			this.parts.outcomes.partEnded(job, 'unstarted', null, settings);
			return null;
		}
		if (job.kind === 'deadLetters') job.attempts++;
		else {
			this.countAttempt(job.items);
			// The items with the most executions may no longer be in the job.
			job.attempts = mostAttempts(job.items);
		}
		const content = contentOf(job, settings, this.ports);
		if (this.slots.taken === 0) this.parts.pace.started(elapsedMs);
		const run = this.slots.take(job, content, this.parts.breaker.started(), elapsedMs);
		const isReady = this.parts.store.beforeStart(job);
		if (isReady === null) this.launch(run);
		else void isReady.then((ready) => (ready ? this.launch(run) : this.cancelStart(run)));
		return run;
	}

	private countAttempt(items: readonly Item[]): void {
		const nowMs = this.ports.now();
		for (const { tried } of items) if (tried.attempts > 0) this.retried++;
		changeTried(items, (tried) => ({
			...tried,
			attempts: tried.attempts + 1,
			firstAttemptAtMs: tried.firstAttemptAtMs ?? nowMs,
			lastAttemptAtMs: nowMs,
		}));
		for (const held of new Set(items.map((item) => item.held))) held.executions++;
	}

	private launch(run: Run): void {
		if (this.start === null) {
			this.cancelStart(run);
			return;
		}
		const execution = started(this.start, run.content);
		void execution.begun.then(
			() => {
				this.parts.outcomes.begun(run);
				this.changed();
			},
			() => undefined,
		);
		void execution.ended.then((outcome) => this.ended(run, outcome));
	}

	/** The run does not start: the queue was closed in the meantime, or the store has lost its items. */
	private cancelStart(run: Run): void {
		const { job } = run;
		this.slots.leave(run);
		job.attempts--;
		if (job.kind === 'events')
			changeTried(job.openItems, (tried) => ({ ...tried, attempts: tried.attempts - 1 }));
		this.parts.breaker.probeEnded(run, this.ports.elapsedMs());
		if (job.open > 0) this.returnToStore(job);
		this.changed();
	}

	private returnToStore(job: Job): void {
		if (job.kind === 'deadLetters') for (const item of job.openItems) move(item, 'givenUp');
		else if (this.parts.breaker.isPaused) {
			this.parts.store.hold(job);
			return;
		} else {
			const was = job.bisection !== null ? 'bisecting' : job.attempts > 0 ? 'retrying' : 'waiting';
			for (const item of job.openItems) move(item, was);
		}
		this.parts.store.requeue(job);
	}

	private ended(run: Run, outcome: Outcome): void {
		this.slots.leave(run);
		this.parts.outcomes.ended(run, outcome, this.settings as DeliverySettings);
		this.changed();
	}
}

/** Starts an execution. An error while starting becomes an outcome. */
function started(start: StartExecution, content: JobContent): Execution {
	const unknown = (error: unknown): Outcome => ({
		kind: 'unknown',
		failure: {
			executionId: null,
			message: error instanceof Error ? error.message : String(error),
			node: null,
		},
	});
	try {
		const { begun, ended } = start(content);
		return { begun, ended: ended.catch(unknown) };
	} catch (error) {
		return { begun: new Promise(() => undefined), ended: Promise.resolve(unknown(error)) };
	}
}
