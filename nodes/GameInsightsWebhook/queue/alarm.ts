import type { Clock } from '../../shared/clock';

/**
 * The longest single sleep. A Node.js timer above 2^31 - 1 ms fires at once, so longer waits are split into
 * several sleeps.
 */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Calls `ring` at a set time. It is built from sleeps that can't be cancelled: one sleep serves any number of
 * later times, and a new sleep starts only when an earlier time is set. So it may also ring when nothing is
 * due any more: the listener has to check for itself.
 */
export class Alarm {
	/** When the running sleeps end, the earliest last: a new sleep only starts for an earlier time. */
	private readonly wakesAtMs: number[] = [];

	constructor(
		private readonly clock: Clock,
		/** Called when the alarm rings. It has to set the alarm again if anything is still to come. */
		private readonly ring: () => void,
	) {}

	/** How many sleeps are running. */
	get sleeping(): number {
		return this.wakesAtMs.length;
	}

	/** Makes sure that it rings at `atMs` or before. It never rings for infinity. */
	set(atMs: number): void {
		const elapsedMs = this.clock.elapsedMs();
		const wakesAtMs = Math.min(Math.max(atMs, elapsedMs), elapsedMs + LONGEST_SLEEP_MS);
		if (atMs === Number.POSITIVE_INFINITY || (this.wakesAtMs.at(-1) ?? Number.POSITIVE_INFINITY) <= wakesAtMs)
			return;
		this.wakesAtMs.push(wakesAtMs);
		// At least 1 ms: a timer may fire a little before the clock reaches its time. Without this it would loop.
		void this.clock.sleep(Math.max(1, Math.ceil(wakesAtMs - elapsedMs))).then(() => {
			this.wakesAtMs.splice(this.wakesAtMs.indexOf(wakesAtMs), 1);
			this.ring();
		});
	}
}
