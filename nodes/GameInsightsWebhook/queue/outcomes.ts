import type { FailedOutcome, Outcome } from './arrival';
import { backoffMs } from '../../shared/backoff';
import { Bisection } from './bisection';
import type { CircuitBreaker, Outage } from './breaker';
import type { FailureStreak } from './failureStreak';
import { outageNotice, recoveredNotice } from '../items/notice';
import type { Deduplication } from './deduplication';
import { type DeliverySettings, maxAttempts } from './deliverySettings';
import type { SimilarDeadLetters } from './similarDeadLetters';
import { type FailedAttempt, changeTried, lastAttempt, withAttempt } from '../../shared/items/history';
import type { GivenUp, Item, Job, PartEnd, Search } from './item';
import type { Notices } from './notices';
import type { Pace } from './pace';
import type { PendingReplies } from './pendingReplies';
import type { Run } from './slots';
import type { Store } from './store';
import { type EndState, move } from './transitions';
import { isRetryable, verdictOn } from './verdict';
import { rfc3339 } from '../../shared/rfc3339';

/** The functions that the decisions after an execution depend on. */
export interface OutcomePorts {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Milliseconds of a monotonic clock. All waits are measured by it. */
	elapsedMs(): number;
	/** From 0 to below 1. */
	random(): number;
	/** A new unique id. */
	newId(): string;
	readonly log: { error(message: string): void };
}

/** The parts of a queue that this class works on. */
export interface OutcomeParts {
	readonly store: Store;
	readonly breaker: CircuitBreaker;
	readonly deduplication: Deduplication;
	readonly requests: PendingReplies;
	readonly pace: Pace;
	readonly similar: SimilarDeadLetters;
	readonly notices: Notices;
	/** How many events and dead letters wait. */
	waiting(): number;
}

/**
 * Decides what happens to items after n8n has reported how their execution ended. Items wait for a retry or
 * for the end of an outage, run again in parts, become dead letters, or are settled. Senders that wait for
 * the items get their answer. An event that may come again is no longer recognised as a duplicate.
 */
export class Outcomes {
	/** Events that were processed, and dead letters that were delivered, so far. */
	readonly counts = { processed: 0, deadLettered: 0 };
	private readonly newId = (): string => this.ports.newId();

	constructor(
		private readonly ports: OutcomePorts,
		private readonly parts: OutcomeParts,
	) {}

	/** The execution is stored and runs. */
	begun(run: Run): void {
		if (!run.hasBegun && run.job.kind === 'events') {
			for (const item of run.items) if (item.state === 'starting') move(item, 'running');
		}
		run.hasBegun = true;
		run.job.hasBegun = true;
		this.parts.requests.keep(run.items);
	}

	/** The execution has ended, with success or not. */
	ended(run: Run, outcome: Outcome, settings: DeliverySettings): void {
		const { job } = run;
		if (run.isSkipped) {
			this.parts.breaker.probeEnded(run, this.ports.elapsedMs());
			this.partEnded(job, 'void', null, settings);
			return;
		}
		// If n8n knows how it ended, it has begun, even if the message about the beginning is missing.
		if (outcome.kind !== 'unknown') this.begun(run);
		for (const item of run.items) if (item.isUnwanted) this.drop(item);
		if (job.kind === 'deadLetters') this.deadLettersEnded(run, outcome, settings);
		else if (outcome.kind === 'processed' || outcome.kind === 'asleep')
			this.eventsSucceeded(run, outcome, settings);
		else this.eventsFailed(job, run, outcome, settings);
	}

	/**
	 * An execution of events did not succeed, or its outcome is unknown.
	 * @param run null when it ran in a process that is gone, or had slept: that tells nothing about an outage
	 */
	eventsFailed(job: Job, run: Run | null, outcome: FailedOutcome, settings: DeliverySettings): void {
		const { breaker, store } = this.parts;
		const attempt = { at: rfc3339(this.ports.now()), ...outcome.failure };
		const items = job.openItems;
		changeTried(items, (tried) => ({ ...tried, history: withAttempt(tried.history, attempt) }));
		const mayGoAway = isRetryable(outcome.failure, settings);
		const streak = run === null ? null : this.recordFailure(job, run, mayGoAway, attempt);
		if (items.length === 0) {
			this.partEnded(job, 'void', streak, settings);
			return;
		}
		if (breaker.isPaused && mayGoAway && settings.retry) {
			if (run === null) job.excuse(1);
			store.hold(job);
			return;
		}
		const { countedAttempts: attempts, bisection } = job;
		const failed = { attempts, events: items.length, isPart: bisection !== null };
		const verdict = verdictOn(failed, outcome, settings);
		switch (verdict.kind) {
			case 'retry':
				this.retryLater(job, settings);
				return;
			case 'bisect':
				for (const item of items) move(item, 'bisecting');
				if (bisection !== null) this.partEnded(job, 'failed', streak, settings);
				else {
					job.bisection = new Bisection(job);
					this.runNextPart(job, job.bisection, settings);
				}
				return;
			case 'giveUp':
				for (const item of items) {
					if (settings.retry || item.isPromised) {
						const shown = bisection === null ? 'asUsual' : 'alone';
						this.giveUp(item, { reason: verdict.reason, shown }, settings);
					} else this.returnToSender(item);
				}
				this.partEnded(job, 'failed', streak, settings);
		}
	}

