import type { Path } from '../intake/validate/path';
import type { Arrival } from '../queue/arrival';
import type { DeliverySettings } from '../queue/deliverySettings';
import { type Grouping, groupingOf } from '../queue/grouping';
import type { HeldRequest, Item, Job } from '../queue/item';
import { MemoryStore } from '../queue/memoryStore';
import type { IsHeld } from '../queue/order';
import type { OutageTime, Startable, Store, StoreHost } from '../queue/store';
import type { EndState } from '../queue/transitions';
import type { NodeAddress } from '../../shared/journal/columns';
import type { Cells, Table, TableFailure } from '../../shared/dataTables/table';
import { GivenUpRows } from './givenUpRows';
import type { JournalRow } from './journalRow';
import { OwnRows, type OwnRowsPorts, UNOWNED, rowsOf } from './ownRows';
import type { ProcessedKeys } from './processedKeys';
import { cellsOfDeadLetter, rowsOfEvents } from './rows';
import type { Sleepers } from './sleepers';
import { SleepingRows } from './sleepingRows';

/** The functions that the store depends on. */
export interface JournalStorePorts extends OwnRowsPorts {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	newId(): string;
	/** Whether executions may be started, because no other process can have taken over. */
	isValid(): boolean;
	/** The outcome of an insert is unknown: its rows may appear later. */
	unsure(): void;
	/** The queue has something to do. */
	wake(): void;
	/** A dead letter has left on its output, and the table says so. */
	deadLettered(): void;
	/** Follows executions that sleep. */
	readonly sleepers: Pick<Sleepers, 'isAllowed' | 'events' | 'add'>;
	/** An outage began or ended. The process that delivers these rows next has to know it. */
	outageChanged(outage: OutageTime): void;
}

/** The part of the settings that matters for rows. */
export type JournalSettings = Pick<
	DeliverySettings,
	'executionPer' | 'maxEventsPerExecution' | 'deduplicationWindowMs'
> & {
	/** How long processed rows are shown, in milliseconds. 0 removes them at once. */
	readonly keepProcessedMs: number;
	/** The path to the value in an event that decides the order. Null for no order. */
	readonly orderBy: Path | null;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
};

/**
 * Stores the queue's items as rows of a table that several processes share, and keeps their order in memory.
 * Decisions of the queue are written after they were made. Only two things wait for the table: the answer to
 * a sender, and the start of an execution.
 */
export class JournalStore implements Store {
	readonly isDurable = true;
	/** The rows of this process. */
	readonly rows: OwnRows;
	private readonly givenUp: GivenUpRows;
	private readonly asleep: SleepingRows;
	private readonly inner: MemoryStore;
	private readonly grouping: Grouping;
	private isLooking = false;

	constructor(
		/** The name of this process as an owner of rows. */
		owner: string,
		address: NodeAddress,
		private readonly settings: JournalSettings,
		journal: Table,
		private readonly keys: ProcessedKeys,
		private readonly ports: JournalStorePorts,
		private readonly host: StoreHost,
	) {
		this.inner = new MemoryStore(() => ports.newId(), true);
		this.grouping = groupingOf(settings);
		this.rows = new OwnRows(owner, address, settings, journal, ports);
		this.givenUp = new GivenUpRows(this.rows);
		this.asleep = new SleepingRows(this.rows, (asleep) => ports.sleepers.add(asleep));
	}

	get items(): ReadonlySet<Item> {
		return this.inner.items;
	}

	ahead(orderKey: string): number {
		return this.inner.ahead(orderKey);
	}

	/** From now on these events wait, because other owners have rows with earlier events of the same values. */
	holdBack(isHeld: IsHeld): void {
		this.inner.holdBack(isHeld);
	}

	get requests(): Iterable<HeldRequest> {
		return this.inner.requests;
	}

	get heldBytes(): number {
		return this.inner.heldBytes;
	}

	get followsSleep(): boolean {
		return this.ports.sleepers.isAllowed;
	}

	get sleeping(): number {
		return this.ports.sleepers.events;
	}

	get nextDueAtMs(): number {
		return this.inner.nextDueAtMs;
	}

	/** Whether nothing is held, and the table has no row of this process. */
	get isEmpty(): boolean {
		return this.items.size === 0 && !this.isInserting && this.rows.writer.live.isEmpty;
	}

	/** Whether an insert is running. */
	get isInserting(): boolean {
		return this.rows.inserting > 0;
	}

	add(held: HeldRequest, items: readonly Item[]): void {
		this.inner.count(held, items);
		this.ports.wake();
		if (items.length > 0) void this.keep(held.arrival, items);
	}

	enqueue(items: readonly Item[]): void {
		this.inner.enqueue(items);
	}

	/** Counts items that were read from the table as held. */
	count(held: HeldRequest, items: readonly Item[], rank?: number): void {
		this.inner.count(held, items, rank);
	}

	addNotice(held: HeldRequest, notice: Item): void {
		this.ports.wake();
		this.inner.addNotice(held, notice);
	}

	take(grouping: Grouping, startable: Startable): Job | undefined {
		return this.ports.isValid() ? this.inner.take(grouping, startable) : undefined;
	}

	get hasProbe(): boolean {
		return this.ports.isValid() && this.inner.hasProbe;
	}

	takeProbe(): Job | undefined {
		return this.ports.isValid() ? this.inner.takeProbe() : undefined;
	}

