/** Something that happened this long ago counts a third of something that happens now. */
const MEMORY_MS = 10_000;
const SHORTEST_S = 1;
const LONGEST_S = 60;

/** How fast the queue settles events, measured over the last seconds in which it had work. */
export class Pace {
	private events = 0;
	private busyMs = 0;
	private countedAtMs = 0;

	/** The queue starts to work after a time without work. That time does not count as slowness. */
	started(elapsedMs: number): void {
		this.countedAtMs = elapsedMs;
	}

	settled(events: number, elapsedMs: number): void {
		const busyMs = Math.max(0, elapsedMs - this.countedAtMs);
		const kept = Math.exp(-busyMs / MEMORY_MS);
		this.events = this.events * kept + events;
		this.busyMs = this.busyMs * kept + busyMs;
		this.countedAtMs = elapsedMs;
	}

	/**
	 * The seconds in which the queue will probably settle everything that waits, from 1 to 60. Before anything
	 * was settled, it is the time for which nothing has moved yet.
	 */
	retryAfterSeconds(waiting: number, elapsedMs: number): number {
		const stalledMs = Math.max(0, elapsedMs - this.countedAtMs);
		const neededMs = this.events > 0 ? (waiting / this.events) * (this.busyMs + stalledMs) : stalledMs;
		return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil(neededMs / 1_000)));
	}
}
