import type { JournalRow } from './journalRow';

/** The first wait between two tries while the table can't be reached. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4_000;

/** Rows with work to do. The work is repeated until it succeeds. */
export class Rounds {
	private readonly rows = new Set<JournalRow>();
	private isWorking = false;
	private isFlushing = false;
	/** Ends a rest early. */
	private hurry: () => void = () => undefined;
	private idle: Array<() => void> = [];

	constructor(
		private readonly everyMs: number,
		private readonly sleep: (milliseconds: number) => Promise<void>,
		/** Resolves with whether all calls succeeded. The rows of failed calls were added again. */
		private readonly perform: (rows: readonly JournalRow[]) => Promise<boolean>,
	) {}

	add(row: JournalRow): void {
		this.rows.add(row);
		if (!this.isWorking) void this.work();
	}

	drop(row: JournalRow): void {
		this.rows.delete(row);
	}

	clear(): void {
		this.rows.clear();
	}

	/** Resolves once no row has work left. */
	async flushed(): Promise<void> {
		if (!this.isWorking) return;
		this.isFlushing = true;
		this.hurry();
		await new Promise<void>((resolve) => this.idle.push(resolve));
	}

	/** The next round need no longer start early. */
	endFlush(): void {
		this.isFlushing = false;
	}

	private async work(): Promise<void> {
		this.isWorking = true;
		let waitMs = FIRST_WAIT_MS;
		// Changes of the same turn of the event loop are written together.
		await Promise.resolve();
		while (this.rows.size > 0) {
			const rows = [...this.rows];
			this.rows.clear();
			const rest = this.sleep(this.everyMs);
			if (await this.perform(rows)) {
				waitMs = FIRST_WAIT_MS;
				const hurried = new Promise<void>((resolve) => (this.hurry = resolve));
				if (!this.isFlushing) await Promise.race([rest, hurried]);
			} else {
				await this.sleep(waitMs);
				waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
			}
		}
		this.isWorking = false;
		for (const resolve of this.idle.splice(0)) resolve();
	}
}
