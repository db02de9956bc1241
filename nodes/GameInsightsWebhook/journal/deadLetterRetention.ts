import { nodeRows } from './nodeRows';
import type { NodeAddress } from '../../shared/journal/columns';
import { type Filter, type Table, eq, lt, lte } from '../../shared/dataTables/table';

/** How many rows are looked at in one call. */
const PAGE = 100;
/** How often, and after how many new dead letters, to remove those that have been kept long enough. */
const TRIM_EVERY_MS = 3_600_000;
const TRIM_AFTER = 1_000;
/** How long to wait after a call that failed. */
const AGAIN_AFTER_FAILURE_MS = 5_000;
/** The most pages that are removed at once. */
const MOST_PAGES = 1_000;
/** Above this part of the limit of the journal's size, the size of the dead letters is worth a notice. */
const LARGE = 0.8;

/** For how long dead letters are kept. */
export interface Retention {
	/** In milliseconds. 0 for ever. */
	readonly keepDeadLettersMs: number;
	/** The most dead letters of a node. */
	readonly maxDeadLetters: number;
	/** The largest size of the journal, in bytes. */
	readonly maxBytes: number;
}

/** The functions that the retention depends on. */
export interface DeadLetterRetentionPorts {
	elapsedMs(): number;
	/** The time by the clock of the database, in milliseconds since the epoch. */
	tableNow(): number;
	/** The size of the table that n8n measured some seconds ago, in bytes. May reject. */
	sizeBytes(): Promise<number>;
	/** The table of dead letters is large. Called at most once for as long as it is. */
	isLarge(bytes: number): void;
}

/** Removes dead letters of a node that are too old or too many, and tells when their table is large. */
export class DeadLetterRetention {
	private trimAtMs = -Infinity;
	private addedSinceTrim = 0;
	private hasLetters = true;
	private wasLarge = false;

	constructor(
		private readonly address: NodeAddress,
		private readonly deadLetters: Pick<Table, 'read' | 'remove'>,
		private readonly limits: Retention,
		private readonly ports: DeadLetterRetentionPorts,
	) {}

	/** Whether the table has no dead letters, as far as is known. */
	get isEmpty(): boolean {
		return !this.hasLetters;
	}

	/** Dead letters were added to the table, or were there already. */
	added(count: number): void {
		this.hasLetters = true;
		this.addedSinceTrim += count;
	}

	/** Has to be called from time to time. Usually does nothing. @throws {TableFailure} */
	async trim(): Promise<void> {
		const nowMs = this.ports.elapsedMs();
		if (nowMs < this.trimAtMs && this.addedSinceTrim < TRIM_AFTER) return;
		this.trimAtMs = nowMs + AGAIN_AFTER_FAILURE_MS;
		this.hasLetters = (await this.deadLetters.read(this.ours(), 1)).length > 0;
		if (this.hasLetters) {
			await this.removeOld();
			await this.removeSurplus();
			await this.measure();
		}
		this.addedSinceTrim = 0;
		this.trimAtMs = nowMs + TRIM_EVERY_MS;
	}

	private ours(...more: Filter): Filter {
		return nodeRows(this.address, ...more);
	}

	private async removeOld(): Promise<void> {
		const { keepDeadLettersMs } = this.limits;
		if (keepDeadLettersMs === 0) return;
		const fromMs = this.ports.tableNow() - keepDeadLettersMs;
		await this.deadLetters.remove(this.ours(eq('state', 'dead'), lt('at_ms', fromMs)));
	}

	private async removeSurplus(): Promise<void> {
		for (let page = 0; page < MOST_PAGES; page++) {
			const surplus = await this.deadLetters.read(this.ours(), PAGE, this.limits.maxDeadLetters);
			if (surplus.length === 0) return;
			const last = (await this.deadLetters.read(this.ours(), surplus.length)).at(-1);
			if (last === undefined) return;
			await this.deadLetters.remove(this.ours(eq('state', 'dead'), lte('id', last.id)));
			if (surplus.length < PAGE) return;
		}
	}

	private async measure(): Promise<void> {
		const bytes = await this.ports.sizeBytes();
		const isLarge = bytes >= LARGE * this.limits.maxBytes;
		if (isLarge && !this.wasLarge) this.ports.isLarge(bytes);
		this.wasLarge = isLarge;
	}
}
