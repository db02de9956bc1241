import { deadLetterOfGivenUp } from '../items/givenUpEvent';
import { eventTexts } from '../../shared/events/slice';
import type { Path } from '../intake/validate/path';
import type { Arrival, PendingEvent } from '../queue/arrival';
import { positionOf } from '../../shared/events/source';
import type { DeliverySettings } from '../queue/deliverySettings';
import { grouped } from '../queue/grouped';
import { type Grouping, groupingOf } from '../queue/grouping';
import type { GivenUp, HeldRequest, Item, Job } from '../queue/item';
import { MemoryStore } from '../queue/memoryStore';
import type { IsHeld } from '../queue/order';
import type { OutageTime, Startable, Store, StoreHost } from '../queue/store';
import type { EndState } from '../queue/transitions';
import type { ExpiryColumn, NodeAddress, RowState } from '../../shared/journal/columns';
import { Inserter } from './inserter';
import { JournalRow } from './journalRow';
import type { ProcessedKeys } from './processedKeys';
import { progressCells } from './progress';
import { cellsOfAttempts, cellsOfDeadLetter, cellsOfProcessed, rowsOfEvents } from './rows';
import { type Sleepers, claimOfSleep } from './sleepers';
import { RowWriter } from './rowWriter';
import type { Cell, Cells, Table, TableFailure } from '../../shared/dataTables/table';
import { rfc3339 } from '../../shared/rfc3339';

/** How long to wait before an insert that must not be lost is tried again, in milliseconds. */
const INSERT_AGAIN_MS = 1_000;

/** The functions that the store depends on. */
export interface JournalStorePorts {
	now(): number;
	/**
	 * The time by the clock of the database, which is the same for all processes. In milliseconds since the
	 * epoch.
	 */
	tableNow(): number;
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	sleep(milliseconds: number): Promise<void>;
	newId(): string;
	/** Whether executions may be started, because no other process can have taken over. */
	isValid(): boolean;
	failed(failure: TableFailure): void;
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

const UNOWNED: Cells = { owner: '', claim: '' };
const indexOf = (item: Item): number => item.event?.index ?? 0;

/**
 * Stores the queue's items as rows of a table that several processes share, and keeps their order in memory.
 * Decisions of the queue are written after they were made. Only two things wait for the table: the answer to
 * a sender, and the start of an execution.
 */
export class JournalStore implements Store {
	readonly isDurable = true;
	readonly writer: RowWriter;
	private readonly inner: MemoryStore;
	private readonly grouping: Grouping;
	private readonly inserter: Inserter;
	private nextPlace = 0;
	private inserting = 0;
	private insertingEvents = 0;
	private isLooking = false;
	private buried: Item[] = [];
	private readonly partlyDone = new Set<JournalRow>();

