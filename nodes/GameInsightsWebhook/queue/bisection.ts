import type { FailureStreak } from './failureStreak';
import type { HeldRequest, Item, Job, PartEnd, Search } from './item';

/** How many executions the events of one request may take, including their attempts together. */
export const MOST_EXECUTIONS = 64;
/** If the user allows more attempts than this, only the executions of the search itself are limited. */
const MANY_ATTEMPTS = 32;
/** From this size on, the remaining events are not given up after a single failure. */
const LARGE_REST = 50;
/** How often so many remaining events are tried: often enough to notice an outage. */
const TRIES_OF_LARGE_REST = 4;
/**
 * ln 2. Divided by the share of bad events, it gives the group size at which a failure is as likely as a
 * success.
 */
const EVEN_CHANCE = Math.LN2;
/** A group may be this many times as large as the good group before it. */
const GROWTH = 1.3;
/** Before much is known, this share of the events counts as known to be good. */
const PRIOR_SHARE = 1 / 10;

const requestsOf = (items: readonly Item[]): Set<HeldRequest> => new Set(items.map(({ held }) => held));

/**
 * The search for the events that make an execution of several events fail, one part after the other. A part
 * that fails is halved until one event has failed alone. Events that are not known to be good or bad are
 * tried again in groups; the more bad events were found, the smaller the groups (generalised binary
 * splitting: Hwang, "A method for detecting all defective members in a population by group testing", 1972).
 * One bad event among n takes at most 2·log₂(n) + 2 executions.
 */
export class Bisection implements Search {
	/** Events that are not known to be good or bad. */
	private pool: readonly Item[] = [];
	/** At least one of these makes an execution fail. */
	private suspects: readonly Item[];
	/** The other half of the suspects, while the first half is tried. */
	private other: readonly Item[] = [];
	private trying: readonly Item[] = [];
	private isRestTried = false;
	private isTryingRest = false;
	/** Bad events often come together: after a group without a bad event the next group may be larger. */
	private leastGroup = 1;
	private found = 0;
	private cleared = 0;
	private executions = 0;
	private streak: FailureStreak | null = null;
	private readonly size: number;
	private readonly requests: ReadonlySet<HeldRequest>;
	/** Failed parts since the last part that succeeded. */
	failuresInARow = 0;

	constructor(
		/** The job that failed as a whole. */
		readonly whole: Job,
	) {
		this.suspects = whole.openItems;
		this.size = this.suspects.length;
		this.requests = requestsOf(this.suspects);
	}

	/** Whether a part failed in an outage. Then the search may be wrong and has to begin again. */
	get isSpoiled(): boolean {
		return this.streak?.isOutage === true;
	}

	/** The events that the search has not decided about. */
	get rest(): Item[] {
		return [...this.suspects, ...this.other, ...this.pool].filter(waits);
	}

	/**
	 * An outage interrupted the search. Returns what is left of it as one job again, including the failed or
	 * waiting part.
	 */
	remainderWith(part: Job): Job {
		const job = part.part(this.whole.id, [...new Set([...part.openItems, ...this.rest])]);
		job.bisection = null;
		return job;
	}

	/** The next part to run. Null when nothing is left, or nothing more may be tried: see {@link rest}. */
	next(newId: () => string): Job | null {
		this.suspects = this.suspects.filter(waits);
		this.pool = this.pool.filter(waits);
		const left = this.executionsLeft();
		if (left <= 0 || this.suspects.length + this.pool.length === 0) return null;
		this.trying = this.choose(left);
		this.executions++;
		return this.whole.part(newId(), this.trying);
	}

	/** A part has ended. Its `failures` count for {@link isSpoiled} in the streak that they belong to. */
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
		if (end === 'succeeded') {
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
		// Usually there is only one bad event, and the rest is good.
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
 * Returns a test: may an event go before these items? Yes, unless one of them came earlier and has the same
 * value of `orderBy`.
 */
function notBehind(items: readonly Item[]): (item: Item) => boolean {
	const keys = new Set(items.map(({ orderKey }) => orderKey));
	return ({ orderKey }) => orderKey === null || !keys.has(orderKey);
}

const waits = ({ state }: Item): boolean => state === 'bisecting';
