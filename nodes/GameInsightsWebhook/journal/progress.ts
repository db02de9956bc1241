import type { RowState } from './columns';
import type { Cells } from './table';

/**
 * The cells that say how far a row is: two for the node, and a sentence for people who look at the table. The
 * sentence of a dead letter is its own summary, which is written with it. Sentences are short, because n8n's
 * table shows some 40 characters.
 * @param attempt the number of the attempt that runs, or of the last one; 0 before the first
 */
export function progressCells(state: RowState, attempt: number): Cells {
	const summary = sentenceOf(state, attempt);
	return { state, attempt, ...(summary === null ? {} : { summary }) };
}

function sentenceOf(state: RowState, attempt: number): string | null {
	switch (state) {
		case 'waiting':
			return 'Waits for its first execution.';
		case 'running':
			return `Attempt ${attempt} is running.`;
		case 'retrying':
			if (attempt === 0) return 'Not tried yet: retries are paused.';
			return `Attempt ${attempt} failed. Waits for the next.`;
		case 'processed':
			return 'Processed. Removed when it is due.';
		default:
			return null;
	}
}
