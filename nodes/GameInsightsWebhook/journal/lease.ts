import { nodeRows } from './nodeRows';
import type { FailedOutcome, StartExecution } from '../queue/arrival';
import type { DeliverySettings } from '../queue/deliverySettings';
import { groupingOf } from '../queue/grouping';
import type { Queue } from '../queue/queue';
import type { Store, StoreHost } from '../queue/store';
import { recovered } from './recovery';
import type { ExpiryColumn, NodeAddress } from '../../shared/journal/columns';
import { Claims } from './claims';
import { DeadLetterRetention, type Retention } from './deadLetterRetention';
import { DeadLetterRows, type DeadLetterTables } from './deadLetterRows';
import { EarlierRows } from './earlierRows';
import { JournalStore, type JournalSettings } from './journalStore';
import { KeyWatch, type KeyWatchPorts } from './keyWatch';
import { Outages } from './outages';
import { Ownership, type OwnershipPorts } from './ownership';
import { PollPace } from './pollPace';
import { ProcessedKeys } from './processedKeys';
import { Sleepers, type SleepersPorts } from './sleepers';
import { StrayRows } from './strayRows';
import { TableClock } from './tableClock';
import { TableNotices } from './tableNotices';
import { Takeover } from './takeover';
import {
	type Filter,
	type StoredRow,
	type Table,
	asTableFailure,
	eq,
	lt,
} from '../../shared/dataTables/table';

/** How long to wait while more dead letters have to be moved. */
const BETWEEN_PAGES_MS = 50;
const CLEAN_EVERY_MS = 60_000;
const IDLE_CLEAN_EVERY_MS = 120_000;
/** How long a stop waits for the table. */
const FLUSH_MS = 3_000;
/** How often to check whether executions that outlived the stop have ended. */
const OUTLIVING_MS = 1_000;

