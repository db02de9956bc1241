import { nodeRows } from './nodeRows';
import { keyExpiringNotice, tableFullNotice, tableLargeNotice } from '../items/notice';
import type { FailedOutcome, StartExecution } from '../queue/arrival';
import type { DeliverySettings } from '../queue/deliverySettings';
import { grouped } from '../queue/grouped';
import { groupingOf } from '../queue/grouping';
import type { Queue } from '../queue/queue';
import type { Store, StoreHost } from '../queue/store';
import { recovered } from './recovery';
import type { ExpiryColumn, NodeAddress } from '../../shared/journal/columns';
import { DeadLetterRows, type DeadLetterTables, type Retention } from './deadLetterRows';
import { EarlierRows } from './earlierRows';
import { JournalStore, type JournalSettings } from './journalStore';
import { KeyWatch, type KeyWatchPorts } from './keyWatch';
import { Outages } from './outages';
import { Ownership, type OwnershipPorts } from './ownership';
import { ProcessedKeys } from './processedKeys';
import { Rest } from './rest';
import { Sleepers, type SleepersPorts } from './sleepers';
import { TableClock } from './tableClock';
import {
	type Filter,
	type StoredRow,
	type Table,
	asTableFailure,
	eq,
	gte,
	lt,
	lte,
	neq,
} from '../../shared/dataTables/table';

/** How often to ask the table for rows that no process delivers. */
export const POLL_EVERY_MS = 500;
/** How often, when nothing was found for some time. */
const QUIET_POLL_EVERY_MS = 10_000;
/** Where there are dead letters, half of the calls are spent on their table. */
const QUIET_POLL_WITH_DEAD_LETTERS_EVERY_MS = 15_000;
/** How long to wait while more dead letters have to be moved. */
const BETWEEN_PAGES_MS = 50;
/** For how long to ask often: after the start, after a problem, and after rows were found. */
const LIVELY_MS = 30_000;
const LIVELY_AFTER_FIND_MS = 300_000;
/** How many rows are read and taken at once. Each row may have a megabyte. */
const PAGE = 50;
/**
 * After the start, events with an order only wait for this long. Earlier requests may still be on their way
 * into the table, from the process before this one or from one without a live trigger.
 */
const SETTLING_MS = 3_000;
/**
 * How often, and how soon after an insert without an answer, to search for rows of our own that we do not
 * know.
 */
const SWEEP_EVERY_MS = 30_000;
const IDLE_SWEEP_EVERY_MS = 300_000;
const SWEEP_SOON_MS = 3_000;
const CLEAN_EVERY_MS = 60_000;
const IDLE_CLEAN_EVERY_MS = 120_000;
/** The most events in a row: no request has more. */
const MOST_EVENTS = 100_000;
/** How long a stop waits for the table. */
const FLUSH_MS = 3_000;
/** How often to check whether executions that outlived the stop have ended. */
const OUTLIVING_MS = 1_000;

const TELL_FULL_EVERY_MS = 3_600_000;
const NO_ROOM =
	'n8n has no room left for Data Tables. Delete rows that are not needed, of any table, or raise N8N_DATA_TABLES_MAX_SIZE_BYTES.';

/** The three tables: the journal of events, the dead letters, and the register of processes. */
export interface JournalTables extends DeadLetterTables {
	readonly register: Table;
	/** The column at this moment: users may delete columns. */
	readonly expiryColumn: ExpiryColumn;
}

/** The settings that matter for a lease. */
export type LeaseSettings = DeliverySettings & JournalSettings & Retention;

/** What a lease depends on. */
export interface LeasePorts
	extends Omit<OwnershipPorts, 'clock'>, KeyWatchPorts, Pick<SleepersPorts, 'executionState'> {
	newId(): string;
	newQueue(storeFor: (host: StoreHost) => Store): Queue;
	readonly log: { error(message: string): void };
}

/**
 * The time in which one process delivers a node's rows: from its registration until it ends or loses the
 * lease.
 */
