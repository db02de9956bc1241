import { receivedElapsedMs } from './arrival';
import type { CircuitBreaker } from './breaker';
import type { Deduplication } from './deduplication';
import type { DeliverySettings } from './deliverySettings';
import { excusedAttempts } from '../../shared/items/history';
import { Job } from './item';
import type { OutcomePorts, Outcomes } from './outcomes';
import type { Silence } from './silence';
import type { OutageTime, Restored, Store } from './store';
import { move } from './transitions';

/** The parts of a queue that this class works on. */
export interface RestoredEventsParts {
	readonly store: Store;
	readonly breaker: CircuitBreaker;
	readonly deduplication: Deduplication;
	readonly outcomes: Outcomes;
	readonly silence: Silence;
}

/**
 * Takes events and dead letters that the store read from elsewhere: an earlier process left them, or another
 * process received them. They go on where they were.
 */
export class RestoredEvents {
	private outages: readonly OutageTime[] = [];

	constructor(
		private readonly ports: Pick<OutcomePorts, 'now' | 'elapsedMs' | 'newId'>,
		private readonly parts: RestoredEventsParts,
	) {}

	/** Failures in these outages do not count as attempts of the events that are taken from now on. */
	rememberOutages(outages: readonly OutageTime[]): void {
		this.outages = outages;
	}

	/**
	 * Takes the items of one request. They are kept, and their senders were answered 200. One with a known key
	 * is dropped, unless it was already in an execution that has begun.
	 */
	take({ items, was }: Restored, settings: DeliverySettings): void {
		const { breaker, deduplication, outcomes, silence, store } = this.parts;
		const elapsedMs = this.ports.elapsedMs();
		if (was.kind !== 'waiting')
			deduplication.markAwake(items.flatMap(({ event }) => event?.deduplicationKey ?? []));
		for (const item of items) {
			item.isKept = true;
			item.isPromised = true;
			const { arrival, ageMs } = item.held;
			item.held.receivedElapsedMs =
				ageMs === null ? receivedElapsedMs(arrival, this.ports) : elapsedMs - Math.max(0, ageMs);
			if (!deduplication.knows(item, elapsedMs)) deduplication.begin(item);
			else if (was.kind === 'waiting') store.settle(item, 'withdrawn');
		}
		const open = items.filter((item) => !item.isSettled);
		if (open.length === 0) return;
		if (was.kind === 'waiting') {
			// Usually it came to a process where the trigger is not live.
			silence.requestArrived(elapsedMs);
			store.enqueue(open);
			return;
		}
		const job = new Job(this.ports.newId(), 'events', open);
		job.attempts = was.attempts;
		const { attempts, history, firstAttemptAtMs, lastAttemptAtMs, wokeAtMs } = was;
		const woke = wokeAtMs === undefined ? {} : { wokeAtMs };
		const tried = { attempts, history, firstAttemptAtMs, lastAttemptAtMs, ...woke };
		for (const item of open) item.tried = tried;
		// An event may sleep and fail many times. If an outage of another process whose end was never written
		// excused its attempts each time, they would never be used up.
		const isOutageHere = wokeAtMs === undefined || breaker.isPaused;
		const outages = isOutageHere ? this.outages : this.outages.filter(({ untilMs }) => untilMs !== null);
		job.excuse(excusedAttempts(was.history, outages));
		if (was.kind === 'interrupted') {
			for (const item of open) move(item, 'interrupted');
			outcomes.eventsFailed(job, null, was.outcome, settings);
			return;
		}
		for (const item of open) move(item, 'retrying');
		if (breaker.isPaused) {
			store.hold(job);
			return;
		}
		// The due time is by the clock of the earlier process. So the wait is limited to the longest delay.
		const waitMs = Math.min(Math.max(0, was.dueAtMs - this.ports.now()), settings.maxDelayMs);
		store.postpone(job, elapsedMs + waitMs);
	}
}