	heldEvents(): Item[] {
		return this.inner.heldEvents();
	}

	pause(): void {
		this.inner.pause();
	}

	recordOutage(outage: OutageTime): void {
		this.ports.outageChanged(outage);
	}

	resume(): void {
		this.inner.resume();
	}

	hold(job: Job): void {
		this.rows.toRetry(job, this.ports.now());
		this.inner.hold(job);
	}

	beforeStart(job: Job): Promise<boolean> | null {
		if (job.kind === 'deadLetters') return null;
		const rows = rowsOf(job);
		for (const row of rows) {
			if (row.state === 'running' && row.attempt >= job.attempts) continue;
			this.rows.move(row, 'running', Math.max(row.attempt, job.attempts), { due: null });
		}
		// Another part of the same row may have changed its state, and that may not be in the table yet.
		const unwritten = rows.filter((row) => row.pending !== null || row.isBeingWritten);
		if (unwritten.length === 0) return null;
		return Promise.all(unwritten.map(async (row) => await this.rows.writer.written(row))).then(
			(ours) => ours.every((isOurs) => isOurs) && this.ports.isValid(),
		);
	}

	requeue(job: Job): void {
		this.inner.requeue(job);
		this.rows.recordAttempts(job);
	}

	postpone(job: Job, dueAtMs: number): void {
		this.inner.postpone(job, dueAtMs);
		if (job.kind === 'events') this.rows.toRetry(job, this.ports.now() + dueAtMs - this.ports.elapsedMs());
	}

	requeueDue(nowMs: number): void {
		this.inner.requeueDue(nowMs);
	}

	giveUp(item: Item): void {
		this.inner.giveUp(item);
		this.givenUp.add(item);
	}

	settle(item: Item, end: EndState): void {
		this.inner.settle(item, end);
		const row = item.parcel as JournalRow | null;
		if (row === null) return;
		if (end === 'deadLettered') {
			this.rows.move(row, 'dead', row.attempt, UNOWNED);
			row.onWritten.push((isOurs) => {
				if (isOurs) this.ports.deadLettered();
			});
			return;
		}
		const key = item.event?.deduplicationKey ?? null;
		const isProcessed = end === 'processed';
		if (isProcessed && key !== null && this.settings.deduplicationWindowMs > 0) this.keys.add(key);
		this.rows.finish(row, item, isProcessed);
	}

	/** The rows of the items lose their owner: any process may follow the execution. */
	sleep(items: readonly Item[], executionId: string): void {
		this.asleep.add(items, executionId);
		this.inner.sleep(items);
	}

	private async keep(arrival: Arrival, items: readonly Item[]): Promise<void> {
		const { rows, cells } = this.rowsFor(arrival, items);
		const failure = await this.rows.insert(cells, items.length);
		if (failure !== null) {
			this.ports.failed(failure);
			for (const row of rows) this.disown(row, failure);
			this.host.refused(items, failure.kind);
			// Events of other requests may have waited for these.
			this.runDueWorkSoon();
			return;
		}
		for (const row of rows) this.rows.writer.inserted(row);
		const open = items.filter((item) => !item.isSettled);
		this.host.kept(open);
		this.inner.enqueue(open);
		this.runDueWorkSoon();
	}

	/** Called once for all requests that shared an insert, because their events may share an execution. */
	private runDueWorkSoon(): void {
		if (this.isLooking) return;
		this.isLooking = true;
		void Promise.resolve().then(() => {
			this.isLooking = false;
			this.host.runDueWork();
		});
	}

	private rowsFor(arrival: Arrival, items: readonly Item[]): { rows: JournalRow[]; cells: Cells[] } {
		// A row whose execution starts at once is inserted as running, which saves a second write.
		let room = this.roomAtOnce();
		const events = items.filter((item) => item.event !== null);
		const rows: JournalRow[] = [];
		const cells: Cells[] = [];
		for (const { items: own, cells: content } of rowsOfEvents(arrival, events, this.grouping.mostEvents)) {
			const isStarting = room > 0 && this.inner.mayGo(own);
			if (this.grouping.mostEvents < Infinity) room -= own.length;
			const row = this.rows.make(own, isStarting ? 'running' : 'waiting', isStarting ? 1 : 0);
			rows.push(row);
			cells.push({ ...content, ...this.rows.cellsOf(row) });
		}
		for (const item of items) {
			if (item.deadLetter === null) continue;
			const row = this.rows.make([item], 'dying', 0);
			rows.push(row);
			const index = item.deadLetter.delivery.batch.index;
			cells.push({ ...cellsOfDeadLetter(arrival, item.deadLetter, index), ...this.rows.cellsOf(row) });
		}
		return { rows, cells };
	}

	/**
	 * How much may start as soon as it is inserted: a number of events where many share an execution, else a
	 * number of executions.
	 */
	private roomAtOnce(): number {
		const { gathers, mostEvents } = this.grouping;
		const left = this.host.slotsLeft();
		return gathers ? left * mostEvents - this.rows.insertingEvents : left - this.rows.inserting;
	}

	/** The row is not kept. If it is in the table after all, it is removed. */
	private disown(row: JournalRow, failure: TableFailure): void {
		if (failure.kind !== 'unreachable') {
			this.rows.writer.forget(row);
			return;
		}
		this.rows.writer.inserted(row);
		this.rows.writer.remove(row);
		this.ports.unsure();
	}
}
