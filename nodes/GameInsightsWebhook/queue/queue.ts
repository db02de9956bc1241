import { Alarm } from './alarm';
import { type Arrival, type StartExecution, receivedElapsedMs } from './arrival';
import { CircuitBreaker } from './breaker';
import { Deduplication } from './deduplication';
import type { Notice, NoticeFrame } from '../items/notice';
import { type DeliverySettings, acceptTimeoutMs } from './deliverySettings';
import { Dispatcher, type DispatcherPorts } from './dispatcher';
import { Item, heldRequest } from './item';
import { MemoryStore } from './memoryStore';
import { Notices } from './notices';
import { type OutcomePorts, Outcomes } from './outcomes';
import { Pace } from './pace';
import { type Full, PendingReply, type Taken } from './pendingReply';
import { PendingReplies } from './pendingReplies';
import { type Occupancy, hasRoom, orderDemand } from './backpressure';
import type { QueueFigures, QueueSize } from './queueFigures';
import { RestoredEvents } from './restoredEvents';
import { Silence } from './silence';
import { SimilarDeadLetters } from './similarDeadLetters';
import type { OutageTime, Restored, Store, StoreHost } from './store';

/** The latest time of an answer, counted from the call of `offer`: most senders give up after 30 s. */
const LATEST_ANSWER_MS = 25_000;
/** How long to wait for running executions when the trigger is closed. */
const CLOSING_MS = 10_000;
/** Retry-After of a queue that was never opened, in seconds: the sender may soon try again. */
const NOT_OPEN_S = 1;

/** The functions that the queue depends on. */
export interface QueuePorts extends DispatcherPorts, OutcomePorts {
	/** Resolves after this time. It can't be cancelled and never rejects. */
	sleep(milliseconds: number): Promise<void>;
}

/**
 * The queue of one trigger node. It takes events, starts executions with them while slots are free, runs
 * failed ones again, and stays responsible for each event until it is processed or delivered as a dead
 * letter. See docs/delivery.md for the states and guarantees.
 *
 * All changes are synchronous: no code awaits in the middle of a change.
 */
export class Queue {
	private settings: DeliverySettings | null = null;
	private readonly store: Store;
	private readonly breaker: CircuitBreaker;
	private readonly deduplication = new Deduplication();
	private readonly requests = new PendingReplies((item) => this.outcomes.drop(item));
	private readonly pace = new Pace();
	private readonly similar = new SimilarDeadLetters();
	private readonly notices: Notices;
	private readonly silence: Silence;
	private readonly outcomes: Outcomes;
	private readonly dispatcher: Dispatcher;
	private readonly restored: RestoredEvents;
	private readonly alarm: Alarm;

	/** @param storeFor makes the store; the default is a store in memory */
	constructor(
		private readonly ports: QueuePorts,
		storeFor: (host: StoreHost) => Store = () => new MemoryStore(() => ports.newId()),
	) {
		this.store = storeFor({
			slotsLeft: () => this.dispatcher.slotsForNewEvents,
			kept: (items) => this.requests.keep(items),
			refused: (items, reason) => this.requests.refuse(items, reason),
			restore: (restored) => this.restore(restored),
			runDueWork: () => this.runDueWork(),
		});
		const { store, deduplication, requests, pace, similar } = this;
		const breaker = new CircuitBreaker(() => ports.newId());
		const notices = new Notices(ports, store);
		const silence = new Silence(notices);
		const waiting = (): number => this.dispatcher.waiting;
		const outcomes = new Outcomes(ports, {
			...{ store, breaker, deduplication, requests, pace, similar, notices, waiting },
		});
		this.breaker = breaker;
		this.notices = notices;
		this.silence = silence;
		this.outcomes = outcomes;
		this.dispatcher = new Dispatcher(ports, { store, breaker, outcomes, pace }, () => this.runDueWork());
		this.restored = new RestoredEvents(ports, { store, breaker, deduplication, outcomes, silence });
		this.alarm = new Alarm(ports, () => this.runDueWork());
	}

