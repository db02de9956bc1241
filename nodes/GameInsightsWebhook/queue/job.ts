import type { Bisection } from './bisection';
import type { FailureStreak } from './breaker';
import type { Link } from './chain';
import type { Due } from './dueHeap';
import type { Item } from './item';

/** Where a job is. Written by the store alone. */
export type JobState =
	/** In an execution, or waiting for nothing by itself. */
	| { readonly kind: 'detached' }
	/** Waits for a slot. */
	| { readonly kind: 'ready'; readonly link: Link<Job> }
	/** Waits for its turn: events that came before its own are under way. */
	| { readonly kind: 'blocked'; readonly link: Link<Job> }
	/** Waits for its time. */
	| { readonly kind: 'scheduled'; readonly due: Due<Job> }
	/** Waits for the end of an outage. */
	| { readonly kind: 'paused'; readonly link: Link<Job> };

/** What runs, ran or will run together in one execution: events of one attempt, or dead letters. */
export class Job {
	/** How many executions it was started in: as many as those of its events that were in most. */
	attempts = 0;
	/** Whether any of its executions has begun. */
	hasBegun = false;
	/** The search for the failing events that it is a part of, as one step of it. */
	bisection: Bisection | null = null;
	state: JobState = { kind: 'detached' };
	/** How many of its items are not settled. */
	open: number;
	private excusedBefore = 0;
	private streak: FailureStreak | null = null;
	private failuresInStreak = 0;

	constructor(
		readonly id: string,
		readonly kind: 'events' | 'deadLetters',
		/** In the order in which they came; settled ones stay until the next start. */
		public items: readonly Item[],
	) {
		this.open = items.length;
		for (const item of items) item.job = this;
	}

	/** Those of its items that are neither settled nor given up. */
	get openItems(): Item[] {
		return this.items.filter((item) => item.job === this);
	}

	/** Attempts that are not held against its events, because they failed in an outage. */
	get excused(): number {
		return this.excusedBefore + (this.streak?.isOutage === true ? this.failuresInStreak : 0);
	}

	/** Attempts that count towards `maxRetries`. */
	get countedAttempts(): number {
		return this.attempts - this.excused;
	}

	/** The events were in so many executions before, and so many of those are not held against them. */
	excuse(attempts: number): void {
		this.excusedBefore += attempts;
	}

	/** Another execution of it failed in this streak: should that turn out to be an outage, it does not count. */
	failedIn(streak: FailureStreak): void {
		if (this.streak !== streak) {
			this.excusedBefore = this.excused;
			this.streak = streak;
			this.failuresInStreak = 0;
		}
		this.failuresInStreak++;
	}

	/** A job with some of its events. */
	part(id: string, items: readonly Item[]): Job {
		const part = new Job(id, 'events', items);
		for (const { tried } of items) part.attempts = Math.max(part.attempts, tried.attempts);
		part.hasBegun = this.hasBegun;
		part.bisection = this.bisection;
		part.excusedBefore = this.excusedBefore;
		part.streak = this.streak;
		part.failuresInStreak = this.failuresInStreak;
		return part;
	}
}
