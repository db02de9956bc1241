import type { Item, Job } from '../queue/item';
import type { ExpiryColumn, NodeAddress, RowState } from '../../shared/journal/columns';
import type { Cell, Cells, Table, TableFailure } from '../../shared/dataTables/table';
import { rfc3339 } from '../../shared/rfc3339';
import { Inserter } from './inserter';
import { JournalRow } from './journalRow';
import { progressCells } from './progress';
import { cellsOfAttempts, cellsOfProcessed } from './rows';
import { RowWriter } from './rowWriter';

/** How long to wait before an insert that must not be lost is tried again, in milliseconds. */
const INSERT_AGAIN_MS = 1_000;

/** The cells of a row that any process may take. */
export const UNOWNED: Cells = { owner: '', claim: '' };

/** The functions that the rows depend on. */
export interface OwnRowsPorts {
	now(): number;
	/**
	 * The time by the clock of the database, which is the same for all processes. In milliseconds since the
	 * epoch.
	 */
	tableNow(): number;
	sleep(milliseconds: number): Promise<void>;
	failed(failure: TableFailure): void;
	/** The column at this moment: users may delete columns. */
	expiryColumn(): ExpiryColumn;
}

/**
 * The rows of this process: those that it makes, and what becomes of them and of those that it has taken
 * over. Changes are noted here and written soon after.
 */
export class OwnRows {
	readonly writer: RowWriter;
	private readonly inserter: Inserter;
	private nextPlace = 0;
	private inserts = 0;
	private eventsInInserts = 0;
	private readonly partlyDone = new Set<JournalRow>();

	constructor(
		/** The name of this process as an owner of rows. */
		private readonly owner: string,
		private readonly address: NodeAddress,
		/** How long processed rows are shown, in milliseconds. 0 removes them at once. */
		private readonly settings: { readonly keepProcessedMs: number },
		journal: Table,
		private readonly ports: OwnRowsPorts,
	) {
		this.writer = new RowWriter(journal, ports);
		this.inserter = new Inserter(journal, async (milliseconds) => await ports.sleep(milliseconds));
	}

	/** How many inserts are running. */
	get inserting(): number {
		return this.inserts;
	}

	/** How many events of new requests are in them. */
	get insertingEvents(): number {
		return this.eventsInInserts;
	}

	/** Whether this process made a row with this number. Any other number was typed by a user. */
	hasNumbered(place: Cell | undefined): boolean {
		return Number.isInteger(place) && Number(place) >= 0 && Number(place) < this.nextPlace;
	}

	/** A new row for these items. It has to be inserted with {@link cellsOf}. */
	make(items: readonly Item[], state: RowState, attempt: number): JournalRow {
		const row = new JournalRow(this.owner, 'place', this.nextPlace++, items, state, attempt);
		for (const item of items) item.parcel = row;
		this.writer.live.add(row);
		return row;
	}

	/** The cells of a new row, without those of its content. */
	cellsOf({ state, attempt, claim, number }: JournalRow): Cells {
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		const progress = progressCells(state, attempt);
		return { ...progress, workflow_id, node_id, owner: this.owner, claim, place: number };
	}

	/**
	 * Inserts rows.
	 * @param events how many events of new requests they hold
	 * @returns why they may not be in the table; null when they are
	 */
	async insert(cells: readonly Cells[], events: number): Promise<TableFailure | null> {
		this.inserts++;
		this.eventsInInserts += events;
		const failure = await this.inserter.insert(cells);
		this.inserts--;
		this.eventsInInserts -= events;
		return failure;
	}

	/** Inserts rows, and tries until that succeeds. @returns `false` when another process took over before */
	async insertUntilThere(cells: readonly Cells[]): Promise<boolean> {
		this.inserts++;
		let failure = await this.inserter.insert(cells);
		while (failure !== null && !this.writer.hasStopped) {
			this.ports.failed(failure);
			await this.ports.sleep(INSERT_AGAIN_MS);
			failure = await this.inserter.insert(cells);
		}
		this.inserts--;
		return failure === null;
	}

	/** The row is in another state now. */
	move(row: JournalRow, state: RowState, attempt: number, more: Cells): void {
		row.state = state;
		row.attempt = attempt;
		this.writer.change(row, { ...progressCells(state, attempt), ...more });
	}

	/** Marks the rows of a failed job as waiting, with the due time (milliseconds since the epoch). */
	toRetry(job: Job, dueAtMs: number): void {
		this.recordAttempts(job);
		for (const row of rowsOf(job)) {
			// Other events of the row may have had more attempts. Two attempts must not have the same number.
			if (row.state === 'retrying' && row.attempt >= job.attempts) continue;
			this.move(row, 'retrying', Math.max(row.attempt, job.attempts), { due: rfc3339(dueAtMs) });
		}
	}

	/** Notes the attempts of a job in its rows. */
	recordAttempts(job: Job): void {
		for (const row of rowsOf(job)) {
			// The events of a row may have run separately. The row records the longest history.
			const [tried] = job.openItems
				.filter(({ parcel }) => parcel === row)
				.map((item) => item.tried)
				.sort((one, other) => other.history.count - one.history.count);
			if (tried === undefined || row.attemptsRecorded >= tried.history.count) continue;
			row.attemptsRecorded = tried.history.count;
			this.writer.change(row, cellsOfAttempts(tried));
		}
	}

	/**
	 * The row has one item less.
	 * @param isProcessed whether the row may be shown for a while when it was the last one
	 */
	finish(row: JournalRow, item: Item, isProcessed: boolean): void {
		row.size--;
		if (row.size > 0) {
			row.done.push(item.event?.index ?? 0);
			if (this.partlyDone.add(row).size === 1) void Promise.resolve().then(() => this.writePartlyDone());
			return;
		}
		const { keepProcessedMs } = this.settings;
		if (!isProcessed || keepProcessedMs === 0) this.writer.remove(row);
		else {
			const times = { nowMs: this.ports.now(), tableNowMs: this.ports.tableNow(), keepProcessedMs };
			this.move(row, 'processed', row.attempt, cellsOfProcessed(times, this.ports.expiryColumn()));
		}
	}

	/** Releases everything that is not in an execution now, so that any process can take it. */
	handBack(): void {
		for (const row of this.writer.live.all) {
			if (row.isGone || ['dead', 'processed', 'sleeping'].includes(row.state)) continue;
			const open = row.items.filter((item) => !item.isSettled);
			if (open.some((item) => item.isRunning)) continue;
			const attempts = Math.max(0, ...open.map(({ tried }) => tried.attempts));
			if (row.state === 'dying' || row.state === 'retrying') this.writer.change(row, UNOWNED);
			else if (attempts === 0) this.move(row, 'waiting', 0, UNOWNED);
			else this.move(row, 'retrying', attempts, { due: rfc3339(this.ports.now()), ...UNOWNED });
		}
	}

	/**
	 * Several events of a row are finished in one turn of the event loop, usually all of them. So this is
	 * written once.
	 */
	private writePartlyDone(): void {
		for (const row of this.partlyDone) {
			if (row.size > 0) this.writer.change(row, { done: JSON.stringify(row.done) });
		}
		this.partlyDone.clear();
	}
}

/** The rows that the items of a job are in. */
export const rowsOf = (job: Job): JournalRow[] => [
	...new Set(job.openItems.flatMap((item) => (item.parcel === null ? [] : [item.parcel as JournalRow]))),
];
