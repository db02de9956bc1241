import { Alarm } from './alarm';
import type { Arrival, Execution, Outcome, StartExecution, JobContent } from './arrival';
import { Deduplication } from './deduplication';
import { type DeliverySettings, boundedSettings } from './deliverySettings';
import { type HeldRequest, Item } from './item';
import { Job } from './job';
import { MemoryStore } from './memoryStore';
import { type OutcomePorts, Outcomes } from './outcomes';
import { Pace } from './pace';
import { type Occupancy, hasRoom } from './backpressure';
import { type Run, Slots } from './slots';
import type { Restored, Store, StoreHost } from './store';
import { type Full, type Taken, PendingReply } from './pendingReply';
import { type JobContentPorts, contentOf } from './jobContent';
import { PendingReplies } from './pendingReplies';

/** The latest time of an answer, counted from the offer: most senders give up after 30 s. */
const LATEST_ANSWER_MS = 25_000;
/** How long running executions get to end when the trigger is closed. */
const CLOSING_MS = 10_000;
/** A queue that was never opened: the sender may try again soon. */
const NOT_OPEN_S = 1;

/** What the queue needs of the world. */
export interface QueuePorts extends JobContentPorts, OutcomePorts {
	/** Can't be cancelled. Never rejects. */
	sleep(milliseconds: number): Promise<void>;
}

/**
 * The queue of one trigger node: takes events in, starts executions with them while slots are free, runs failed ones again,
 * and stays responsible for each event until it is processed or delivered as a dead letter. See docs/delivery.md for
 * the states and promises.
 *
 * Everything here happens between two turns of the event loop; nothing is awaited in the middle of a change.
 */
export class Queue {
	private start: StartExecution | null = null;
	private settings: DeliverySettings | null = null;
	private readonly store: Store;
	private readonly deduplication = new Deduplication();
	private readonly slots = new Slots();
	private readonly requests = new PendingReplies((item) => this.outcomes.drop(item));
	private readonly pace = new Pace();
	private readonly outcomes: Outcomes;
	private readonly alarm: Alarm;

	/** @param storeFor makes the store; in memory unless told otherwise */
	constructor(
		private readonly ports: QueuePorts,
		storeFor: (host: StoreHost) => Store = () => new MemoryStore(() => ports.newId()),
	) {
		this.store = storeFor({
			slotsLeft: () => (this.start === null || this.settings === null ? 0 : this.slots.left(this.settings)),
			kept: (items) => this.requests.keep(items),
			refused: (items) => this.requests.refuse(items),
			restore: (restored) => this.restore(restored),
			lookAround: () => this.lookAround(),
		});
		this.outcomes = new Outcomes(ports, this.store, this.deduplication, this.requests, this.pace);
		this.alarm = new Alarm(ports, () => this.lookAround());
	}

	/** Whether executions may be started now. */
	get isOpen(): boolean {
		return this.start !== null;
	}

	/** Figures of this moment. */
	get size(): {
		/** Events and dead letters that wait for a slot or for their retry. */
		waiting: number;
		/** Executions under way. */
		running: number;
		heldBytes: number;
		/** Requests whose senders wait for an answer. */
		requests: number;
		/** Keys of events on their way or processed. */
		keys: number;
		sleeps: number;
	} {
		return {
			waiting: this.waiting,
			running: this.slots.taken,
			heldBytes: this.store.heldBytes,
			requests: this.requests.size,
			keys: this.deduplication.size,
			sleeps: this.alarm.sleeping,
		};
	}

	/** When a sender that was turned away should come back, in seconds; 1 to 60. */
	get retryAfterSeconds(): number {
		return this.pace.retryAfterSeconds(this.waiting, this.ports.now());
	}

	/** The trigger is live: executions may be started. What waited goes on, with these settings from its next step on. */
	open(start: StartExecution, settings: DeliverySettings): void {
		this.start = start;
		this.settings = boundedSettings(settings);
		this.deduplication.windowMs = this.settings.deduplicationWindowMs;
		this.lookAround();
	}

