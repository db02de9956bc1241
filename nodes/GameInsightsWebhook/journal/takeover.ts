import { grouped } from '../queue/grouped';
import type { Queue } from '../queue/queue';
import type { NodeAddress } from '../../shared/journal/columns';
import { type Filter, type StoredRow, type Table, eq, gte, lte, neq } from '../../shared/dataTables/table';
import type { Claims } from './claims';
import type { EarlierRows } from './earlierRows';
import { nodeRows } from './nodeRows';
import type { Outages } from './outages';
import type { Ownership } from './ownership';

/** How many rows are read and taken at once. Each row may have a megabyte. */
const PAGE = 50;
/**
 * After the start, events with an order only wait for this long. Earlier requests may still be on their way
 * into the table, from the process before this one or from one without a live trigger.
 */
const SETTLING_MS = 3_000;
/** The most events in a row: no request has more. */
const MOST_EVENTS = 100_000;
/** The states of rows that are delivered by somebody, or should be. */
const OPEN: Filter = [neq('state', 'dead'), neq('state', 'processed'), neq('state', 'sleeping')];

/** The parts of a lease that taking over works on. */
export interface TakeoverParts {
	readonly journal: Pick<Table, 'read'>;
	readonly ownership: Pick<Ownership, 'name' | 'isValid' | 'wake' | 'deadAmong'>;
	readonly claims: Pick<Claims, 'claim' | 'findLost' | 'hasLost'>;
	readonly earlier: Pick<EarlierRows, 'isWaiting' | 'looked'>;
	readonly outages: Pick<Outages, 'read'>;
	readonly queue: Pick<Queue, 'rememberOutages'>;
}

/** The functions that taking over depends on. */
export interface TakeoverPorts {
	/** Milliseconds of a monotonic clock. */
	elapsedMs(): number;
	/** How many more events may wait in the queue. */
	room(): number;
	/** Whether this process has no rows, and can have no unknown ones either. */
	isIdle(): boolean;
	/** There are rows of others. More may follow. */
	found(): void;
	/** Events that waited for earlier rows of others may go on. */
	fewerEarlier(): void;
}

/**
 * Takes over rows that processes without a live trigger wrote, that users want to send again, or that dead
 * owners left behind.
 */
export class Takeover {
	private readonly settledAtMs: number;

	constructor(
		private readonly address: NodeAddress,
		private readonly parts: TakeoverParts,
		private readonly ports: TakeoverPorts,
	) {
		this.settledAtMs = ports.elapsedMs() + SETTLING_MS;
	}

	/**
	 * Looks for such rows, and takes as many as there is room for.
	 * @returns whether there may be more of them
	 * @throws {TableFailure}
	 */
	async look(): Promise<boolean> {
		const { ownership, claims, earlier, journal } = this.parts;
		const room = this.ports.room();
		const wasWaiting = earlier.isWaiting;
		const isFull = room <= 0 && !wasWaiting;
		if (isFull || !(ownership.isValid || this.ports.isIdle())) return false;
		// Rows of a claim without an answer come before anything that came later.
		await claims.findLost();
		const isSettled = this.ports.elapsedMs() >= this.settledAtMs;
		const open = nodeRows(this.address, neq('owner', ownership.name), ...OPEN);
		const found = await journal.read(open, PAGE);
		if (found.length > 0) this.ports.found();
		if (!ownership.isValid) {
			// This process was idle. The rows are taken after a heartbeat has shown that no process has declared it
			// dead.
			if (found.length > 0) ownership.wake();
			return false;
		}
		const isAll = isSettled && found.length < PAGE;
		const rows = withRoom(found, Math.max(1, room));
		const taken = await this.takeWhatMay(rows);
		if (!claims.hasLost) earlier.looked(found, isAll, ({ id }) => taken.has(id));
		if (wasWaiting) this.ports.fewerEarlier();
		return taken.size > 0 && room > 0 && rows.length === PAGE;
	}

	/**
	 * Takes those rows that have no owner, or one that is dead.
	 * @returns the ids of the rows that are ours now
	 */
	private async takeWhatMay(rows: readonly StoredRow[]): Promise<ReadonlySet<number>> {
		const { ownership, queue, outages } = this.parts;
		const taken = new Set<number>();
		const byOwner = grouped(rows, ({ owner }) => owner ?? null);
		const owners = [...byOwner.keys()].filter((owner) => typeof owner === 'string' && owner !== '');
		const dead = await ownership.deadAmong(owners as string[]);
		// These rows may have failed in an outage that only their owner knew.
		if (dead.length > 0) queue.rememberOutages(await outages.read());
		// A cell that a user has emptied in the table view holds null, not an empty text.
		for (const owner of ['', null, ...dead]) {
			const found = byOwner.get(owner) ?? [];
			if (found.length > 0) for (const id of await this.takeFrom(owner, found)) taken.add(id);
		}
		return taken;
	}

	private async takeFrom(owner: string | null, rows: readonly StoredRow[]): Promise<number[]> {
		const ids = rows.map(({ id }) => id);
		const range = [gte('id', Math.min(...ids)), lte('id', Math.max(...ids))];
		return (await this.parts.claims.claim([eq('owner', owner), ...OPEN, ...range])) ?? [];
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
