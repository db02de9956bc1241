import { Rest } from './rest';

/** How often to ask the table for rows that no process delivers. */
const POLL_EVERY_MS = 500;
/** How often, when nothing was found for some time. */
const QUIET_POLL_EVERY_MS = 10_000;
/** Where there are dead letters, half of the calls are spent on their table. */
const QUIET_POLL_WITH_DEAD_LETTERS_EVERY_MS = 15_000;
/** For how long to ask often: after the start, after a problem, and after rows were found. */
const LIVELY_MS = 30_000;
const LIVELY_AFTER_FIND_MS = 300_000;

/** The functions that the pace depends on. */
export interface PollPacePorts {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	sleep(milliseconds: number): Promise<void>;
}

/** How often a process asks the table for work: often after something has happened, rarely otherwise. */
export class PollPace {
	private livelyUntilMs: number;
	private readonly rest: Rest;

	constructor(private readonly ports: PollPacePorts) {
		this.livelyUntilMs = ports.elapsedMs() + LIVELY_MS;
		this.rest = new Rest(async (milliseconds) => await ports.sleep(milliseconds));
	}

	/** Whether something has happened lately. */
	get isLively(): boolean {
		return this.ports.elapsedMs() < this.livelyUntilMs;
	}

	/** A call failed. */
	failed(): void {
		this.beLivelyFor(LIVELY_MS);
	}

	/** Rows were found that this process has to deliver. Usually there are more. */
	found(): void {
		this.beLivelyFor(LIVELY_AFTER_FIND_MS);
	}

	/** There will soon be something in the table: a long wait ends now. */
	expect(): void {
		this.beLivelyFor(LIVELY_MS);
		this.hurry();
	}

	/** A long wait ends now. */
	hurry(): void {
		this.rest.hurry();
	}

	/**
	 * Waits until it is time to ask again.
	 * @param isLively whether to ask often, for this or another reason
	 * @param hasDeadLetters whether the table of dead letters is asked as well
	 */
	async wait(isLively: boolean, hasDeadLetters: boolean): Promise<void> {
		if (isLively) await this.ports.sleep(POLL_EVERY_MS);
		else await this.rest.for(hasDeadLetters ? QUIET_POLL_WITH_DEAD_LETTERS_EVERY_MS : QUIET_POLL_EVERY_MS);
	}

	private beLivelyFor(milliseconds: number): void {
		this.livelyUntilMs = Math.max(this.livelyUntilMs, this.ports.elapsedMs() + milliseconds);
	}
}
