import type { NodeAddress } from '../../shared/journal/columns';
import {
	type Cell,
	type StoredRow,
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	neq,
} from '../../shared/dataTables/table';
import { Rest } from './rest';
import type { TableClock } from './tableClock';

/** How often an owner raises its number to show that it is alive. */
export const HEARTBEAT_EVERY_MS = 3_000;
/**
 * The heartbeat interval of an owner without rows, because no process watches such an owner. It is far
 * shorter than the time after which an owner is forgotten.
 */
const IDLE_HEARTBEAT_EVERY_MS = 20_000;
/** For how long after sending a heartbeat its owner may start executions. */
export const VALID_FOR_MS = 7_000;
/**
 * For how long an owner must have been watched without a heartbeat before it counts as dead. It is far longer
 * than a lease is valid.
 */
export const WATCH_FOR_MS = 12_000;
/** After a gap of this length, a watch begins again: the watcher itself may have had no connection. */
const LONGEST_GAP_MS = 4_000;
/** Owners of any node without a heartbeat for this long are forgotten, although they left no rows behind. */
const FORGET_AFTER_MS = 3_600_000;
/** Like {@link LONGEST_GAP_MS}, for the search for forgotten owners, which runs once a minute. */
const LONGEST_GAP_OF_ALL_MS = 180_000;
/** The most owners that are watched at once. Others are watched later. */
const MOST_OWNERS = 250;

const KIND = 'owner';

/** The functions that ownership depends on. */
export interface OwnershipPorts {
	/** Is set to the time of the database when the owner begins. */
	readonly clock: Pick<TableClock, 'set'>;
	/**
	 * Milliseconds of a monotonic clock. Only it decides which owners are dead, so clocks of processes may
	 * differ.
	 */
	elapsedMs(): number;
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	failed(failure: TableFailure): void;
}

interface Watch {
	heartbeat: Cell;
	sinceMs: number;
	lookedAtMs: number;
}

/**
 * Shows that this process is alive, and finds out which others are dead.
 *
 * An owner is a row with a number that it raises every few seconds. A process that watches it compares that
 * number with the number that it saw earlier, by its own clock. The clocks of two processes are never
 * compared. An owner is declared dead by removing its row on the condition that the number is still the same.
 * So exactly one watcher does it, and an owner that was only slow notices it at its next heartbeat. An owner
 * stops starting executions long before that can happen.
 */
export class Ownership {
	private heartbeat = 0;
	private validUntilMs = -Infinity;
	private isOver = false;
	private hasRoom = true;
	private beatAtMs = -Infinity;
	private readonly rest: Rest;
	/** The watches on owners whose rows are wanted, and the watches on all owners. */
	private readonly watches = new Map<string, Watch>();
	private readonly watchesOfAll = new Map<string, Watch>();

	constructor(
		/** A unique name. */
		readonly name: string,
		private readonly address: NodeAddress,
		private readonly register: Table,
		private readonly ports: OwnershipPorts,
	) {
		this.rest = new Rest(async (milliseconds) => await ports.sleep(milliseconds));
	}

	/** Whether it is certain that no other process has declared this owner dead. */
	get isValid(): boolean {
		return !this.isOver && this.ports.elapsedMs() < this.validUntilMs;
	}

	/** Whether the last heartbeat was refused because n8n has no room for Data Tables. */
	get isFull(): boolean {
		return !this.hasRoom;
	}

	/** Registers the owner. It may own nothing before. */
	async begin(): Promise<void> {
		const { workflowId, nodeId } = this.address;
		const sentAtMs = this.ports.elapsedMs();
		await this.register.insert([
			{
				kind: KIND,
				name: this.name,
				workflow_id: workflowId,
				node_id: nodeId,
				beat: 0,
				at_ms: this.ports.now(),
			},
		]);
		this.validUntilMs = sentAtMs + VALID_FOR_MS;
		this.beatAtMs = sentAtMs;
		const [own] = await this.register.read([eq('kind', KIND), eq('name', this.name)], 1);
		if (own !== undefined) this.ports.clock.set(own, sentAtMs);
	}