	constructor(
		/** The name of this process as an owner of rows. */
		private readonly owner: string,
		private readonly address: NodeAddress,
		private readonly settings: JournalSettings,
		journal: Table,
		private readonly expiryColumn: () => ExpiryColumn,
		private readonly keys: ProcessedKeys,
		private readonly ports: JournalStorePorts,
		private readonly host: StoreHost,
	) {
		this.inner = new MemoryStore(() => ports.newId(), true);
		this.grouping = groupingOf(settings);
		this.writer = new RowWriter(journal, ports);
		this.inserter = new Inserter(journal, async (milliseconds) => await ports.sleep(milliseconds));
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

	/** Whether this process made a row with this number. Any other number was typed by a user. */
	hasNumbered(place: Cell | undefined): boolean {
		return Number.isInteger(place) && Number(place) >= 0 && Number(place) < this.nextPlace;
	}

	/** Whether nothing is held, and the table has no row of this process. */
	get isEmpty(): boolean {
		return this.items.size === 0 && !this.isInserting && this.writer.live.isEmpty;
	}

	/** Whether an insert is running. */
	get isInserting(): boolean {
		return this.inserting > 0;
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
		this.toRetry(job, this.ports.now());
		this.inner.hold(job);
	}

	beforeStart(job: Job): Promise<boolean> | null {
		if (job.kind === 'deadLetters') return null;
		const rows = rowsOf(job);
		for (const row of rows) {
			if (row.state === 'running' && row.attempt >= job.attempts) continue;
			this.move(row, 'running', Math.max(row.attempt, job.attempts), { due: null });
		}
		// Another part of the same row may have changed its state, and that may not be in the table yet.
		const unwritten = rows.filter((row) => row.pending !== null || row.isBeingWritten);
		if (unwritten.length === 0) return null;
		return Promise.all(unwritten.map(async (row) => await this.writer.written(row))).then(
			(ours) => ours.every((isOurs) => isOurs) && this.ports.isValid(),
		);
	}

	requeue(job: Job): void {
		this.inner.requeue(job);
		this.recordAttempts(job);
	}

	postpone(job: Job, dueAtMs: number): void {
		this.inner.postpone(job, dueAtMs);
		if (job.kind === 'events') this.toRetry(job, this.ports.now() + dueAtMs - this.ports.elapsedMs());
	}

	requeueDue(nowMs: number): void {
		this.inner.requeueDue(nowMs);
	}

	giveUp(item: Item): void {
		this.inner.giveUp(item);
		if (this.buried.push(item) === 1) void Promise.resolve().then(() => this.writeBuried());
	}

	settle(item: Item, end: EndState): void {
		this.inner.settle(item, end);
		const row = item.parcel as JournalRow | null;
		if (row === null) return;
		if (end === 'deadLettered') {
			this.move(row, 'dead', row.attempt, UNOWNED);
			row.onWritten.push((isOurs) => {
				if (isOurs) this.ports.deadLettered();
			});
			return;
		}
		const key = item.event?.deduplicationKey ?? null;
		const isProcessed = end === 'processed';
		if (isProcessed && key !== null && this.settings.deduplicationWindowMs > 0) this.keys.add(key);
		this.finish(row, item, isProcessed);
	}

	/** The rows of the items lose their owner: any process may follow the execution. */
	sleep(items: readonly Item[], executionId: string): void {
		for (const [row, own] of grouped(items, ({ parcel }) => parcel as JournalRow)) {
			if (own.length === row.size) this.layDown(row, own, executionId);
			else void this.layDownApart(row, own, executionId);
		}
		this.inner.sleep(items);
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

	/** All events of the row that are not finished sleep in one execution. */
	private layDown(row: JournalRow, items: readonly Item[], executionId: string): void {
		const [{ tried }] = items as [Item];
		const keys = items.flatMap(({ event }) => event?.deduplicationKey ?? []);
		row.size = 0;
		this.move(row, 'sleeping', row.attempt, {
			...cellsOfAttempts(tried),
			...(row.done.length === 0 ? {} : { done: JSON.stringify(row.done) }),
			owner: '',
			claim: claimOfSleep(executionId),
		});
		void this.writer.written(row).then((isOurs) => {
			if (isOurs) this.ports.sleepers.add({ executionId, keys, events: items.length });
		});
	}

	/** Only some events of the row sleep, so they get rows of their own. */
	private async layDownApart(row: JournalRow, items: readonly Item[], executionId: string): Promise<void> {
		const [{ held, tried }] = items as [Item];
		const made = rowsOfEvents(held.arrival, items, Infinity).map(({ items: own, cells }) => {
			// If this process dies before the row says that it sleeps, its events count as interrupted.
			const apart = this.newRow(own, 'running', tried.attempts);
			return { apart, own, cells: { ...cells, ...cellsOfAttempts(tried), ...this.cellsOf(apart) } };
		});
		const isThere = await this.insertUntilItIsThere(made.map(({ cells }) => cells));
		if (!isThere) return;
		for (const { apart, own } of made) {
			this.writer.inserted(apart);
			this.layDown(apart, own, executionId);
		}
		for (const item of items) this.finish(row, item, false);
	}

	private async keep(arrival: Arrival, items: readonly Item[]): Promise<void> {
		const { rows, cells } = this.rowsFor(arrival, items);
		this.inserting++;
		this.insertingEvents += items.length;
		const failure = await this.inserter.insert(cells);
		this.inserting--;
		this.insertingEvents -= items.length;
		if (failure !== null) {
			this.ports.failed(failure);
			for (const row of rows) this.disown(row, failure);
			this.host.refused(items, failure.kind);
			// Events of other requests may have waited for these.
			this.runDueWorkSoon();
			return;
		}
		for (const row of rows) this.writer.inserted(row);
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
			const row = this.newRow(own, isStarting ? 'running' : 'waiting', isStarting ? 1 : 0);
			rows.push(row);
			cells.push({ ...content, ...this.cellsOf(row) });
		}
		for (const item of items) {
			if (item.deadLetter === null) continue;
			const row = this.newRow([item], 'dying', 0);
			rows.push(row);
			const index = item.deadLetter.delivery.batch.index;
			cells.push({ ...cellsOfDeadLetter(arrival, item.deadLetter, index), ...this.cellsOf(row) });
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
		return gathers ? left * mostEvents - this.insertingEvents : left - this.inserting;
	}

	private newRow(items: readonly Item[], state: RowState, attempt: number): JournalRow {
		const row = new JournalRow(this.owner, 'place', this.nextPlace++, items, state, attempt);
		for (const item of items) item.parcel = row;
		this.writer.live.add(row);
		return row;
	}

	private cellsOf({ state, attempt, claim, number }: JournalRow): Cells {
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		const progress = progressCells(state, attempt);
		return { ...progress, workflow_id, node_id, owner: this.owner, claim, place: number };
	}

	/** The row is not kept. If it is in the table after all, it is removed. */
	private disown(row: JournalRow, failure: TableFailure): void {
		if (failure.kind !== 'unreachable') {
			this.writer.forget(row);
			return;
		}
		this.writer.inserted(row);
		this.writer.remove(row);
		this.ports.unsure();
	}

	private move(row: JournalRow, state: RowState, attempt: number, more: Cells): void {
		row.state = state;
		row.attempt = attempt;
		this.writer.change(row, { ...progressCells(state, attempt), ...more });
	}

	/** Marks the rows of a failed job as waiting, with the due time (milliseconds since the epoch). */
	private toRetry(job: Job, dueAtMs: number): void {
		this.recordAttempts(job);
		for (const row of rowsOf(job)) {
			// Other events of the row may have had more attempts. Two attempts must not have the same number.
			if (row.state === 'retrying' && row.attempt >= job.attempts) continue;
			this.move(row, 'retrying', Math.max(row.attempt, job.attempts), { due: rfc3339(dueAtMs) });
		}
	}

	private recordAttempts(job: Job): void {
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

	private finish(row: JournalRow, item: Item, isProcessed: boolean): void {
		row.size--;
		if (row.size > 0) {
			row.done.push(indexOf(item));
			if (this.partlyDone.add(row).size === 1) void Promise.resolve().then(() => this.writePartlyDone());
			return;
		}
		const { keepProcessedMs } = this.settings;
		if (!isProcessed || keepProcessedMs === 0) this.writer.remove(row);
		else {
			const times = { nowMs: this.ports.now(), tableNowMs: this.ports.tableNow(), keepProcessedMs };
			this.move(row, 'processed', row.attempt, cellsOfProcessed(times, this.expiryColumn()));
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

	/** Each event that was given up gets its own row, so that it can be read and sent again on its own. */
	private writeBuried(): void {
		const byRequest = grouped(this.buried, ({ held }) => held);
		this.buried = [];
		for (const [{ arrival }, items] of byRequest) void this.buryTogether(arrival, items);
	}

	private async buryTogether(arrival: Arrival, items: readonly Item[]): Promise<void> {
		const texts = eventTexts(
			arrival.source,
			items.map((item) => positionOf(arrival, indexOf(item))),
		);
		const rows: JournalRow[] = [];
		const cells: Cells[] = [];
		const leaving: Array<{ row: JournalRow; item: Item }> = [];
		for (const [at, item] of items.entries()) {
			const letter = deadLetterOfGivenUp(
				item.event as PendingEvent,
				texts[at] ?? null,
				item.givenUp as GivenUp,
			);
			const content = cellsOfDeadLetter(arrival, letter, indexOf(item));
			const row = item.parcel as JournalRow;
			if (row.items.length === 1) {
				this.move(row, 'dying', letter.attempts.count, content);
				continue;
			}
			leaving.push({ row, item });
			const own = this.newRow([item], 'dying', letter.attempts.count);
			rows.push(own);
			cells.push({ ...content, ...this.cellsOf(own) });
		}
		if (rows.length > 0 && (await this.insertUntilItIsThere(cells))) {
			for (const row of rows) this.writer.inserted(row);
			for (const { row, item } of leaving) this.finish(row, item, false);
		}
	}

	private async insertUntilItIsThere(cells: readonly Cells[]): Promise<boolean> {
		this.inserting++;
		let failure = await this.inserter.insert(cells);
		while (failure !== null && !this.writer.hasStopped) {
			this.ports.failed(failure);
			await this.ports.sleep(INSERT_AGAIN_MS);
			failure = await this.inserter.insert(cells);
		}
		this.inserting--;
		return failure === null;
	}
}

const rowsOf = (job: Job): JournalRow[] => [
	...new Set(job.openItems.flatMap((item) => (item.parcel === null ? [] : [item.parcel as JournalRow]))),
];