	/**
	 * The trigger is no longer live: nothing is started any more. What waits stays, and goes on at the next `open`; how running executions
	 * end still counts. Resolves when they have all ended, after 10 s at the latest.
	 */
	async close(): Promise<void> {
		this.start = null;
		if (this.slots.taken > 0) await this.slots.emptied(this.ports.sleep(CLOSING_MS));
	}

	/**
	 * The store has lost its hold on everything: somebody else answers for it by now. Nothing is started any more, how
	 * running executions end no longer counts, and senders that wait get the answer that is true.
	 */
	abandon(): void {
		this.start = null;
		this.requests.answerAll();
	}

	/** Keys of events that were processed before this queue was there. */
	remember(keys: ReadonlyArray<{ readonly key: string; readonly processedAtMs: number }>): void {
		this.deduplication.rememberEarlier(keys);
	}

	/** Takes a request in, as a whole, or has no room for it. */
	offer(arrival: Arrival): Taken | Full {
		const { settings } = this;
		if (settings === null) return { retryAfterSeconds: NOT_OPEN_S };
		const nowMs = this.ports.now();
		const awaitsEnd = settings.respond === 'onFinish';
		const { events, joined, duplicates } = this.deduplication.sortOut(arrival, nowMs);
		const demand = {
			events: events.length,
			deadLetters: arrival.deadLetters.length,
			bytes: arrival.bytes,
			awaited: joined.filter((item) => !item.isKept || awaitsEnd).length,
		};
		if (!hasRoom(demand, this.occupancy, settings)) return { retryAfterSeconds: this.retryAfterSeconds };
		const held: HeldRequest = { arrival, open: 0 };
		const own = [
			...events.map((event) => new Item(held, event, null)),
			...arrival.deadLetters.map((deadLetter) => new Item(held, null, deadLetter)),
		];
		this.store.add(held, own);
		for (const item of own) this.deduplication.begin(item);
		const items = [...own, ...joined];
		if (!awaitsEnd) for (const item of items) item.isPromised = true;
		const request = new PendingReply(
			events.length,
			duplicates,
			items,
			joined.length,
			awaitsEnd,
			nowMs + LATEST_ANSWER_MS,
			this.requests,
		);
		this.requests.add(
			request,
			this.store.isDurable ? request.latestAnswerAtMs : nowMs + settings.acceptTimeoutMs,
		);
		this.lookAround();
		return request;
	}

	/**
	 * For `execute()` in this process, before it does anything: whether nobody wants this execution any more. If so it must output nothing;
	 * the queue has then already forgotten its events, and a repeat of them is a new event.
	 */
	isWithdrawn(jobId: string): boolean {
		const run = this.slots.find(jobId);
		if (run === undefined || run.isSkipped) return run !== undefined;
		if (!run.items.every((item) => item.isUnwanted)) return false;
		this.slots.skip(run);
		for (const item of run.items) this.outcomes.drop(item);
		return true;
	}

	/** For `execute()` in this process: whether this queue has started the execution, and still waits for its end. */
	isRunning(jobId: string): boolean {
		return this.slots.find(jobId) !== undefined;
	}

	/** How many executions may be started now. */
	private get freeSlots(): number {
		if (this.start === null || this.settings === null) return 0;
		return this.slots.free(this.settings, this.waiting, this.ports.now());
	}

	private get waiting(): number {
		return this.store.held - this.slots.items;
	}

	private get occupancy(): Occupancy {
		const { waiting, freeSlots } = this;
		return { waiting, freeSlots, heldBytes: this.store.heldBytes, joins: this.requests.joins };
	}

	/**
	 * Events and dead letters that the store got from elsewhere, kept and promised. Those with a key that is known already
	 * are dropped, unless an execution of theirs was begun.
	 */
	private restore(restored: readonly Restored[]): void {
		const nowMs = this.ports.now();
		for (const one of restored) this.restoreOne(one, nowMs);
		this.lookAround();
	}