export class Lease {
	readonly queue: Queue;
	private readonly clock: TableClock;
	private readonly ownership: Ownership;
	private readonly keys: ProcessedKeys;
	private readonly outages: Outages;
	private readonly keyWatch: KeyWatch;
	private readonly deadLetters: DeadLetterRows;
	private readonly sleepers: Sleepers;
	private store!: JournalStore;
	private host!: StoreHost;
	private isOver = false;
	private claims = 0;
	/** Claims whose outcome is unknown. If there are rows with them, they are ours. */
	private lost: Array<{ readonly claim: string; readonly woken: FailedOutcome | null }> = [];
	private readonly earlier: EarlierRows;
	private readonly settledAtMs: number;
	private sweepAtMs: number;
	private cleanAtMs = -Infinity;
	private livelyUntilMs: number;
	/** Rows of our own that a user has edited in such a way that we can't write them any more. */
	private readonly foreign = new Set<number>();
	private readonly rest: Rest;
	private tellFullAtMs = -Infinity;

	private constructor(
		private readonly address: NodeAddress,
		private readonly tables: JournalTables,
		private readonly settings: LeaseSettings,
		private readonly ports: LeasePorts,
	) {
		const name = ports.newId();
		this.clock = new TableClock(ports);
		const now = (): number => this.clock.now();
		this.ownership = new Ownership(name, address, tables.register, { ...ports, clock: this.clock });
		this.keys = new ProcessedKeys(address, tables.register, { ...ports, now });
		this.outages = new Outages(address, tables.register, { ...ports, now });
		this.keyWatch = new KeyWatch(address, tables.register, ports, (expiresAtMs) =>
			this.queue.announce((frame) => keyExpiringNotice(expiresAtMs, frame), settings.endpoint),
		);
		this.deadLetters = new DeadLetterRows(name, address, tables, settings, {
			elapsedMs: () => ports.elapsedMs(),
			tableNow: now,
			sleep: async (milliseconds) => await ports.sleep(milliseconds),
			failed: (failure) => ports.failed(failure),
			isLarge: (bytes) => this.queue.announce((frame) => tableLargeNotice(bytes, frame), settings.endpoint),
		});
		this.sleepers = new Sleepers(tables.journal, settings, {
			...ports,
			ours: (...more) => this.ours(...more),
			tableNow: now,
			expiryColumn: () => tables.expiryColumn,
			queue: () => this.queue,
			keys: this.keys,
			wake: async (asleep, outcome) => await this.wake(asleep, outcome),
		});
		this.sweepAtMs = ports.elapsedMs() + SWEEP_EVERY_MS;
		this.livelyUntilMs = ports.elapsedMs() + LIVELY_MS;
		this.rest = new Rest(async (milliseconds) => await ports.sleep(milliseconds));
		this.queue = ports.newQueue((host) => {
			this.host = host;
			this.store = new JournalStore(
				name,
				address,
				settings,
				tables.journal,
				() => tables.expiryColumn,
				this.keys,
				{
					now: () => ports.now(),
					tableNow: now,
					elapsedMs: () => ports.elapsedMs(),
					outageChanged: (outage) => void this.outages.write(outage),
					sleep: async (milliseconds) => await ports.sleep(milliseconds),
					newId: () => ports.newId(),
					failed: (failure) => ports.failed(failure),
					isValid: () => this.ownership.isValid,
					unsure: () => {
						this.sweepAtMs = Math.min(this.sweepAtMs, ports.elapsedMs() + SWEEP_SOON_MS);
						this.beLively(LIVELY_MS);
					},
					wake: () => this.ownership.wake(),
					deadLettered: () => {
						this.deadLetters.added();
						this.beLively(LIVELY_MS);
					},
					sleepers: this.sleepers,
				},
				host,
			);
			return this.store;
		});
		this.settledAtMs = ports.elapsedMs() + SETTLING_MS;
		this.earlier = new EarlierRows(settings.orderBy, (isHeld) => this.store.holdBack(isHeld));
	}

	/**
	 * Registers this process and opens its queue.
	 * @throws {TableFailure} when the tables can't be used now
	 */
	static async begin(
		address: NodeAddress,
		tables: JournalTables,
		start: StartExecution,
		settings: LeaseSettings,
		ports: LeasePorts,
	): Promise<Lease> {
		const lease = new Lease(address, tables, settings, ports);
		await lease.ownership.begin();
		const { deduplicationWindowMs } = settings;
		const processed = (deduplicationWindowMs > 0 ? await lease.keys.read(deduplicationWindowMs) : []).map(
			({ key, processedAtMs }) => ({ key, processedAtMs: lease.clock.toLocal(processedAtMs) }),
		);
		const outages = await lease.outages.read();
		// The order matters: a queue that is not open has no window and remembers nothing.
		lease.queue.open(start, settings);
		lease.queue.remember(processed);
		lease.queue.rememberOutages(outages);
		const underWay = outages.find(({ untilMs }) => untilMs === null);
		if (underWay !== undefined) lease.queue.resumeOutage(underWay);
		return lease;
	}

