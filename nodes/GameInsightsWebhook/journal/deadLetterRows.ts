import { nodeRows } from './nodeRows';
import { grouped } from '../queue/grouped';
import type { NodeAddress } from '../../shared/journal/columns';
import { cellsOfMovedLetter, cellsOfRedrive, obstacleToRedrive } from './deadLetterCells';
import type { DeadLetterRetention } from './deadLetterRetention';
import { Inserter } from './inserter';
import { unpackedRow } from '../../shared/journal/packedTable';
import {
	type Cells,
	type Filter,
	type StoredRow,
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
	gte,
	lte,
	neq,
} from '../../shared/dataTables/table';
import { pagesOf } from '../../shared/dataTables/pages';
import { deadLetterIn } from '../../shared/journal/readRow';

/** How many rows are moved at once. */
const PAGE = 100;
/** The claim of a dead row that stays in the journal, because it is no dead letter that can be read. */
const SET_ASIDE = 'set aside';
/** How often to look for dead letters that a user wants to send again. */
const LOOK_EVERY_MS = 1_000;
const QUIET_LOOK_EVERY_MS = 29_000;
/**
 * A look takes n8n time in proportion to the number of dead letters. So the next one waits for this many
 * times as long as the last one took.
 */
const REST_PER_LOOK = 100;
/** How long to wait after a call that failed. */
const AGAIN_AFTER_FAILURE_MS = 5_000;

/** The tables that dead letters are in: for a moment in the journal, then in a table of their own. */
export interface DeadLetterTables {
	readonly journal: Table;
	readonly deadLetters: Table;
}

/** The functions that moving dead letters depends on. */
export interface DeadLetterRowsPorts {
	elapsedMs(): number;
	/** The time by the clock of the database, in milliseconds since the epoch. */
	tableNow(): number;
	sleep(milliseconds: number): Promise<void>;
	failed(failure: TableFailure): void;
}

/**
 * The dead letters of a node. The journal has only what is still to be done, so that its size and the time to
 * search it do not depend on how many dead letters lie there. When a dead letter has left on its output, its
 * row is moved into the table of dead letters. When a user sets its state to `redrive` there, it is moved
 * back and delivered from the journal.
 *
 * No transaction spans two tables. So the rows of a move first get a claim of their own, then they are
 * inserted with it into the other table, and then they are removed. A move that was interrupted is finished
 * by this process or the next one: the claim tells which rows are already in the other table.
 *
 * Two processes never do this at the same time, unless one was cut off for longer than its lease. Then a dead
 * letter may be there twice. None is lost.
 */
export class DeadLetterRows {
	/** Whether the journal may have dead letters to move. */
	private mayHaveDead = true;
	/** Whether a move out of the journal may have begun and not ended. */
	private mayBeUnfinished = true;
	/** Whether a move back into the journal has begun and not ended. */
	private isMovingBack = false;
	private moves = 0;
	private moveOutAtMs = -Infinity;
	private lookAtMs = -Infinity;
	private readonly toLetters: Inserter;
	private readonly toJournal: Inserter;

	constructor(
		/** The name of this process as an owner of rows. */
		private readonly name: string,
		private readonly address: NodeAddress,
		private readonly tables: DeadLetterTables,
		private readonly retention: Pick<DeadLetterRetention, 'isEmpty' | 'added'>,
		private readonly ports: DeadLetterRowsPorts,
	) {
		const sleep = async (milliseconds: number): Promise<void> => await ports.sleep(milliseconds);
		this.toLetters = new Inserter(tables.deadLetters, sleep);
		this.toJournal = new Inserter(tables.journal, sleep);
	}

	/** Whether there are no dead letters, so that no user can send one again. */
	get isEmpty(): boolean {
		return this.retention.isEmpty && !this.mayHaveDead;
	}

	/** A row of the journal has become dead, or may have. */
	added(): void {
		this.mayHaveDead = true;
	}

	/** The next look for dead letters to send again is due now. */
	lookSoon(): void {
		this.lookAtMs = -Infinity;
	}

