import type { FailedOutcome } from '../queue/arrival';
import {
	type Filter,
	type StoredRow,
	type Table,
	type TableFailure,
	asTableFailure,
	eq,
} from '../../shared/dataTables/table';
import type { NodeAddress } from '../../shared/journal/columns';
import { nodeRows } from './nodeRows';

/** How many rows of a lost claim are read. No claim has more: it is made for a page of rows. */
const PAGE = 50;

/** The functions that claiming rows depends on. */
export interface ClaimsPorts {
	/**
	 * These rows belong to this process now.
	 * @param woken how the execution of the rows ended, if it had slept
	 */
	claimed(rows: readonly StoredRow[], claim: string, woken: FailedOutcome | null): void;
	/** A claim had no answer: its rows may belong to this process. */
	unsure(): void;
	failed(failure: TableFailure): void;
}

/**
 * Takes ownership of rows. Each claim is one conditional update, and has a name of its own. If several
 * processes claim the same rows, each row goes to one of them.
 */
export class Claims {
	private count = 0;
	/** Claims whose outcome is unknown. If there are rows with them, they are ours. */
	private lost: Array<{ readonly claim: string; readonly woken: FailedOutcome | null }> = [];

	constructor(
		/** The name of this process as an owner of rows. */
		private readonly name: string,
		private readonly address: NodeAddress,
		private readonly journal: Pick<Table, 'claim' | 'read'>,
		private readonly ports: ClaimsPorts,
	) {}

	/** Whether there are claims whose outcome is unknown. */
	get hasLost(): boolean {
		return this.lost.length > 0;
	}

	/**
	 * Claims rows of the node. Never rejects.
	 * @param woken how the execution of the rows ended, if it had slept
	 * @returns the ids of the rows that are ours now. Null when that is not known
	 */
	async claim(wanted: Filter, woken: FailedOutcome | null = null): Promise<number[] | null> {
		const { name: owner } = this;
		const claim = `${owner}/${++this.count}`;
		const cells = { owner, claim, ...(woken === null ? {} : { state: 'running' }) };
		const filter = nodeRows(this.address, ...wanted);
		const rows = await this.journal.claim(filter, cells).catch((error: unknown) => {
			const failure = asTableFailure(error);
			this.ports.failed(failure);
			if (failure.kind !== 'unreachable') return null;
			this.lost.push({ claim, woken });
			this.ports.unsure();
			return null;
		});
		if (rows === null) return null;
		const mine = rows.filter((row) => row.claim === claim && row.owner === owner);
		this.ports.claimed(mine, claim, woken);
		return mine.map(({ id }) => id);
	}

	/**
	 * Searches for the rows of claims whose outcome is unknown. Call it before anything is taken that came
	 * later. @throws {TableFailure}
	 */
	async findLost(): Promise<void> {
		for (let [lost] = this.lost; lost !== undefined; [lost] = this.lost) {
			const { claim, woken } = lost;
			const filter = nodeRows(this.address, eq('owner', this.name), eq('claim', claim));
			this.ports.claimed(await this.journal.read(filter, PAGE), claim, woken);
			this.lost.shift();
		}
	}
}