	/** Whether executions may be started now. */
	get isOpen(): boolean {
		return this.dispatcher.isOpen;
	}

	/** The current figures. */
	get size(): QueueSize {
		return {
			waiting: this.dispatcher.waiting,
			running: this.dispatcher.running,
			heldBytes: this.store.heldBytes,
			requests: this.requests.size,
			keys: this.deduplication.size,
			sleeps: this.alarm.sleeping,
			isPaused: this.breaker.isPaused,
		};
	}

	/** Figures for people who watch the queue. Reads all open requests. */
	get figures(): QueueFigures {
		const { kind } = this.breaker.state;
		let oldestMs = Infinity;
		for (const { receivedElapsedMs } of this.store.requests) oldestMs = Math.min(oldestMs, receivedElapsedMs);
		return {
			...this.outcomes.counts,
			retried: this.dispatcher.retried,
			waiting: this.dispatcher.waiting,
			running: this.dispatcher.running,
			sleeping: this.store.sleeping,
			oldestAgeMs: oldestMs === Infinity ? null : this.ports.elapsedMs() - oldestMs,
			breaker: kind === 'halfOpen' ? 'half_open' : kind,
		};
	}

	/**
	 * All items that it is responsible for now: events that are not finished, and dead letters that are not
	 * delivered.
	 */
	get items(): ReadonlySet<Item> {
		return this.store.items;
	}

	/** How long processed events are remembered, in milliseconds. 0 when deduplication is turned off. */
	get deduplicationWindowMs(): number {
		return this.deduplication.windowMs;
	}

	/** When a sender that was refused should try again, in seconds; 1 to 60. */
	get retryAfterSeconds(): number {
		return this.pace.retryAfterSeconds(this.dispatcher.waiting, this.ports.elapsedMs());
	}

	/**
	 * The trigger is live, so executions may be started. Items that waited go on. The new settings apply from
	 * their next step.
	 */
	open(start: StartExecution, settings: DeliverySettings): void {
		this.settings = settings;
		this.dispatcher.open(start, settings);
		this.deduplication.open(settings.deduplicationWindowMs);
		this.silence.open(settings.silenceAlert, this.ports.elapsedMs());
		const { outage } = this.breaker;
		if (this.breaker.configure(settings, this.ports.elapsedMs())) this.outcomes.resume(outage);
		this.runDueWork();
	}

	/** Adds outages that the store knows. Failures in them do not count as attempts of restored events. */
	rememberOutages(outages: readonly OutageTime[]): void {
		this.restored.rememberOutages(outages);
	}

	/** The process before this one ended during this outage. A probe starts at once. */
	resumeOutage(outage: OutageTime): void {
		this.breaker.resume(outage, this.ports.elapsedMs());
	}

	/**
	 * The trigger is no longer live: no more executions are started. Waiting items stay until the next `open`,
	 * and the outcomes of running executions still count. Resolves when all executions have ended, after at
	 * most 10 s.
	 */
	async close(): Promise<void> {
		this.dispatcher.close();
		this.silence.close();
		if (this.dispatcher.running > 0) await this.dispatcher.emptied(this.ports.sleep(CLOSING_MS));
	}

	/**
	 * The store has lost all its items: another process is responsible for them now. No more executions are
	 * started, the outcomes of running executions no longer count, and waiting senders get the answer that is
	 * correct now.
	 */
	abandon(): void {
		this.dispatcher.close();
		this.silence.close();
		this.requests.answerAll();
	}

	/** Adds keys of events that were processed before this queue existed. */
	remember(keys: ReadonlyArray<{ readonly key: string; readonly processedAtMs: number }>): void {
		const setOffMs = this.ports.elapsedMs() - this.ports.now();
		this.deduplication.rememberEarlier(
			keys.map(({ key, processedAtMs }) => ({ key, processedAtMs: processedAtMs + setOffMs })),
		);
	}

	/** Events with these keys are in executions that sleep: repeats of them are known. */
	markAsleep(keys: Iterable<string>): void {
		this.deduplication.markAsleep(keys);
	}