	/** Moves a page of dead letters out of the journal. Never rejects. @returns whether there are more */
	async moveOut(): Promise<boolean> {
		if (this.ports.elapsedMs() < this.moveOutAtMs || !(this.mayHaveDead || this.mayBeUnfinished))
			return false;
		try {
			await this.finishInterrupted();
			this.mayHaveDead = false;
			return await this.moveOutPage();
		} catch (error) {
			this.mayHaveDead = true;
			this.moveOutAtMs = this.ports.elapsedMs() + AGAIN_AFTER_FAILURE_MS;
			this.ports.failed(asTableFailure(error));
			return false;
		}
	}

	/** Whether it is time to look for dead letters to send again. */
	get isLookDue(): boolean {
		return this.isMovingBack || (!this.retention.isEmpty && this.ports.elapsedMs() >= this.lookAtMs);
	}

	/**
	 * Moves dead letters that a user wants to send again back into the journal. Rows of the journal without an
	 * owner must be taken after that, not before: a move that was interrupted is finished by their claims.
	 * @param isLively whether to look again soon
	 * @param mayTake whether this process may change rows now
	 * @returns how many were found
	 * @throws {TableFailure}
	 */
	async moveBack(isLively: boolean, mayTake: () => boolean): Promise<number> {
		const startedAtMs = this.ports.elapsedMs();
		this.lookAtMs = startedAtMs + AGAIN_AFTER_FAILURE_MS;
		const wanted = this.ours(neq('state', 'dead'));
		const found = await this.tables.deadLetters.read(wanted, PAGE);
		const tookMs = this.ports.elapsedMs() - startedAtMs;
		if (found.length > 0 && !mayTake()) {
			this.lookSoon();
			return found.length;
		}
		if (found.length > 0) {
			// The user may have found a dead letter in both tables.
			await this.finishInterrupted();
			this.isMovingBack = true;
			const begun = grouped(found, (row) => String(row.claim)).keys();
			for (const claim of begun) if (claim.includes(BACK)) await this.finishMoveBack(claim);
			const claim = `${this.name}${BACK}${++this.moves}`;
			await this.tables.deadLetters.claim([...wanted, ...idsOf(found)], { claim });
			await this.finishMoveBack(claim);
		}
		this.isMovingBack = false;
		const restMs = Math.max(isLively ? LOOK_EVERY_MS : QUIET_LOOK_EVERY_MS, tookMs * REST_PER_LOOK);
		this.lookAtMs = found.length === PAGE ? -Infinity : this.ports.elapsedMs() + restMs;
		return found.length;
	}

	private ours(...more: Filter): Filter {
		return nodeRows(this.address, ...more);
	}

	private async moveOutPage(): Promise<boolean> {
		const { journal } = this.tables;
		const dead = this.ours(eq('state', 'dead'), eq('claim', ''));
		const page = await journal.read(dead, PAGE);
		if (page.length === 0) return false;
		const claim = `${this.name}${DEAD}${++this.moves}`;
		this.mayBeUnfinished = true;
		const rows = await journal.claim([...dead, ...idsOf(page)], { claim });
		await this.finishMoveOut(claim, rows, new Set());
		this.mayBeUnfinished = false;
		if (page.length === PAGE) this.mayHaveDead = true;
		return page.length === PAGE;
	}

	/** Finishes the moves out of the journal that this process, or one before it, began. */
	private async finishInterrupted(): Promise<void> {
		if (!this.mayBeUnfinished) return;
		const { journal, deadLetters } = this.tables;
		const begun = this.ours(eq('state', 'dead'), neq('claim', ''), neq('claim', SET_ASIDE));
		for await (const page of pages(journal, begun)) {
			for (const claim of grouped(page, (row) => String(row.claim)).keys()) {
				// A user may have set a row of another claim to dead.
				if (!claim.includes(DEAD)) continue;
				const rows = await unpacked(journal, this.ours(eq('state', 'dead'), eq('claim', claim)));
				await this.finishMoveOut(claim, rows, await placesOf(deadLetters, this.ours(eq('claim', claim))));
			}
		}
		this.mayBeUnfinished = false;
	}