	/** A part of a search has ended, so the next part starts. Does nothing for any other job. */
	partEnded(part: Job, end: PartEnd, streak: FailureStreak | null, settings: DeliverySettings): void {
		const { bisection } = part;
		if (bisection === null) return;
		bisection.ended(end, streak);
		this.runNextPart(part, bisection, settings);
	}

	/** An execution of dead letters has begun. It is never run again. */
	deadLettersFinished(job: Job, finish: 'dead_lettered' | 'failed'): void {
		for (const item of job.openItems) this.settle(item, finish, 'deadLettered');
	}

	/** Events that have become too old are not tried again. */
	giveUpExpired(items: readonly Item[], settings: DeliverySettings): void {
		const elapsedMs = this.ports.elapsedMs();
		for (const item of items) {
			if (elapsedMs - item.held.receivedElapsedMs > settings.maxAgeMs)
				this.giveUp(item, { reason: 'expired', shown: 'asUsual' }, settings);
		}
	}

	/** Removes an item that no sender waits for and that was in no execution. */
	drop(item: Item): void {
		if (item.isSettled) return;
		this.parts.deduplication.forget(item);
		this.parts.store.settle(item, 'withdrawn');
	}

	/** The job waits for its next attempt. */
	retryLater(job: Job, settings: DeliverySettings): void {
		for (const item of job.openItems) move(item, job.kind === 'events' ? 'retrying' : 'givenUp');
		this.postpone(job, Math.max(1, job.countedAttempts), settings);
	}

	/** The breaker has closed. Everything that waited for that goes on. */
	resume(outage: Outage | null): void {
		const { store } = this.parts;
		store.resume();
		if (outage !== null) store.recordOutage({ ...outage, untilMs: this.ports.now() });
	}

	/** @returns the streak of failures that it belongs to. Null when it tells nothing about an outage */
	private recordFailure(
		job: Job,
		run: Run,
		mayGoAway: boolean,
		failure: FailedAttempt,
	): FailureStreak | null {
		const { breaker, store } = this.parts;
		const elapsedMs = this.ports.elapsedMs();
		const items = job.openItems;
		if (!mayGoAway || items.length === 0) {
			breaker.probeEnded(run, elapsedMs);
			return null;
		}
		const nowMs = this.ports.now();
		const { streak, hasOpened, isNewOutage } = breaker.failed(run, items, failure, nowMs, elapsedMs);
		job.failedIn(streak);
		if (hasOpened) store.pause();
		if (isNewOutage) {
			const outage = breaker.outage as Outage;
			store.recordOutage({ id: outage.id, sinceMs: outage.sinceMs, untilMs: null });
			this.sendOutageNotice(outageNotice, outage, items[0] as Item);
		}
		return streak;
	}

	private sendOutageNotice(noticeOf: typeof outageNotice, outage: Outage, { held }: Item): void {
		const { breaker, notices } = this.parts;
		const waiting = this.parts.waiting();
		const { nextProbeAtMs } = breaker;
		const waitMs = Math.max(0, nextProbeAtMs - this.ports.elapsedMs());
		notices.send((frame) => {
			const nextTryAtMs = nextProbeAtMs === Infinity ? null : frame.nowMs + waitMs;
			return noticeOf({ ...frame, outage, waiting, nextTryAtMs });
		}, held.arrival.endpoint);
	}

	/**
	 * Starts a search again with the whole job, if an outage made the search wrong.
	 * @param part a part of the search that is not in an execution
	 * @returns whether the search starts again
	 */
	restartIfSpoiled(part: Job, settings: DeliverySettings): boolean {
		const { bisection } = part;
		if (bisection === null || !bisection.isSpoiled) return false;
		const whole = bisection.remainderWith(part);
		if (whole.open === 0) return true;
		if (this.parts.breaker.isPaused) this.parts.store.hold(whole);
		else this.retryLater(whole, settings);
		return true;
	}

