import { progressCells } from '../../../../nodes/GameInsightsWebhook/journal/progress';

it.each([
	['waiting', 0, 'Waits for its first execution.'],
	['running', 1, 'Attempt 1 is running.'],
	['retrying', 2, 'Attempt 2 failed. The next one follows when it is due.'],
	['retrying', 0, 'Waits for its first execution: retries are paused.'],
	['processed', 3, 'Processed. The row is removed when it is due.'],
] as const)('a row that is %s (attempt %i) says so in a sentence', (state, attempt, summary) => {
	expect(progressCells(state, attempt)).toEqual({ state, attempt, summary });
});

it.each(['dying', 'dead'] as const)('the sentence of a dead letter is left alone: %s', (state) => {
	expect(progressCells(state, 4)).toEqual({ state, attempt: 4 });
});