	/**
	 * Moves the rows with a claim out of the journal.
	 * @param rows all of them
	 * @param there the ids of those that are already in the table of dead letters
	 */
	private async finishMoveOut(
		claim: string,
		rows: readonly StoredRow[],
		there: ReadonlySet<unknown>,
	): Promise<void> {
		const { journal } = this.tables;
		const moved: number[] = [];
		const cells: Cells[] = [];
		for (const row of rows) {
			const letter = deadLetterIn(row);
			if (letter === null) {
				await journal.update([eq('claim', claim), eq('id', row.id)], { claim: SET_ASIDE });
				continue;
			}
			moved.push(row.id);
			if (there.has(row.id)) continue;
			const atMs = this.ports.tableNow();
			cells.push(cellsOfMovedLetter(row, letter, this.address, { claim, atMs }));
		}
		await insertAll(this.toLetters, cells);
		this.retention.added(cells.length);
		const removed = await journal.take(this.ours(eq('claim', claim), eq('state', 'dead')));
		const isGone = new Set(removed.map(({ id }) => id));
		for (const id of moved) if (!isGone.has(id)) await this.withdrawIfSentAgain(claim, id);
	}

	/** A user has just set the row in the journal to `redrive`. Then it must not be a dead letter as well. */
	private async withdrawIfSentAgain(claim: string, id: number): Promise<void> {
		const [row] = await this.tables.journal.read(this.ours(eq('id', id)), 1);
		if (row === undefined) return;
		await this.tables.deadLetters.remove(this.ours(eq('claim', claim), eq('place', id), eq('state', 'dead')));
	}

	/** Moves the rows with a claim back into the journal. */
	private async finishMoveBack(claim: string): Promise<void> {
		const { journal, deadLetters } = this.tables;
		const there = await placesOf(journal, this.ours(eq('claim', claim)));
		const cells: Cells[] = [];
		for (const row of await unpacked(deadLetters, this.ours(neq('state', 'dead'), eq('claim', claim)))) {
			const obstacle = obstacleToRedrive(row);
			if (obstacle !== null) await deadLetters.update([eq('id', row.id)], { state: 'dead', ...obstacle });
			else if (!there.has(row.id)) cells.push(cellsOfRedrive(row, claim));
		}
		await insertAll(this.toJournal, cells);
		await deadLetters.remove(this.ours(neq('state', 'dead'), eq('claim', claim)));
	}
}

/** In the claims of moves out of the journal, and of moves back into it. */
const DEAD = '/dead/';
const BACK = '/back/';

const idsOf = (rows: readonly StoredRow[]): Filter => {
	const ids = rows.map(({ id }) => id);
	return [gte('id', Math.min(...ids)), lte('id', Math.max(...ids))];
};

const pages = (table: Table, filter: Filter): AsyncGenerator<StoredRow[]> =>
	pagesOf(PAGE, async (afterId) => await table.read([...filter, gte('id', afterId + 1)], PAGE));

/** The ids that copies of rows had in the other table. */
async function placesOf(table: Table, filter: Filter): Promise<ReadonlySet<unknown>> {
	const places = new Set<unknown>();
	for await (const page of pages(table, filter)) for (const { place } of page) places.add(place);
	return places;
}

/** All rows, with their texts unpacked. */
async function unpacked(table: Table, filter: Filter): Promise<StoredRow[]> {
	const rows: StoredRow[] = [];
	for await (const page of pages(table, filter)) rows.push(...(await Promise.all(page.map(unpackedRow))));
	return rows;
}

/** @throws {TableFailure} when some of the rows may not be in the table */
async function insertAll(inserter: Inserter, cells: readonly Cells[]): Promise<void> {
	if (cells.length === 0) return;
	const failure = await inserter.insert(cells);
	if (failure !== null) throw failure;
}
