import type { NodeAddress } from '../../shared/journal/columns';
import { type Table, eq } from '../../shared/dataTables/table';
import type { Claims } from './claims';
import { nodeRows } from './nodeRows';
import type { OwnRows } from './ownRows';

const SWEEP_EVERY_MS = 30_000;
const IDLE_SWEEP_EVERY_MS = 300_000;
/** How soon after an insert without an answer. The insert may still be under way. */
const SWEEP_SOON_MS = 3_000;
/** How many rows are looked at in one call. Each row may have a megabyte. */
const PAGE = 50;

/** The functions that the search for stray rows depends on. */
export interface StrayRowsPorts {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	/** Whether there is no work, so that it is enough to search rarely. */
	isIdle(): boolean;
	readonly log: { error(message: string): void };
}

/**
 * Finds rows that belong to this process by their owner, but are unknown to it: the answer to the call that
 * made or claimed them got lost, or a user has edited them.
 */
export class StrayRows {
	private sweepAtMs: number;
	/** Rows that a user has edited in such a way that this process can't write them any more. */
	private readonly edited = new Set<number>();

	constructor(
		/** The name of this process as an owner of rows. */
		private readonly name: string,
		private readonly address: NodeAddress,
		private readonly journal: Pick<Table, 'read' | 'remove'>,
		private readonly rows: Pick<OwnRows, 'inserting' | 'hasNumbered' | 'writer'>,
		private readonly claims: Pick<Claims, 'claim' | 'hasLost'>,
		private readonly ports: StrayRowsPorts,
	) {
		this.sweepAtMs = ports.elapsedMs() + SWEEP_EVERY_MS;
	}

	/** An insert had no answer: its rows may appear soon. */
	mayAppear(): void {
		this.sweepAtMs = Math.min(this.sweepAtMs, this.ports.elapsedMs() + SWEEP_SOON_MS);
	}

	/** A claim had no answer: its rows may be ours already. */
	mayBeThere(): void {
		this.sweepAtMs = this.ports.elapsedMs();
	}

	/** Has to be called from time to time. Usually does nothing. @throws {TableFailure} */
	async sweep(): Promise<void> {
		const isUnsure = this.rows.inserting > 0 || this.claims.hasLost;
		if (this.ports.elapsedMs() < this.sweepAtMs || isUnsure) return;
		const { name } = this;
		const own = await this.journal.read(nodeRows(this.address, eq('owner', name)), PAGE);
		const unknown = own.filter((row) => {
			const number = row.claim === name ? row.place : row.id;
			return typeof number !== 'number' || !this.rows.writer.live.has(String(row.claim), number);
		});
		const everyMs = this.ports.isIdle() ? IDLE_SWEEP_EVERY_MS : SWEEP_EVERY_MS;
		this.sweepAtMs = this.ports.elapsedMs() + everyMs;
		for (const row of unknown) {
			if (row.claim === name && this.rows.hasNumbered(row.place)) {
				// An insert of our own whose sender was answered that nothing was taken.
				await this.journal.remove([eq('claim', name), eq('place', row.place ?? null)]);
			} else if (!String(row.claim).startsWith(`${name}/`)) {
				// A user has edited the row. Its event is in this process. If this process dies, the next one finds
				// the row.
				this.tellEdited(row.id);
			} else {
				// The row may be finished since it was read. Then there is nothing to claim.
				await this.claims.claim([eq('owner', name), eq('claim', row.claim ?? null), eq('id', row.id)]);
			}
		}
	}

	private tellEdited(id: number): void {
		if (this.edited.has(id)) return;
		this.edited.add(id);
		this.ports.log.error(
			`Somebody has edited the column claim or place of row ${id} of the journal. Its event goes on; the row stays until n8n starts again, and then it may run twice.`,
		);
	}
}
