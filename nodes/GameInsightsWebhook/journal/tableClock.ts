import type { StoredRow } from '../../shared/dataTables/table';

/**
 * The clock of n8n's database, as far as it is known here. All times in rows that other processes have to
 * understand are by this clock, because the clocks of processes may differ by hours.
 */
export class TableClock {
	private aheadOfElapsedMs: number | null = null;

	constructor(private readonly ports: { now(): number; elapsedMs(): number }) {}

	/** The database created this row between `fromElapsedMs` and now, on the monotonic clock. */
	set(row: StoredRow, fromElapsedMs: number): void {
		const createdAtMs = createdAtOf(row);
		if (createdAtMs !== null) this.aheadOfElapsedMs = createdAtMs - fromElapsedMs;
	}

	/** In milliseconds since the epoch. By the clock of this process as long as no other is known. */
	now(): number {
		return this.aheadOfElapsedMs === null ? this.ports.now() : this.ports.elapsedMs() + this.aheadOfElapsedMs;
	}

	/** Converts a time by the clock of the database into the clock of this process. */
	toLocal(tableMs: number): number {
		return tableMs - this.now() + this.ports.now();
	}

	/** The age of a row, in milliseconds. Null when the row does not contain it. */
	ageOf(row: StoredRow): number | null {
		const createdAtMs = createdAtOf(row);
		return createdAtMs === null || this.aheadOfElapsedMs === null ? null : this.now() - createdAtMs;
	}
}

/** The column `createdAt` belongs to n8n and is written by its database. */
function createdAtOf({ createdAt }: StoredRow): number | null {
	const createdAtMs = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
	return Number.isFinite(createdAtMs) ? createdAtMs : null;
}
