import type { DeliverySettings } from './deliverySettings';
import type { FailureStreak } from './failureStreak';
import { type FailedAttempt, shownAttempt } from '../../shared/items/history';
import type { Item } from './item';

/** An outage is assumed only after at least this many failed executions in a row. */
const FEWEST_EXECUTIONS = 3;
/**
 * One bad event is enough to make an execution of several events fail, and its retries, too. So an outage
 * needs this many events that failed alone. With fewer of them it may be bad events.
 */
const FEWEST_SINGLE_EVENTS = 3;
/** How long to wait before the first probe. Each later wait is twice as long, up to `maxDelay`. */
const FIRST_PROBE_MS = 1_000;

/** A streak of failures in which the breaker opened. Times are in milliseconds since the epoch. */
export interface Outage {
	readonly id: string;
	/** When its first execution failed. */
	readonly sinceMs: number;
	/** How many executions have failed in it so far. */
	readonly executions: number;
	/** How many different events were in those executions. */
	readonly events: number;
	/** Null when it is no longer known. */
	readonly lastFailure: FailedAttempt | null;
}

/** The state of the breaker. Only the breaker itself changes it. */
export type BreakerState =
	/** Executions succeed, or too few failed in a row. */
	| { readonly kind: 'closed' }
	/** Nothing is tried again until `nextProbeAtMs`, on the monotonic clock. */
	| { readonly kind: 'open'; readonly nextProbeAtMs: number }
	/** One event is tried. The outcome decides whether the breaker closes. */
	| { readonly kind: 'halfOpen'; readonly probe: BreakerRun };

/** What the breaker needs to know about an execution. */
export interface BreakerRun {
	/** Rises with each start. */
	readonly order: number;
	/** The streak that was running when the execution was started. */
	readonly streak: FailureStreak;
}

interface Streak {
	id: string;
	isOutage: boolean;
	sinceMs: number;
	executions: number;
	events: number;
	/** How many events failed alone: different ones before the breaker opened, and every probe since then. */
	singleEvents: number;
	lastFailure: FailedAttempt | null;
	/** An execution that was started before this one tells nothing about the time since then. */
	firstOrder: number;
}

/**
 * Distinguishes an outage from bad events. It opens when at least `pauseAfterFailedEvents` different events
 * have failed, in at least three executions in a row. Then only probes are executed, one event at a time,
 * until one succeeds. The states are those of Michael Nygard's circuit breaker ("Release It!", 2007).
 */
export class CircuitBreaker {
	private current: BreakerState = { kind: 'closed' };
	private streak = newStreak();
	private probes = 0;
	/** How many executions were started so far. */
	private orders = 0;
	private isOn = false;
	private threshold = 0;
	private longestProbeMs = FIRST_PROBE_MS;

	constructor(private readonly newId: () => string) {}

	get state(): BreakerState {
		return this.current;
	}

	/** Whether only probes are executed. */
	get isPaused(): boolean {
		return this.current.kind !== 'closed';
	}

	/** The current outage. Null when there is none, or when it is not yet certain. */
	get outage(): Outage | null {
		return this.isPaused && this.streak.isOutage ? { ...this.streak } : null;
	}

	/** When the next probe may start. Infinity when no probe is scheduled. */
	get nextProbeAtMs(): number {
		return this.current.kind === 'open' ? this.current.nextProbeAtMs : Infinity;
	}

	/**
	 * New settings apply from now on. A newly published workflow is probed at once.
	 * @returns whether this ended a pause, because the breaker is now turned off
	 */
	configure(
		{
			retry,
			pauseAfterFailedEvents,
			maxDelayMs,
		}: Pick<DeliverySettings, 'retry' | 'pauseAfterFailedEvents' | 'maxDelayMs'>,
		elapsedMs: number,
	): boolean {
		this.isOn = retry && pauseAfterFailedEvents > 0;
		this.threshold = pauseAfterFailedEvents;
		this.longestProbeMs = Math.max(FIRST_PROBE_MS, maxDelayMs);
		if (this.current.kind === 'closed') return false;
		if (!this.isOn) {
			this.close();
			return true;
		}
		this.probes = 0;
		this.current = { kind: 'open', nextProbeAtMs: elapsedMs };
		return false;
	}

