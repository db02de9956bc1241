import type { StoredRow } from './table';

/**
 * The clock of n8n's database, as well as it is known here: whatever a row says about times that another
 * process has to understand is by this clock, for those of processes may differ by hours.
 */
export class TableClock {
	private aheadOfElapsedMs: number | null = null;

	constructor(private readonly ports: { now(): number; elapsedMs(): number }) {}

	/** This row was made by the database between these two times of the clock that is never set. */
	set(row: StoredRow, fromElapsedMs: number): void {
		const createdAtMs = createdAtOf(row);
		if (createdAtMs !== null) this.aheadOfElapsedMs = createdAtMs - fromElapsedMs;
	}

	/** In milliseconds since the epoch; by the clock of this process for as long as no other is known. */
	now(): number {
		return this.aheadOfElapsedMs === null ? this.ports.now() : this.ports.elapsedMs() + this.aheadOfElapsedMs;
	}

	/** What was at this time by the clock of the database, by the clock of this process. */
	toLocal(tableMs: number): number {
		return tableMs - this.now() + this.ports.now();
	}

	/** How long ago a row was made, in milliseconds; null where it does not say. */
	ageOf(row: StoredRow): number | null {
		const createdAtMs = createdAtOf(row);
		return createdAtMs === null || this.aheadOfElapsedMs === null ? null : this.now() - createdAtMs;
	}
}

/** The column is n8n's own, and written by its database. */
function createdAtOf({ createdAt }: StoredRow): number | null {
	const createdAtMs = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	return Number.isFinite(createdAtMs) ? createdAtMs : null;
}