	/**
	 * Sends heartbeats until the owner ends. Resolves with `true` when another process declared it dead.
	 * @param onHeartbeat called after each heartbeat, so that waiting work may go on
	 * @param isIdle whether this owner has no rows, and can have no unknown ones either
	 */
	async keepHeartbeat(onHeartbeat: () => void, isIdle: () => boolean): Promise<boolean> {
		while (!this.isOver) {
			await this.rest.for(isIdle() ? IDLE_HEARTBEAT_EVERY_MS : HEARTBEAT_EVERY_MS);
			if (this.isOver) return false;
			const sentAtMs = this.ports.elapsedMs();
			this.beatAtMs = sentAtMs;
			try {
				const mine = await this.beat();
				if (mine.length === 0 && !this.isOver) {
					this.isOver = true;
					return true;
				}
				this.validUntilMs = sentAtMs + VALID_FOR_MS;
				onHeartbeat();
			} catch (error) {
				this.ports.failed(asTableFailure(error));
			}
		}
		return false;
	}

	/** There is work. An owner with slow heartbeats sends one at once. */
	wake(): void {
		if (this.ports.elapsedMs() - this.beatAtMs > HEARTBEAT_EVERY_MS) this.rest.hurry();
	}

	/**
	 * Raises the number. If n8n has no room for that, it is enough that the row exists: other owners can't
	 * raise their numbers either.
	 */
	private async beat(): Promise<readonly StoredRow[]> {
		const own = [eq('kind', KIND), eq('name', this.name)];
		const cells = { beat: ++this.heartbeat, at_ms: this.ports.now() };
		try {
			const mine = await this.register.claim(own, cells);
			this.hasRoom = true;
			return mine;
		} catch (error) {
			const failure = asTableFailure(error);
			this.hasRoom = failure.kind !== 'full';
			if (this.hasRoom) throw failure;
			this.ports.failed(failure);
			return await this.register.read(own, 1);
		}
	}

	/**
	 * Returns which of these owners are dead. To notice a silent owner, it has to be called again and again.
	 */
	async deadAmong(names: readonly string[]): Promise<string[]> {
		for (const name of this.watches.keys()) if (!names.includes(name)) this.watches.delete(name);
		const dead: string[] = [];
		for (const name of names) {
			if (await this.isDead(name)) dead.push(name);
		}
		return dead;
	}

	private async isDead(name: string): Promise<boolean> {
		const [row] = await this.register.read([eq('kind', KIND), eq('name', name)], 1);
		if (row === undefined) return true;
		const silentMs = this.silentMs(this.watches, name, row, LONGEST_GAP_MS);
		return silentMs >= WATCH_FOR_MS && (await this.declareDead(this.watches, name, row));
	}

	/**
	 * For how long an owner has been watched without a heartbeat, only by the clock of this process. 0 as soon
	 * as there is a heartbeat.
	 */
	private silentMs(
		watches: Map<string, Watch>,
		name: string,
		{ beat }: StoredRow,
		longestGapMs: number,
	): number {
		const nowMs = this.ports.elapsedMs();
		const heartbeat = beat ?? null;
		const watch = watches.get(name);
		const hasBeaten = watch?.heartbeat !== heartbeat;
		// When n8n has no room, no owner can show that it is alive.
		if (watch === undefined || hasBeaten || this.isFull || nowMs - watch.lookedAtMs > longestGapMs) {
			watches.set(name, { heartbeat, sinceMs: nowMs, lookedAtMs: nowMs });
			return 0;
		}
		watch.lookedAtMs = nowMs;
		return nowMs - watch.sinceMs;
	}

	/**
	 * @returns whether this process declared the owner dead: the owner had sent no heartbeat in the meantime
	 */
	private async declareDead(
		watches: Map<string, Watch>,
		name: string,
		{ beat }: StoredRow,
	): Promise<boolean> {
		watches.delete(name);
		const taken = await this.register.take([eq('kind', KIND), eq('name', name), eq('beat', beat ?? null)]);
		return taken.length > 0;
	}

	/** Ends the heartbeat. Its rows were released before, or are left for other processes. */
	async end(): Promise<void> {
		this.isOver = true;
		await this.register.remove([eq('kind', KIND), eq('name', this.name)]);
	}

	/**
	 * Removes the rows of owners of any node that died long ago. Has to be called once a minute, because rows
	 * contain no time that shows it.
	 */
	async forgetLongDead(): Promise<void> {
		const rows = await this.register.read([eq('kind', KIND), neq('name', this.name)], MOST_OWNERS);
		const names = new Set(rows.map(({ name }) => String(name)));
		for (const name of this.watchesOfAll.keys()) if (!names.has(name)) this.watchesOfAll.delete(name);
		for (const row of rows) {
			const name = String(row.name);
			const silentMs = this.silentMs(this.watchesOfAll, name, row, LONGEST_GAP_OF_ALL_MS);
			if (silentMs >= FORGET_AFTER_MS) await this.declareDead(this.watchesOfAll, name, row);
		}
	}
}
