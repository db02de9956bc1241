import type { FailureStreak } from './failureStreak';
import type { HeldRequest, Item, Job, PartEnd, Search } from './item';

/** How many executions the events of one request may take, their attempts together included. */
export const MOST_EXECUTIONS = 64;
/** With so many attempts set by the user, the search counts its own executions alone. */
const MANY_ATTEMPTS = 32;
/** The smallest rest that is not given up after a single failure. */
const LARGE_REST = 50;
/** How often such a rest is tried: often enough for an outage to show. */
const TRIES_OF_LARGE_REST = 4;
/** The size of a group for which a failure is as likely as none, by the share of bad events (ln 2). */
const EVEN_CHANCE = Math.LN2;
/** How much larger a group may be than a good one before it. */
const GROWTH = 1.3;
/** Before much is known, this share of the events is taken to be good. */
const PRIOR_SHARE = 1 / 10;

const requestsOf = (items: readonly Item[]): Set<HeldRequest> => new Set(items.map(({ held }) => held));

/**
 * The search for the events that make an execution of several events fail, one part after the other. A part
 * that fails is halved until one event has failed alone; what is not known to be good or bad is tried again
 * in groups, the smaller the more bad events were found (generalised binary splitting: Hwang, "A method for
 * detecting all defective members in a population by group testing", 1972). One bad event among n takes at
 * most 2·log₂(n) + 2 executions.
 */
export class Bisection implements Search {
	/** Not known to be good or bad. */
	private pool: readonly Item[] = [];
	/** At least one of them makes an execution fail. */
	private suspects: readonly Item[];
	/** The other half of the suspects, while one half is tried. */
	private other: readonly Item[] = [];
	private trying: readonly Item[] = [];
	private isRestTried = false;
	private isTryingRest = false;
	/** Bad events often come together: after a group without one the next group may be larger. */
	private leastGroup = 1;
	private found = 0;
	private cleared = 0;
	private executions = 0;
	private streak: FailureStreak | null = null;
	private readonly size: number;
	private readonly requests: ReadonlySet<HeldRequest>;
	/** Failed parts since the last one that went well. */
	failuresInARow = 0;

	constructor(
		/** What failed as a whole. */
		readonly whole: Job,
	) {
		this.suspects = whole.openItems;
		this.size = this.suspects.length;
		this.requests = requestsOf(this.suspects);
	}

	/** Whether a part failed in an outage, so that the search may have gone wrong and has to begin again. */
	get isSpoiled(): boolean {
		return this.streak?.isOutage === true;
	}

	/** What the search has not come to an end with. */
	get rest(): Item[] {
		return [...this.suspects, ...this.other, ...this.pool].filter(waits);
	}

	/**
	 * An outage has come in between: what is left of the search, the failed or waiting part included, as one
	 * job again.
	 */
	givenUpWith(part: Job): Job {
		const job = part.part(this.whole.id, [...new Set([...part.openItems, ...this.rest])]);
		job.bisection = null;
		return job;
	}

	/** The next part to run; null when nothing is left, or nothing more may be tried: see {@link rest}. */
	next(newId: () => string): Job | null {
		this.suspects = this.suspects.filter(waits);
		this.pool = this.pool.filter(waits);
		const left = this.executionsLeft();
		if (left <= 0 || this.suspects.length + this.pool.length === 0) return null;
		this.trying = this.choose(left);
		this.executions++;
		return this.whole.part(newId(), this.trying);
	}

	/** A part has ended; `failures` are counted for {@link isSpoiled} in the streak they belong to. */
	ended(end: PartEnd, streak: FailureStreak | null): void {
		const { trying, other, isTryingRest: isRest } = this;
		this.isTryingRest = false;
		this.trying = [];
		this.other = [];
		if (end === 'failed') {
			this.failuresInARow++;
			this.leastGroup = 1;
			if (streak !== null) this.streak = streak;
			if (trying.length === 1) this.found++;
			else if (isRest || this.isLastTry(trying)) this.pool = [...trying, ...this.pool];
			else this.suspects = trying;
			this.pool = [...other, ...this.pool];
			return;
		}
		if (end === 'well') {
			this.failuresInARow = 0;
			this.cleared += trying.length;
			if (other.length > 0) this.suspects = other;
			else this.leastGroup = Math.floor(GROWTH * trying.length);
			return;
		}
		if (end === 'unstarted') this.executions--;
		this.pool = [...other, ...this.pool];
	}

	private isLastTry(trying: readonly Item[]): boolean {
		return (
			this.suspects.length > 0 || (trying.length >= LARGE_REST && this.executionsLeft() < TRIES_OF_LARGE_REST)
		);
	}

	private choose(left: number): readonly Item[] {
		const { pool, suspects } = this;
		const isEnding = left === 1 || (left <= TRIES_OF_LARGE_REST && pool.length >= LARGE_REST);
		if (pool.length > 0 && (isEnding || suspects.length === 0)) {
			const group = isEnding ? pool.filter(notBehind(suspects)) : pool.slice(0, this.groupSize());
			this.pool = isEnding ? pool.filter((item) => !group.includes(item)) : pool.slice(group.length);
			if (group.length > 0) return group;
		}
		const half = suspects.slice(0, Math.max(1, Math.floor(suspects.length / 2)));
		this.other = suspects.slice(half.length);
		this.suspects = [];
		return half;
	}

	private groupSize(): number {
		// As a rule there is one bad event, and the rest is good.
		if (this.found <= 1 && !this.isRestTried) {
			this.isRestTried = true;
			this.isTryingRest = true;
			return this.pool.length;
		}
		const known = this.found + this.cleared + this.size * PRIOR_SHARE;
		return Math.max(this.leastGroup, Math.floor((EVEN_CHANCE * known) / Math.max(1, this.found)));
	}

	private executionsLeft(): number {
		const { countedAttempts: attempts } = this.whole;
		if (attempts > MANY_ATTEMPTS) return 4 * Math.ceil(Math.log2(this.size)) - this.executions;
		const most = MOST_EXECUTIONS - attempts - this.executions;
		return Math.min(most, ...[...this.requests].map(({ executions }) => MOST_EXECUTIONS - executions));
	}
}

/**
 * Tells events that may go before these, because none of them came earlier and has the same value of
 * `orderBy`.
 */
function notBehind(items: readonly Item[]): (item: Item) => boolean {
	const keys = new Set(items.map(({ orderKey }) => orderKey));
	return ({ orderKey }) => orderKey === null || !keys.has(orderKey);
}

const waits = ({ state }: Item): boolean => state === 'bisecting';
