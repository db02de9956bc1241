import type { Clock } from '../../shared/clock';

/**
 * The longest single sleep. Timers of Node.js fire at once beyond 2^31 - 1 ms, so longer waits are slept in
 * pieces.
 */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Rings at a set time, out of sleeps that can't be cancelled. It sleeps once for any number of times ahead,
 * and again only when something earlier is set. So it also rings when nothing is due any more: whoever
 * listens looks for himself.
 */
export class Alarm {
	/** When the sleeps under way end, the earliest last: a new one is only ever begun for an earlier time. */
	private readonly wakesAtMs: number[] = [];

	constructor(
		private readonly clock: Clock,
		/** Sets the alarm anew if anything is still ahead. */
		private readonly ring: () => void,
	) {}

	/** How many sleeps are under way. */
	get sleeping(): number {
		return this.wakesAtMs.length;
	}

	/** Makes sure that it rings at `atMs` or before; never, when that is infinity. */
	set(atMs: number): void {
		const elapsedMs = this.clock.elapsedMs();
		const wakesAtMs = Math.min(Math.max(atMs, elapsedMs), elapsedMs + LONGEST_SLEEP_MS);
		if (atMs === Number.POSITIVE_INFINITY || (this.wakesAtMs.at(-1) ?? Number.POSITIVE_INFINITY) <= wakesAtMs)
			return;
		this.wakesAtMs.push(wakesAtMs);
		// At least 1 ms: a timer may fire a little before the clock shows its time, and would then spin.
		void this.clock.sleep(Math.max(1, Math.ceil(wakesAtMs - elapsedMs))).then(() => {
			this.wakesAtMs.splice(this.wakesAtMs.indexOf(wakesAtMs), 1);
			this.ring();
		});
	}
}
