interface Sleeper {
	readonly wakesAtMs: number;
	readonly wake: () => void;
}

/** A clock that moves only when a test says so. Sleepers wake in the order of their times. */
export class VirtualClock {
	private readonly sleepers: Sleeper[] = [];

	/** What the time of day is ahead of the clock that is never set. */
	private setOffMs: number;
	private elapsed = 5_000_000;

	constructor(nowMs = 1_700_000_000_000) {
		this.setOffMs = nowMs - this.elapsed;
	}

	/** The time of day. */
	readonly now = (): number => this.elapsed + this.setOffMs;

	/** The clock that is never set. */
	readonly elapsedMs = (): number => this.elapsed;

	readonly sleep = async (milliseconds: number): Promise<void> =>
		await new Promise((resolve) => {
			this.sleepers.push({ wakesAtMs: this.elapsed + milliseconds, wake: resolve });
		});

	/** Somebody sets the time of day. */
	set(byMs: number): void {
		this.setOffMs += byMs;
	}

	/** How many sleeps are outstanding. */
	get sleeping(): number {
		return this.sleepers.length;
	}

	/** Moves time on, waking every sleeper whose time comes, and lets what they do run to its end. */
	async advance(milliseconds: number): Promise<void> {
		const untilMs = this.elapsed + milliseconds;
		await settle();
		for (;;) {
			const due = this.earliest();
			if (due === undefined || due.wakesAtMs > untilMs) break;
			this.sleepers.splice(this.sleepers.indexOf(due), 1);
			this.elapsed = Math.max(this.elapsed, due.wakesAtMs);
			due.wake();
			await settle();
		}
		this.elapsed = untilMs;
	}

	/** Of several at the same time the one that went to sleep first. */
	private earliest(): Sleeper | undefined {
		let earliest = this.sleepers[0];
		for (const sleeper of this.sleepers) {
			if (sleeper.wakesAtMs < (earliest as Sleeper).wakesAtMs) earliest = sleeper;
		}
		return earliest;
	}
}

/** Lets all promises that can settle do so. */
export async function settle(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
