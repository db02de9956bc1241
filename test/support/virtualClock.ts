interface Sleeper {
	readonly wakesAtMs: number;
	readonly wake: () => void;
}

/** A clock that moves only when a test says so. Sleepers wake in the order of their times. */
export class VirtualClock {
	private readonly sleepers: Sleeper[] = [];

	constructor(private nowMs = 1_700_000_000_000) {}

	readonly now = (): number => this.nowMs;

	readonly sleep = async (milliseconds: number): Promise<void> =>
		await new Promise((resolve) => {
			this.sleepers.push({ wakesAtMs: this.nowMs + milliseconds, wake: resolve });
		});

	/** How many sleeps are outstanding. */
	get sleeping(): number {
		return this.sleepers.length;
	}

	/** Moves time on, waking every sleeper whose time comes, and lets what they do run to its end. */
	async advance(milliseconds: number): Promise<void> {
		const untilMs = this.nowMs + milliseconds;
		await settle();
		for (;;) {
			const due = this.earliest();
			if (due === undefined || due.wakesAtMs > untilMs) break;
			this.sleepers.splice(this.sleepers.indexOf(due), 1);
			this.nowMs = Math.max(this.nowMs, due.wakesAtMs);
			due.wake();
			await settle();
		}
		this.nowMs = untilMs;
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
