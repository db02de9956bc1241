import { harmless } from '../../shared/harmless';
import type { DeadLetter } from '../../shared/items/deadLetter';
import type { NodeAddress } from '../../shared/journal/columns';
import { stateIn } from '../../shared/journal/writtenCells';
import type { Cells, StoredRow } from '../../shared/dataTables/table';
import { restoredRow } from './restoredRow';

/**
 * The cells of a dead letter in the table of dead letters.
 * @param row its row in the journal, with its texts unpacked
 * @param letter the dead letter in that row
 * @param move the claim of the move, and its time by the clock of the database (milliseconds since the epoch)
 */
export function cellsOfMovedLetter(
	row: StoredRow,
	{ reason }: DeadLetter,
	{ workflowId, nodeId }: NodeAddress,
	move: { readonly claim: string; readonly atMs: number },
): Cells {
	return {
		...cellsOfBoth(row),
		reason,
		state: 'dead',
		workflow_id: workflowId,
		node_id: nodeId,
		at_ms: move.atMs,
		claim: move.claim,
		place: row.id,
	};
}

/**
 * The cells of a dead letter in the journal, when it is sent again: it is delivered from there like any other
 * row that a user wants to send again.
 * @param row its row in the table of dead letters, with its texts unpacked
 */
export function cellsOfRedrive(row: StoredRow, claim: string): Cells {
	return {
		...cellsOfBoth(row),
		workflow_id: row.workflow_id ?? null,
		node_id: row.node_id ?? null,
		state: 'redrive',
		events: 1,
		owner: '',
		claim,
		place: row.id,
	};
}

/**
 * Why a dead letter can't be sent again, as the cells to write into its row beside the state `dead`: a
 * sentence for the user, or none when the user did not really ask for it. Null when it can be sent again.
 */
export function obstacleToRedrive(row: StoredRow): Cells | null {
	try {
		const state = stateIn(row);
		if (state === 'dead') return {};
		if (state !== 'redrive')
			return { last_error: `A dead letter can't be ${state}. To send it again, set the state to redrive.` };
		const { obstacle } = restoredRow(row, 0);
		return obstacle === null ? null : { last_error: obstacle };
	} catch (error) {
		const reason = harmless(error instanceof Error ? error.message : String(error));
		return { last_error: `It was not sent again: ${reason}.` };
	}
}

/** What a dead letter has in both tables, without the columns that a user has deleted. */
function cellsOfBoth(row: StoredRow): Cells {
	const { summary, event_type, user_id, attempt, received, last_error, payload, details } = row;
	const cells = { summary, event_type, user_id, attempt, received, last_error, payload, details };
	return Object.fromEntries(
		Object.entries(cells).flatMap(([column, cell]) => (cell === undefined ? [] : [[column, cell]])),
	);
}