	private runNextPart(part: Job, bisection: Search, settings: DeliverySettings): void {
		const { breaker, store } = this.parts;
		if (this.restartIfSpoiled(part, settings)) return;
		const next = bisection.next(this.newId);
		if (next === null) {
			for (const item of bisection.rest)
				this.giveUp(item, { reason: 'retries_exhausted', shown: 'together' }, settings);
			return;
		}
		if (breaker.isPaused) store.hold(next);
		else if (bisection.failuresInARow === 0) store.requeue(next);
		else this.postpone(next, bisection.failuresInARow, settings);
	}

	/** An execution that sleeps has done its part so far: only its events are not done yet. */
	private eventsSucceeded(
		run: Run,
		outcome: Exclude<Outcome, FailedOutcome>,
		settings: DeliverySettings,
	): void {
		const { breaker, deduplication, store } = this.parts;
		const elapsedMs = this.ports.elapsedMs();
		const [first] = run.items;
		const items = run.items.filter((item) => !item.isSettled);
		if (outcome.kind === 'asleep' && store.followsSleep) this.fellAsleep(items, outcome.executionId);
		else {
			for (const item of items) {
				deduplication.done(item, elapsedMs);
				this.settle(item, 'processed', 'processed');
			}
		}
		const { hasClosed, outage } = breaker.succeeded(run);
		if (hasClosed) this.resume(outage);
		else breaker.probeEnded(run, elapsedMs);
		if (outage !== null) this.sendOutageNotice(recoveredNotice, outage, first as Item);
		this.partEnded(run.job, 'succeeded', null, settings);
	}

	private fellAsleep(items: readonly Item[], executionId: string): void {
		const { deduplication, pace, requests, store } = this.parts;
		for (const item of items) deduplication.forget(item);
		deduplication.markAsleep(items.flatMap(({ event }) => event?.deduplicationKey ?? []));
		store.sleep(items, executionId);
		pace.settled(items.length, this.ports.elapsedMs());
		for (const item of items) requests.itemSettled(item, 'processed');
	}

	private deadLettersEnded({ job, content }: Run, outcome: Outcome, settings: DeliverySettings): void {
		if (job.hasBegun) {
			const hasSucceeded = outcome.kind === 'processed' || outcome.kind === 'asleep';
			this.deadLettersFinished(job, hasSucceeded ? 'dead_lettered' : 'failed');
			return;
		}
		if (job.open === 0) return;
		if (job.attempts <= settings.maxRetries) {
			this.retryLater(job, settings);
			return;
		}
		const summaries =
			content.kind === 'deadLetters' ? content.deadLetters.map((letter) => letter.summary) : [];
		const fate = this.parts.store.isDurable ? 'it stays in the table' : 'it is lost';
		this.ports.log.error(`A dead letter could not be handed to n8n, ${fate}: ${summaries.join(' ')}`);
		this.deadLettersFinished(job, 'failed');
	}

	private postpone(job: Job, failures: number, settings: DeliverySettings): void {
		const waitMs = backoffMs(failures, settings, () => this.ports.random());
		this.parts.store.postpone(job, this.ports.elapsedMs() + waitMs);
	}

	private giveUp(item: Item, why: Pick<GivenUp, 'reason' | 'shown'>, settings: DeliverySettings): void {
		if (item.isSettled || item.state === 'givenUp') return;
		const { history, firstAttemptAtMs, lastAttemptAtMs } = item.tried;
		const atMs = this.ports.now();
		const { node = null, message = '' } = lastAttempt(history) ?? {};
		item.givenUp = {
			...why,
			atMs,
			similar: this.parts.similar.count({ reason: why.reason, node, message }, atMs),
			history,
			firstAttemptAtMs,
			lastAttemptAtMs,
			maxAttempts: Math.max(history.count, maxAttempts(settings)),
			isRetryOn: settings.retry,
		};
		this.parts.deduplication.forget(item);
		this.parts.store.giveUp(item);
	}

	/** The sender is answered that the event failed. It may send the event again. */
	private returnToSender(item: Item): void {
		this.parts.deduplication.forget(item);
		this.settle(item, 'failed', 'returned');
	}

	private settle(item: Item, finish: 'processed' | 'dead_lettered' | 'failed', end: EndState): void {
		if (item.isSettled) return;
		this.parts.store.settle(item, end);
		if (end === 'processed') this.counts.processed++;
		if (end === 'deadLettered' && item.deadLetter?.stage !== 'notice') this.counts.deadLettered++;
		this.parts.pace.settled(1, this.ports.elapsedMs());
		this.parts.requests.itemSettled(item, finish);
	}
}
