import type { Outcome } from './arrival';
import { backoffMs } from './backoff';
import type { DeadLetterReason } from '../items/deadLetter';
import type { Deduplication } from './deduplication';
import { type DeliverySettings, maxAttempts } from './deliverySettings';
import { withAttempt } from './history';
import { afterPart, split } from './bisection';
import type { Item, Settlement } from './item';
import type { Job } from './job';
import type { Pace } from './pace';
import type { Run } from './slots';
import type { Store } from './store';
import { verdictOn } from './verdict';
import type { PendingReplies } from './pendingReplies';

/** What is needed of the world to go on after an execution. */
export interface OutcomePorts {
	/** Milliseconds since the epoch. */
	now(): number;
	/** From 0 to below 1. */
	random(): number;
	/** Never twice the same. */
	newId(): string;
	readonly log: { error(message: string): void };
}

/**
 * The part of a queue that decides what becomes of items by what n8n says of their execution: they wait for a retry, run again
 * in parts, become dead letters, or are settled. Whoever waits for them is told, and an event that may come again is no
 * longer recognised.
 */
export class Outcomes {
	private readonly newId = (): string => this.ports.newId();

	constructor(
		private readonly ports: OutcomePorts,
		private readonly store: Store,
		private readonly deduplication: Deduplication,
		private readonly requests: PendingReplies,
		private readonly pace: Pace,
	) {}

	/** The execution is stored and runs. */
	begun(run: Run): void {
		run.hasBegun = true;
		run.job.hasBegun = true;
		this.requests.keep(run.items);
	}

	/** The execution has ended, well or not. */
	ended(run: Run, outcome: Outcome, settings: DeliverySettings): void {
		const { job } = run;
		const nowMs = this.ports.now();
		if (run.isSkipped) {
			this.partEnded(job, false);
			return;
		}
		// What n8n knows the end of has begun, should that message be missing.
		if (outcome.kind !== 'unknown') this.begun(run);
		for (const item of run.items) if (item.isUnwanted) this.drop(item);
		if (job.kind === 'deadLetters') this.deadLettersEnded(run, outcome, settings, nowMs);
		else if (outcome.kind === 'processed') this.eventsProcessed(run, nowMs);
		else this.eventsFailed(job, outcome, settings, nowMs);
	}

	/** An execution of events did not end well, or nobody knows how it ended. */
	eventsFailed(
		job: Job,
		outcome: Exclude<Outcome, { kind: 'processed' }>,
		settings: DeliverySettings,
		nowMs: number,
	): void {
		job.history = withAttempt(job.history, { at: new Date(nowMs).toISOString(), ...outcome.failure });
		const items = job.openItems;
		this.partEnded(job, false);
		if (items.length === 0) return;
		const verdict = verdictOn(
			{ attempts: job.attempts, events: items.length, isPart: job.isPart },
			outcome,
			settings,
		);
		switch (verdict.kind) {
			case 'retry':
				this.retryLater(job, settings, nowMs);
				return;
			case 'bisect':
				this.store.requeue(split(job, this.newId));
				return;
			case 'giveUp':
				for (const item of items) {
					if (settings.retry || item.isPromised) this.bury(item, job, verdict.reason, settings, nowMs);
					else this.handBack(item);
				}
		}
	}

	/** The other part of a split job runs next, if there is one. */
	partEnded(part: Job, wentWell: boolean): void {
		const next = afterPart(part, wentWell, this.newId);
		if (next !== null) this.store.requeue(next);
	}

	/** An execution of dead letters has begun, so it is not run again. */
	deadLettersOver(job: Job, finish: 'dead_lettered' | 'failed'): void {
		for (const item of job.openItems) this.settle(item, finish, 'deadLettered');
	}

	/** Events that have become too old are not tried again. */
	buryExpired(job: Job, settings: DeliverySettings, nowMs: number): void {
		for (const item of job.openItems) {
			const { receivedAtMs, redrivenAtMs } = item.held.arrival;
			if (nowMs - (redrivenAtMs ?? receivedAtMs) > settings.maxAgeMs)
				this.bury(item, job, 'expired', settings, nowMs);
		}
	}

	/** Nobody wants it, and nothing has happened to it. */
	drop(item: Item): void {
		if (item.isSettled) return;
		this.deduplication.forget(item);
		this.store.settle(item, 'dropped');
	}

	private eventsProcessed(run: Run, nowMs: number): void {
		for (const item of run.items) {
			this.deduplication.done(item, nowMs);
			this.settle(item, 'processed', 'processed');
		}
		this.partEnded(run.job, true);
	}

	private deadLettersEnded(
		{ job, content }: Run,
		outcome: Outcome,
		settings: DeliverySettings,
		nowMs: number,
	): void {
		if (job.hasBegun) {
			this.deadLettersOver(job, outcome.kind === 'processed' ? 'dead_lettered' : 'failed');
			return;
		}
		if (job.open === 0) return;
		if (job.attempts <= settings.maxRetries) {
			this.retryLater(job, settings, nowMs);
			return;
		}
		const summaries =
			content.kind === 'deadLetters' ? content.deadLetters.map((letter) => letter.summary) : [];
		const fate = this.store.isDurable ? 'it stays in the table' : 'it is lost';
		this.ports.log.error(`A dead letter could not be handed to n8n, ${fate}: ${summaries.join(' ')}`);
		this.deadLettersOver(job, 'failed');
	}

	private retryLater(job: Job, settings: DeliverySettings, nowMs: number): void {
		this.store.postpone(job, nowMs + backoffMs(job.attempts, settings, () => this.ports.random()));
	}

	private bury(
		item: Item,
		job: Job,
		reason: DeadLetterReason,
		settings: DeliverySettings,
		nowMs: number,
	): void {
		if (item.isSettled) return;
		const { firstAttemptAtMs, lastAttemptAtMs, history } = job;
		item.givenUp = {
			reason,
			atMs: nowMs,
			history,
			firstAttemptAtMs,
			lastAttemptAtMs,
			maxAttempts: maxAttempts(settings),
			isRetryOn: settings.retry,
		};
		this.deduplication.forget(item);
		this.store.bury(item);
	}

	/** The sender is told that it failed, and may send it again. */
	private handBack(item: Item): void {
		this.deduplication.forget(item);
		this.settle(item, 'failed', 'returned');
	}

	private settle(item: Item, finish: 'processed' | 'dead_lettered' | 'failed', settlement: Settlement): void {
		if (item.isSettled) return;
		this.store.settle(item, settlement);
		this.pace.settled(1, this.ports.now());
		this.requests.itemSettled(item, finish);
	}
}