/** The three tables: the journal of events, the dead letters, and the register of processes. */
export interface JournalTables extends DeadLetterTables {
	readonly register: Table;
	/** The size of the table of dead letters that n8n measured some seconds ago, in bytes. */
	deadLettersSizeBytes(): Promise<number>;
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
	private readonly retention: DeadLetterRetention;
	private readonly deadLetters: DeadLetterRows;
	private readonly sleepers: Sleepers;
	private store!: JournalStore;
	private host!: StoreHost;
	private isOver = false;
	private readonly claims: Claims;
	private readonly strayRows: StrayRows;
	private readonly earlier: EarlierRows;
	private readonly takeover: Takeover;
	private cleanAtMs = -Infinity;
	private readonly pace: PollPace;
	private readonly notices: TableNotices;

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
		this.notices = new TableNotices({
			elapsedMs: () => ports.elapsedMs(),
			announce: (noticeOf) => this.queue.announce(noticeOf, settings.endpoint),
		});
		this.keyWatch = new KeyWatch(address, tables.register, ports, (expiresAtMs) =>
			this.notices.keyExpires(expiresAtMs),
		);
		this.retention = new DeadLetterRetention(address, tables.deadLetters, settings, {
			elapsedMs: () => ports.elapsedMs(),
			tableNow: now,
			sizeBytes: async () => await tables.deadLettersSizeBytes(),
			isLarge: (bytes) => this.notices.deadLettersLarge(bytes),
		});
		this.deadLetters = new DeadLetterRows(name, address, tables, this.retention, { ...ports, tableNow: now });
		this.sleepers = new Sleepers(tables.journal, settings, {
			...ports,
			ours: (...more) => this.ours(...more),
			tableNow: now,
			expiryColumn: () => tables.expiryColumn,
			queue: () => this.queue,
			keys: this.keys,
			wake: async (asleep, outcome) => await this.wake(asleep, outcome),
		});
		this.pace = new PollPace(ports);
		this.queue = ports.newQueue((host) => {
			this.host = host;
			this.store = new JournalStore(
				name,
				address,
				settings,
				tables.journal,
				this.keys,
				{
					...ports,
					tableNow: now,
					expiryColumn: () => tables.expiryColumn,
					outageChanged: (outage) => void this.outages.write(outage),
					isValid: () => this.ownership.isValid,
					unsure: () => {
						this.strayRows.mayAppear();
						this.pace.expect();
					},
					wake: () => this.ownership.wake(),
					deadLettered: () => {
						this.deadLetters.added();
						this.pace.expect();
					},
					sleepers: this.sleepers,
				},
				host,
			);
			return this.store;
		});
		this.claims = new Claims(name, address, tables.journal, {
			claimed: (rows, claim, woken) => this.recover(rows, claim, woken),
			unsure: () => {
				this.strayRows.mayBeThere();
				this.pace.hurry();
			},
			failed: (failure) => ports.failed(failure),
		});
		this.strayRows = new StrayRows(name, address, tables.journal, this.store.rows, this.claims, {
			elapsedMs: () => ports.elapsedMs(),
			isIdle: () => this.isIdle,
			log: ports.log,
		});
		this.earlier = new EarlierRows(settings.orderBy, (isHeld) => this.store.holdBack(isHeld));
		const { ownership, claims, earlier, outages, queue } = this;
		this.takeover = new Takeover(
			address,
			{ journal: tables.journal, ownership, claims, earlier, outages, queue },
			{
				elapsedMs: () => ports.elapsedMs(),
				room: () => this.room,
				isIdle: () => this.isIdle,
				found: () => this.pace.found(),
				fewerEarlier: () => this.host.runDueWork(),
			},
		);
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
				if (this.ownership.isFull) this.notices.full();
				this.host.runDueWork();
			},
			() => this.isIdle,
		);
		if (isLost) {
			this.isOver = true;
			this.sleepers.end();
			this.store.rows.writer.stop();
			this.outages.stop();
			this.queue.abandon();
		}
		return isLost;
	}

	/** Whether rows of other processes may have to be found soon. */
	private get isLively(): boolean {
		const isUnsure = this.earlier.isWaiting || this.claims.hasLost || this.ownership.isFull;
		return isUnsure || this.pace.isLively;
	}

	/** Whether there is no work here, and nothing in the table that other processes could wait for. */
	private get isIdle(): boolean {
		return this.store.isEmpty && !this.isLively;
	}

	/** A user has probably set dead letters to `redrive`. */
	lookSoon(): void {
		this.deadLetters.lookSoon();
		this.pace.expect();
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
			this.store.rows.handBack();
			await this.store.rows.writer.flushed(FLUSH_MS);
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
				await this.moveDeadLettersBack();
				while (!this.isOver && (await this.takeover.look()));
				hasMoreToMove = this.ownership.isValid && (await this.deadLetters.moveOut());
				await this.strayRows.sweep();
				await this.clean();
				await this.keyWatch.look();
			} catch (error) {
				this.ports.failed(asTableFailure(error));
				this.pace.failed();
			}
			if (hasMoreToMove) await this.ports.sleep(BETWEEN_PAGES_MS);
			else await this.pace.wait(this.isLively, !this.deadLetters.isEmpty);
		}
	}

	private async moveDeadLettersBack(): Promise<void> {
		if (this.isOver || !this.deadLetters.isLookDue || this.room <= 0) return;
		const found = await this.deadLetters.moveBack(this.isLively, () => {
			if (!this.ownership.isValid) this.ownership.wake();
			return this.ownership.isValid;
		});
		if (found === 0) return;
		this.pace.found();
		this.pace.hurry();
	}

	/** How many more events may wait. */
	private get room(): number {
		return this.settings.maxPendingEvents - this.queue.size.waiting;
	}

	private ours(...more: Filter): Filter {
		return nodeRows(this.address, ...more);
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
		return (await this.claims.claim(asleep, outcome)) !== null;
	}

	/** Rows that this process has just claimed go into the queue. */
	private recover(mine: readonly StoredRow[], claim: string, woken: FailedOutcome | null): void {
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
				writer: this.store.rows.writer,
				mostTogether,
				orderBy: this.settings.orderBy,
				rankOf: (id, isSentAgain) => this.earlier.rankOf(id, isSentAgain),
				log: this.ports.log,
				woken,
			}),
		);
	}

	private async clean(): Promise<void> {
		const nowMs = this.ports.elapsedMs();
		if (nowMs < this.cleanAtMs) return;
		this.cleanAtMs = nowMs + (this.isIdle ? IDLE_CLEAN_EVERY_MS : CLEAN_EVERY_MS);
		await this.tables.journal.remove(
			this.ours(eq('state', 'processed'), lt(this.tables.expiryColumn, this.clock.now())),
		);
		// A dead letter may have been written while nothing else was possible, without a sign of it.
		this.deadLetters.added();
		await this.retention.trim();
		await this.keys.forgetOld(this.queue.deduplicationWindowMs);
		await this.outages.forgetOld(this.settings.maxAgeMs);
		await this.ownership.forgetLongDead();
	}
}