	/** Does the work that has to be repeated. Resolves when the lease is over, with `true` when it was lost. */
	async serve(): Promise<boolean> {
		void this.poll();
		this.sleepers.begin();
		const isLost = await this.ownership.keepHeartbeat(
			() => {
				this.tellWhenFull();
				this.host.runDueWork();
			},
			() => this.isIdle,
		);
		if (isLost) {
			this.isOver = true;
			this.sleepers.end();
			this.store.writer.stop();
			this.outages.stop();
			this.queue.abandon();
		}
		return isLost;
	}

	/** Whether rows of other processes may have to be found soon. */
	private get isLively(): boolean {
		const isUnsure = this.earlier.isWaiting || this.lost.length > 0 || this.ownership.isFull;
		return isUnsure || this.ports.elapsedMs() < this.livelyUntilMs;
	}

	/** Whether there is no work here, and nothing in the table that other processes could wait for. */
	private get isIdle(): boolean {
		return this.store.isEmpty && !this.isLively;
	}

	private beLively(forMs: number): void {
		this.livelyUntilMs = Math.max(this.livelyUntilMs, this.ports.elapsedMs() + forMs);
		this.rest.hurry();
	}

	/** A user has probably set dead letters to `redrive`. */
	lookSoon(): void {
		this.deadLetters.lookSoon();
		this.beLively(LIVELY_MS);
	}

	/** At most once an hour, even if there is room for a moment in between. */
	private tellWhenFull(): void {
		if (!this.ownership.isFull || this.ports.elapsedMs() < this.tellFullAtMs) return;
		this.tellFullAtMs = this.ports.elapsedMs() + TELL_FULL_EVERY_MS;
		this.queue.announce((frame) => tableFullNotice(NO_ROOM, frame), this.settings.endpoint);
	}

	/** Ends the lease. Items that are not running are released at once; running ones get time to end. */
	async end(): Promise<void> {
		this.isOver = true;
		this.sleepers.end();
		await this.queue.close();
		if (await this.giveBack()) return;
		void this.outlive();
	}

	/** Waits for executions that take longer than a stop may take, for as long as this process lives. */
	private async outlive(): Promise<void> {
		while (!(await this.giveBack())) await this.ports.sleep(OUTLIVING_MS);
	}

	/** @returns whether everything was released */
	private async giveBack(): Promise<boolean> {
		try {
			for (let waits = 0; this.store.isInserting && waits < 10; waits++)
				await this.ports.sleep(FLUSH_MS / 10);
			this.store.handBack();
			await this.store.writer.flushed(FLUSH_MS);
			await this.keys.flush();
			if (this.queue.size.running > 0 || this.store.isInserting) return false;
			await this.ownership.end();
			return true;
		} catch (error) {
			this.ports.log.error(`The journal could not be left in order: ${String(error)}`);
			return true;
		}
	}

	private async poll(): Promise<void> {
		while (!this.isOver) {
			let hasMoreToMove = false;
			try {
				await this.bringBackDeadLetters();
				while (await this.lookForWork());
				hasMoreToMove = this.ownership.isValid && (await this.deadLetters.file());
				await this.sweep();
				await this.clean();
				await this.keyWatch.look();
			} catch (error) {
				this.ports.failed(asTableFailure(error));
				this.livelyUntilMs = Math.max(this.livelyUntilMs, this.ports.elapsedMs() + LIVELY_MS);
			}
			if (hasMoreToMove) await this.ports.sleep(BETWEEN_PAGES_MS);
			else if (this.isLively) await this.ports.sleep(POLL_EVERY_MS);
			else if (this.deadLetters.isEmpty) await this.rest.for(QUIET_POLL_EVERY_MS);
			else await this.rest.for(QUIET_POLL_WITH_DEAD_LETTERS_EVERY_MS);
		}
	}

	private async bringBackDeadLetters(): Promise<void> {
		if (this.isOver || !this.deadLetters.isLookDue || this.room <= 0) return;
		const found = await this.deadLetters.bringBack(this.isLively, () => {
			if (!this.ownership.isValid) this.ownership.wake();
			return this.ownership.isValid;
		});
		if (found > 0) this.beLively(LIVELY_AFTER_FIND_MS);
	}

	/** How many more events may wait. */
	private get room(): number {
		return this.settings.maxPendingEvents - this.queue.size.waiting;
	}