	/** Executions with these keys no longer sleep, or are no longer followed. */
	markAwake(keys: Iterable<string>): void {
		this.deduplication.markAwake(keys);
	}

	/** An execution that had slept went well. @param keys the keys of its events @param events how many */
	succeededAfterSleep(keys: Iterable<string>, events: number): void {
		this.deduplication.markAwake(keys);
		const processedAtMs = this.ports.elapsedMs();
		this.deduplication.rememberEarlier([...keys].map((key) => ({ key, processedAtMs })));
		this.outcomes.counts.processed += events;
	}

	/** Sends a notice about something that the store found out. It is delivered like a dead letter. */
	announce(noticeOf: (frame: NoticeFrame) => Notice, endpoint: string): void {
		this.notices.send(noticeOf, endpoint);
		this.runDueWork();
	}

	/** Takes a whole request, or refuses it because there is no room. */
	offer(arrival: Arrival): Taken | Full {
		const { settings } = this;
		if (settings === null) return { retryAfterSeconds: NOT_OPEN_S };
		const elapsedMs = this.ports.elapsedMs();
		const awaitsEnd = settings.respond === 'onFinish';
		const { events, joined, duplicates } = this.deduplication.partition(arrival, elapsedMs);
		const demand = {
			events: events.length,
			deadLetters: arrival.deadLetters.length,
			bytes: arrival.bytes,
			order: orderDemand(events, (orderKey) => this.store.ahead(orderKey)),
			awaited: joined.filter((item) => !item.isKept || awaitsEnd).length,
		};
		const fits = hasRoom(demand, this.occupancy, settings);
		this.silence.requestArrived(elapsedMs);
		if (!fits) return { retryAfterSeconds: this.retryAfterSeconds };
		const nowMs = this.ports.now();
		const held = heldRequest(arrival);
		held.receivedElapsedMs = receivedElapsedMs(arrival, this.ports);
		const own = [
			...events.map((event) => new Item(held, event, null)),
			...arrival.deadLetters.map((letter) => new Item(held, null, this.similar.counted(letter, nowMs))),
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
			elapsedMs + LATEST_ANSWER_MS,
			this.requests,
		);
		this.requests.add(
			request,
			this.store.isDurable ? request.latestAnswerAtMs : elapsedMs + acceptTimeoutMs(settings, arrival),
		);
		this.runDueWork();
		return request;
	}

	/**
	 * Is called by `execute()` in this process before it does anything. Returns whether this execution was
	 * withdrawn. If so, it must output nothing: the queue has already forgotten its events, and a repeat of
	 * them counts as a new event.
	 */
	isWithdrawn(jobId: string): boolean {
		return this.dispatcher.isWithdrawn(jobId);
	}

	/**
	 * Is called by `execute()` in this process. Returns whether this queue started the execution and still
	 * waits for its end.
	 */
	isRunning(jobId: string): boolean {
		return this.dispatcher.isRunning(jobId);
	}

	private get occupancy(): Occupancy {
		const { waiting, freeSlots, slotsForNewEvents } = this.dispatcher;
		return {
			waiting,
			freeSlots: Math.min(freeSlots, slotsForNewEvents),
			heldBytes: this.store.heldBytes,
			joins: this.requests.joins,
		};
	}

	private restore(restored: readonly Restored[]): void {
		for (const one of restored) this.restored.take(one, this.settings as DeliverySettings);
		this.runDueWork();
	}

	/** Does everything that is due now, and sets the alarm for the next thing. */
	private runDueWork(): void {
		const elapsedMs = this.ports.elapsedMs();
		this.store.requeueDue(elapsedMs);
		this.silence.sendDueAlert(elapsedMs);
		this.requests.answerLate(elapsedMs);
		this.dispatcher.startJobs();
		this.alarm.set(
			Math.min(
				this.store.nextDueAtMs,
				this.requests.nextDueAtMs,
				this.silence.dueAtMs,
				this.dispatcher.nextStartAtMs(elapsedMs),
			),
		);
	}
}
