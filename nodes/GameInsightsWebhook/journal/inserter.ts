import type { JournalRow } from './journalRow';
import { type Cells, type Table, type TableFailure, asTableFailure, eq } from '../../shared/dataTables/table';

/** The most rows in one call. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 3_000_000;
/** How often, and at which intervals, to check whether an insert without an answer has taken effect. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 500;

interface Batch {
	readonly rows: readonly JournalRow[];
	readonly cells: readonly Cells[];
	readonly characters: number;
	readonly done: (failure: TableFailure | null) => void;
}

const charactersOf = (cells: Cells): number =>
	Object.values(cells).reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);

/** Inserts rows. Rows that come during a call share the next call. */
export class Inserter {
	private queue: Batch[] = [];
	private isWorking = false;

	constructor(
		private readonly table: Pick<Table, 'insert' | 'read'>,
		private readonly sleep: (milliseconds: number) => Promise<void>,
	) {}

	/**
	 * Resolves with null once all these rows are in the table. Resolves with a failure when they may not be
	 * there: some may be there now or appear later, and have to be removed.
	 */
	async insert(rows: readonly JournalRow[], cells: readonly Cells[]): Promise<TableFailure | null> {
		const characters = cells.reduce((sum, one) => sum + charactersOf(one), 0);
		return await new Promise((done) => {
			this.queue.push({ rows, cells, characters, done });
			if (!this.isWorking) void this.work();
		});
	}

	private async work(): Promise<void> {
		this.isWorking = true;
		await Promise.resolve();
		while (this.queue.length > 0) {
			const batches = this.next();
			const failure = await this.insertOnce(batches);
			// A row that can't be stored is no reason to refuse the others.
			const isOfOne = failure?.kind === 'tooLarge' || failure?.kind === 'refused';
			if (!isOfOne || batches.length === 1) for (const { done } of batches) done(failure);
			else for (const batch of batches) batch.done(await this.insertOnce([batch]));
		}
		this.isWorking = false;
	}

	private next(): Batch[] {
		let rows = 0;
		let characters = 0;
		const fits = this.queue.findIndex((batch, at) => {
			rows += batch.rows.length;
			characters += batch.characters;
			return at > 0 && (rows > MOST_ROWS || characters > MOST_CHARACTERS);
		});
		return this.queue.splice(0, fits === -1 ? this.queue.length : fits);
	}

	private async insertOnce(batches: readonly Batch[]): Promise<TableFailure | null> {
		const cells = batches.flatMap((batch) => batch.cells);
		// A request that is larger than a call is split into several calls.
		for (const piece of piecesOf(cells)) {
			try {
				await this.table.insert(piece);
			} catch (error) {
				const failure = asTableFailure(error);
				if (failure.kind !== 'unreachable' || !(await this.isThere(piece))) return failure;
			}
		}
		return null;
	}

	private async isThere(piece: readonly Cells[]): Promise<boolean> {
		const [first] = piece;
		for (let look = 0; look < LOOKS; look++) {
			try {
				const filter = [eq('claim', first?.claim ?? null), eq('place', first?.place ?? null)];
				return (await this.table.read(filter, 1)).length > 0;
			} catch {
				await this.sleep(BETWEEN_LOOKS_MS);
			}
		}
		return false;
	}
}

function piecesOf(cells: readonly Cells[]): Cells[][] {
	const pieces: Cells[][] = [];
	let characters = 0;
	for (const one of cells) {
		const piece = pieces.at(-1);
		characters += charactersOf(one);
		if (piece === undefined || piece.length >= MOST_ROWS || characters > MOST_CHARACTERS) {
			pieces.push([one]);
			characters = charactersOf(one);
		} else {
			piece.push(one);
		}
	}
	return pieces;
}
