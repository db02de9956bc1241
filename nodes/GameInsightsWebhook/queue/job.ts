import type { Link } from './chain';
import type { Due } from './dueHeap';
import { type History, NO_HISTORY } from './history';
import type { Item } from './item';

/** What runs, ran or will run together in one execution: events of one attempt, or dead letters. */
export class Job {
	/** How many executions it was started in. The events of a part count those of the whole as well. */
	attempts = 0;
	firstAttemptAtMs: number | null = null;
	lastAttemptAtMs: number | null = null;
	history: History = NO_HISTORY;
	/** Whether any of its executions has begun. */
	hasBegun = false;
	/** A part of an execution that was split to find the failing events: it runs once. */
	isPart = false;
	/** The other part, which waits for how this one ends. */
	counterpart: Job | null = null;
	/** Its position in the store while it waits as a whole. */
	position: { ready: Link<Job> } | { later: Due<Job> } | null = null;
	/** How many of its items are not settled. */
	open: number;

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
}