	private ours(...more: Filter): Filter {
		return nodeRows(this.address, ...more);
	}

	/**
	 * Takes over rows that processes without a live trigger wrote, that users want to send again, or that dead
	 * owners left behind.
	 * @returns whether there may be more of them
	 */
	private async lookForWork(): Promise<boolean> {
		const { room } = this;
		const wasWaiting = this.earlier.isWaiting;
		const isFull = room <= 0 && !wasWaiting;
		if (isFull || this.isOver || !(this.ownership.isValid || this.isIdle)) return false;
		await this.findLost();
		const open = this.ours(
			neq('owner', this.ownership.name),
			neq('state', 'dead'),
			neq('state', 'processed'),
			neq('state', 'sleeping'),
		);
		const isSettled = this.ports.elapsedMs() >= this.settledAtMs;
		const found = await this.tables.journal.read(open, PAGE);
		if (found.length > 0) this.livelyUntilMs = this.ports.elapsedMs() + LIVELY_AFTER_FIND_MS;
		if (!this.ownership.isValid) {
			// This process was idle. The rows are taken after a heartbeat has shown that no process has declared it
			// dead.
			if (found.length > 0) this.ownership.wake();
			return false;
		}
		const isAll = isSettled && found.length < PAGE;
		const rows = withRoom(found, Math.max(1, room));
		const taken = await this.takeWhatMay(rows);
		if (this.lost.length === 0) this.earlier.looked(found, isAll, ({ id }) => taken.has(id));
		if (wasWaiting) this.host.runDueWork();
		return taken.size > 0 && room > 0 && rows.length === PAGE;
	}

	/** Takes rows from a claim without an answer before anything that came later. */
	private async findLost(): Promise<void> {
		for (let [lost] = this.lost; lost !== undefined; [lost] = this.lost) {
			const { claim, woken } = lost;
			const filter = this.ours(eq('owner', this.ownership.name), eq('claim', claim));
			this.recover(await this.tables.journal.read(filter, PAGE), claim, woken);
			this.lost.shift();
		}
	}

	/** @returns the ids of the rows that are ours now */
	private async takeWhatMay(rows: readonly StoredRow[]): Promise<ReadonlySet<number>> {
		const taken = new Set<number>();
		const byOwner = grouped(rows, ({ owner }) => owner ?? null);
		const owners = [...byOwner.keys()].filter((owner) => typeof owner === 'string' && owner !== '');
		const dead = await this.ownership.deadAmong(owners as string[]);
		// These rows may have failed in an outage that only their owner knew.
		if (dead.length > 0) this.queue.rememberOutages(await this.outages.read());
		// A cell that a user has emptied in the table view holds null, not an empty text.
		for (const owner of ['', null, ...dead]) {
			const found = byOwner.get(owner) ?? [];
			if (found.length > 0) for (const id of await this.takeOver(owner, found)) taken.add(id);
		}
		return taken;
	}

	/**
	 * Takes ownership of rows in one conditional update. If another process tries the same, it gets none of
	 * them.
	 */
	private async takeOver(owner: string | null, rows: readonly StoredRow[]): Promise<number[]> {
		const ids = rows.map(({ id }) => id);
		const claim = `${this.ownership.name}/${++this.claims}`;
		const filter = this.ours(
			eq('owner', owner),
			neq('state', 'dead'),
			neq('state', 'processed'),
			neq('state', 'sleeping'),
			gte('id', Math.min(...ids)),
			lte('id', Math.max(...ids)),
		);
		return (await this.claim(filter, claim)) ?? [];
	}

	/**
	 * @param woken how the execution of the rows ended, if it had slept
	 * @returns the ids of the rows that are ours now. Null when that is not known
	 */
	private async claim(
		filter: Filter,
		claim: string,
		woken: FailedOutcome | null = null,
	): Promise<number[] | null> {
		const { name: owner } = this.ownership;
		const cells = { owner, claim, ...(woken === null ? {} : { state: 'running' }) };
		const rows = await this.tables.journal.claim(filter, cells).catch((error: unknown) => {
			// The rows may be ours now. They are searched for before anything else.
			const failure = asTableFailure(error);
			this.ports.failed(failure);
			if (failure.kind !== 'unreachable') return null;
			this.sweepAtMs = this.ports.elapsedMs();
			this.lost.push({ claim, woken });
			this.rest.hurry();
			return null;
		});
		if (rows === null) return null;
		const mine = rows.filter((row) => row.claim === claim && row.owner === owner);
		this.recover(mine, claim, woken);
		return mine.map(({ id }) => id);
	}