	/**
	 * Continues an outage that had not ended when the process before this one ended. A probe may start at once.
	 */
	resume({ id, sinceMs }: Pick<Outage, 'id' | 'sinceMs'>, elapsedMs: number): void {
		if (!this.isOn || this.isPaused) return;
		this.streak = { ...newStreak(), id, sinceMs, isOutage: true };
		this.current = { kind: 'open', nextProbeAtMs: elapsedMs };
	}

	/** An execution was started. */
	started(): BreakerRun {
		return { order: this.orders++, streak: this.streak };
	}

	/** The execution that was just started is the probe. */
	probing(probe: BreakerRun): void {
		this.current = { kind: 'halfOpen', probe };
	}

	/**
	 * An execution failed.
	 * @param nowMs milliseconds since the epoch
	 * @returns the streak that it belongs to, whether this failure opened the breaker, and whether it is now
	 * certain that this is an outage
	 */
	failed(
		run: BreakerRun,
		items: readonly Item[],
		failure: FailedAttempt,
		nowMs: number,
		elapsedMs: number,
	): { readonly streak: FailureStreak; readonly hasOpened: boolean; readonly isNewOutage: boolean } {
		this.probeEnded(run, elapsedMs);
		// It was started in an outage that is over, and tells nothing about the time since then.
		const nothingNew = { hasOpened: false, isNewOutage: false };
		if (run.streak !== this.streak && run.streak.isOutage) return { streak: run.streak, ...nothingNew };
		const { streak } = this;
		if (streak.executions === 0) {
			streak.sinceMs = nowMs;
			streak.firstOrder = this.orders;
		}
		streak.executions++;
		streak.lastFailure = shownAttempt(failure);
		const wasPaused = this.isPaused;
		const fresh = items.filter(({ failedIn }) => failedIn !== streak);
		for (const item of fresh) item.failedIn = streak;
		streak.events += fresh.length;
		// A probe has failed before, with others. The next probe is another event, if there is one.
		if (items.length === 1 && (wasPaused || fresh.length === 1)) streak.singleEvents++;
		if (!wasPaused && this.isOn && this.isEnough(streak)) this.open(streak, elapsedMs);
		const isCertain = streak.singleEvents >= FEWEST_SINGLE_EVENTS;
		const isNewOutage = this.isPaused && isCertain && !streak.isOutage;
		if (isNewOutage) {
			streak.id = this.newId();
			streak.isOutage = true;
		}
		return { streak, hasOpened: this.isPaused && !wasPaused, isNewOutage };
	}

	/** An execution succeeded. @returns whether this closed the breaker, and the outage that ended by it */
	succeeded(run: BreakerRun): { readonly hasClosed: boolean; readonly outage: Outage | null } {
		const { isPaused, outage } = this;
		const saysNothing = this.streak.executions === 0 && !isPaused;
		// Started before the first failure, or before the breaker opened: what it needed may be unavailable by
		// now.
		if (saysNothing || run.order < this.streak.firstOrder) return { hasClosed: false, outage: null };
		this.close();
		return { hasClosed: isPaused, outage };
	}

	/** No event is waiting that could be tried. The breaker looks again a little later. */
	postponeProbe(elapsedMs: number): void {
		if (this.current.kind === 'open')
			this.current = { kind: 'open', nextProbeAtMs: elapsedMs + FIRST_PROBE_MS };
	}

	/**
	 * An execution ended whose outcome tells nothing about an outage. If it was the probe, the next one is
	 * scheduled.
	 */
	probeEnded(run: BreakerRun, elapsedMs: number): void {
		if (this.current.kind !== 'halfOpen' || this.current.probe !== run) return;
		const waitMs = Math.min(FIRST_PROBE_MS * 2 ** ++this.probes, this.longestProbeMs);
		this.current = { kind: 'open', nextProbeAtMs: elapsedMs + waitMs };
	}

	private isEnough({ executions, events }: Streak): boolean {
		return executions >= FEWEST_EXECUTIONS && events >= this.threshold;
	}

	private open(streak: Streak, elapsedMs: number): void {
		streak.firstOrder = this.orders;
		this.probes = 0;
		this.current = { kind: 'open', nextProbeAtMs: elapsedMs + FIRST_PROBE_MS };
	}

	private close(): void {
		this.current = { kind: 'closed' };
		this.streak = newStreak();
	}
}

const newStreak = (): Streak => ({
	...{ id: '', isOutage: false, sinceMs: 0, executions: 0, events: 0, singleEvents: 0 },
	...{ lastFailure: null, firstOrder: 0 },
});
