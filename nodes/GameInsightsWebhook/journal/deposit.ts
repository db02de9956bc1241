import type { Arrival } from '../queue/arrival';
import { Item, heldRequest } from '../queue/item';
import type { NodeAddress } from '../../shared/journal/columns';
import { Inserter } from './inserter';
import { JournalRow } from './journalRow';
import { cellsOfDeadLetter, rowsOfEvents } from './rows';
import { type Cells, type Table, type TableFailure, eq } from '../../shared/dataTables/table';

/**
 * Writes events as rows without an owner, in a process where the node's trigger is not live. The process
 * where it is live takes them from the table.
 */
export class Deposits {
	private readonly inserter: Inserter;
	private nextNumber = 0;

	constructor(
		/** A unique name. */
		private readonly name: string,
		private readonly address: NodeAddress,
		private readonly journal: Table,
		sleep: (milliseconds: number) => Promise<void>,
	) {
		this.inserter = new Inserter(journal, sleep);
	}

	/**
	 * Resolves with null once the whole request is in the table, or with the failure when it may not be there.
	 */
	async deposit(arrival: Arrival, mostEventsPerRow: number): Promise<TableFailure | null> {
		const held = heldRequest(arrival);
		const items = arrival.events.map((event) => new Item(held, { arrival, ...event }, null));
		const contents = [
			...rowsOfEvents(arrival, items, mostEventsPerRow).map(({ cells }) => ({ ...cells, state: 'waiting' })),
			...arrival.deadLetters.map((letter) => ({
				...cellsOfDeadLetter(arrival, letter, letter.delivery.batch.index),
				state: 'dying',
			})),
		];
		const { workflowId: workflow_id, nodeId: node_id } = this.address;
		const cells: Cells[] = contents.map((content) => ({
			attempt: 0,
			...content,
			workflow_id,
			node_id,
			owner: '',
			claim: this.name,
			place: this.nextNumber++,
		}));
		const rows = cells.map(
			({ place }) => new JournalRow(this.name, 'place', place as number, [], 'waiting', 0),
		);
		const failure = await this.inserter.insert(rows, cells);
		if (failure?.kind === 'unreachable') void this.remove(rows);
		return failure;
	}

	/**
	 * Tries once to remove the rows. A refused request should not be executed, but it does no harm if it is.
	 */
	private async remove(rows: readonly JournalRow[]): Promise<void> {
		for (const { number } of rows) {
			try {
				await this.journal.remove([eq('claim', this.name), eq('place', number), eq('owner', '')]);
			} catch {
				return;
			}
		}
	}
}