	/**
	 * An execution that had slept did not end well: its events are retried like others.
	 * @param asleep the rows of the execution
	 * @returns whether that is done. Otherwise it has to be called again
	 */
	private async wake(asleep: Filter, outcome: FailedOutcome): Promise<boolean> {
		if (!this.ownership.isValid) {
			this.ownership.wake();
			return false;
		}
		const claim = `${this.ownership.name}/${++this.claims}`;
		return (await this.claim(this.ours(...asleep), claim, outcome)) !== null;
	}

	private recover(mine: readonly StoredRow[], claim: string, woken: FailedOutcome | null = null): void {
		if (this.isOver || mine.length === 0) return;
		// Some of them may be set to dead.
		this.deadLetters.added();
		const { gathers, mostEvents } = groupingOf(this.settings);
		const mostTogether = gathers ? mostEvents : 1;
		this.host.restore(
			recovered(mine, claim, {
				now: () => this.ports.now(),
				clock: this.clock,
				store: this.store,
				mostTogether,
				orderBy: this.settings.orderBy,
				rankOf: (id, isSentAgain) => this.earlier.rankOf(id, isSentAgain),
				log: this.ports.log,
				woken,
			}),
		);
	}

	/** Finds rows that are ours by name but unknown to us: the answer to the call that made them got lost. */
	private async sweep(): Promise<void> {
		const isUnsure = this.store.isInserting || this.lost.length > 0;
		if (this.ports.elapsedMs() < this.sweepAtMs || isUnsure) return;
		const { name } = this.ownership;
		const rows = await this.tables.journal.read(this.ours(eq('owner', name)), PAGE);
		const unknown = rows.filter((row) => {
			const number = row.claim === name ? row.place : row.id;
			return typeof number !== 'number' || !this.store.writer.live.has(String(row.claim), number);
		});
		this.sweepAtMs = this.ports.elapsedMs() + (this.isIdle ? IDLE_SWEEP_EVERY_MS : SWEEP_EVERY_MS);
		for (const row of unknown) {
			if (row.claim === name && this.store.hasNumbered(row.place)) {
				// An insert of our own whose sender was answered that nothing was taken.
				await this.tables.journal.remove([eq('claim', name), eq('place', row.place ?? null)]);
			} else if (!String(row.claim).startsWith(`${name}/`)) {
				// A user has edited the row. Its event is in this process. If this process dies, the next one finds
				// the row.
				this.tellForeign(row.id);
			} else {
				// The row may be finished since it was read. Then there is nothing to claim.
				const known = [eq('owner', name), eq('claim', row.claim ?? null), eq('id', row.id)];
				await this.claim(this.ours(...known), `${name}/${++this.claims}`);
			}
		}
	}

	private tellForeign(id: number): void {
		if (this.foreign.has(id)) return;
		this.foreign.add(id);
		this.ports.log.error(
			`Somebody has edited the column claim or place of row ${id} of the journal. Its event goes on; the row stays until n8n starts again, and then it may run twice.`,
		);
	}

	private async clean(): Promise<void> {
		const nowMs = this.ports.elapsedMs();
		if (nowMs < this.cleanAtMs) return;
		this.cleanAtMs = nowMs + (this.isIdle ? IDLE_CLEAN_EVERY_MS : CLEAN_EVERY_MS);
		await this.tables.journal.remove(
			this.ours(eq('state', 'processed'), lt(this.tables.expiryColumn, this.clock.now())),
		);
		await this.deadLetters.trim();
		await this.keys.forgetOld(this.queue.deduplicationWindowMs);
		await this.outages.forgetOld(this.settings.maxAgeMs);
		await this.ownership.forgetLongDead();
	}
}

/** The first rows that have no more events than there is room for, but at least one row. */
function withRoom(rows: readonly StoredRow[], room: number): StoredRow[] {
	let events = 0;
	const fits = rows.findIndex((row, at) => {
		events += eventsIn(row);
		return at > 0 && events > room;
	});
	return rows.slice(0, fits === -1 ? rows.length : fits);
}

/** A number that no row can have was not written by the node. It counts as 1. */
const eventsIn = ({ events }: StoredRow): number =>
	Number.isSafeInteger(events) && Number(events) > 0 && Number(events) <= MOST_EVENTS ? Number(events) : 1;