	private restoreOne({ items, was }: Restored, nowMs: number): void {
		for (const item of items) {
			item.isKept = true;
			item.isPromised = true;
			if (!this.deduplication.knows(item, nowMs)) this.deduplication.begin(item);
			else if (was.kind === 'waiting') this.store.settle(item, 'dropped');
		}
		const open = items.filter((item) => !item.isSettled);
		if (open.length === 0) return;
		if (was.kind === 'waiting') {
			this.store.enqueue(open);
			return;
		}
		const job = new Job(this.ports.newId(), 'events', open);
		job.attempts = was.attempts;
		job.history = was.history;
		job.firstAttemptAtMs = was.firstAttemptAtMs;
		job.lastAttemptAtMs = was.lastAttemptAtMs;
		if (was.kind === 'retrying') {
			this.store.postpone(job, was.dueAtMs);
			return;
		}
		const settings = this.settings as DeliverySettings;
		this.outcomes.eventsFailed(job, { kind: 'unknown', failure: was.failure }, settings, nowMs);
	}

	/** Does whatever is due now, and sees to it that the next thing that will be due is not missed. */
	private lookAround(): void {
		const nowMs = this.ports.now();
		this.store.ripen(nowMs);
		this.requests.answerLate(nowMs);
		this.startWhatMay();
		const gatheredAtMs =
			this.settings === null ? Infinity : this.slots.gathersUntilMs(this.settings, this.waiting);
		this.alarm.set(
			Math.min(
				this.store.nextDueAtMs,
				this.requests.nextDueAtMs,
				gatheredAtMs > nowMs && this.waiting > 0 ? gatheredAtMs : Infinity,
			),
		);
	}

	private startWhatMay(): void {
		while (this.settings !== null && this.freeSlots > 0) {
			const job = this.store.take(this.settings);
			if (job === undefined) return;
			this.startJob(job, this.settings);
		}
	}

	private startJob(job: Job, settings: DeliverySettings): void {
		const nowMs = this.ports.now();
		if (job.kind === 'deadLetters' && job.hasBegun) {
			// It began after all, while it waited to be tried again.
			this.outcomes.deadLettersOver(job, 'failed');
			return;
		}
		if (job.kind === 'events') this.outcomes.buryExpired(job, settings, nowMs);
		job.items = job.openItems;
		if (job.items.length === 0) {
			this.outcomes.partEnded(job, false);
			return;
		}
		job.attempts++;
		job.firstAttemptAtMs ??= nowMs;
		job.lastAttemptAtMs = nowMs;
		const content = contentOf(job, settings, this.ports);
		if (this.slots.taken === 0) this.pace.started(nowMs);
		const run = this.slots.take(job, content);
		const isReady = this.store.beforeStart(job);
		if (isReady === null) this.launch(run);
		else void isReady.then((ready) => (ready ? this.launch(run) : this.callOff(run)));
	}

	private launch(run: Run): void {
		if (this.start === null) {
			this.callOff(run);
			return;
		}
		const execution = started(this.start, run.content);
		void execution.begun.then(
			() => {
				this.outcomes.begun(run);
				this.lookAround();
			},
			() => undefined,
		);
		void execution.ended.then((outcome) => this.ended(run, outcome));
	}

	/** What was about to start does not: the queue was closed in the meantime, or the store has lost it. */
	private callOff(run: Run): void {
		const { job } = run;
		this.slots.leave(run);
		job.attempts--;
		if (job.open > 0) this.store.requeue(job);
		this.lookAround();
	}

	private ended(run: Run, outcome: Outcome): void {
		this.slots.leave(run);
		this.outcomes.ended(run, outcome, this.settings as DeliverySettings);
		this.lookAround();
	}
}

/** Starts an execution; whatever goes wrong with that is an outcome. */
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
