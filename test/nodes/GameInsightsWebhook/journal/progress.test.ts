import { progressCells } from '../../../../nodes/GameInsightsWebhook/journal/progress';

it.each([
	['waiting', 0, 'Waits for its first execution.'],
	['running', 1, 'Attempt 1 is running.'],
	['retrying', 2, 'Attempt 2 failed. Waits for the next.'],
	['retrying', 0, 'Not tried yet: retries are paused.'],
	['processed', 3, 'Processed. Removed when it is due.'],
] as const)('a row that is %s (attempt %i) says so in a sentence', (state, attempt, summary) => {
	expect(progressCells(state, attempt)).toEqual({ state, attempt, summary });
});

it.each(['dying', 'dead'] as const)('the sentence of a dead letter is left alone: %s', (state) => {
	expect(progressCells(state, 4)).toEqual({ state, attempt: 4 });
});
