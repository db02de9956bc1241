import { SimilarDeadLetters } from '../../../../nodes/GameInsightsWebhook/queue/similarDeadLetters';
import { World } from './fakeEngine';

const HOUR_MS = 3_600_000;
const failure = (message: string, node: string | null = 'Save') => ({
	reason: 'retries_exhausted',
	node,
	message,
});

describe('dead letters that are alike', () => {
	it.each([
		['Order 17 not found', 'Order 2204 not found'],
		['Player p-1 is gone', 'Player p-2b is gone'],
		['No row 8d1f6a52-8a4c-4f06-9d0e-3c5d9f1f1f10', 'No row 00000000-aaaa-4f06-9d0e-000000000000'],
		['Timeout at 2026-01-01T10:00:00Z', 'Timeout at 2026-01-02T11:30:12Z'],
	])('are those whose message differs in numbers and ids alone: %s', (one, other) => {
		const similar = new SimilarDeadLetters();
		similar.count(failure(one), 0);
		expect(similar.count(failure(other), 1)).toEqual({ count: 1, firstAt: '1970-01-01T00:00:00.000Z' });
	});

	it.each([
		['another message', failure('Service unavailable')],
		['another node', failure('Order 1 not found', 'Load')],
		['another reason', { ...failure('Order 1 not found'), reason: 'expired' }],
	])('are not those with %s', (_what, other) => {
		const similar = new SimilarDeadLetters();
		similar.count(failure('Order 1 not found'), 0);
		expect(similar.count(other, 1).count).toBe(0);
	});

	it('are counted for an hour from the first, then anew', () => {
		const similar = new SimilarDeadLetters();
		const counts = [0, 1, HOUR_MS - 1, HOUR_MS, HOUR_MS + 1].map(
			(atMs) => similar.count(failure('x'), atMs).count,
		);
		expect(counts).toEqual([0, 1, 2, 0, 1]);
	});

	it('are forgotten first where nothing came for longest, so memory does not grow', () => {
		const similar = new SimilarDeadLetters();
		const word = (n: number): string => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
		similar.count(failure('often'), 0);
		for (let n = 0; n < 1_500; n++) {
			similar.count(failure(word(n)), 1);
			if (n % 500 === 0) similar.count(failure('often'), 1);
		}
		expect(similar.count(failure('often'), 2).count).toBe(4);
		expect(similar.count(failure(word(0)), 2).count).toBe(0);
	});

	it('take no longer for a long message', () => {
		const startedAtMs = performance.now();
		new SimilarDeadLetters().count(failure('a'.repeat(2_000_000)), 0);
		expect(performance.now() - startedAtMs).toBeLessThan(1_000);
	});
});

it('each dead letter says how many like it came before: of events that failed, and of events that are not valid', async () => {
	const world = new World({ maxRetries: 0, executionPer: 'event' });
	world.offer({ events: 2 });
	world.offer({ deadLetters: 1 });
	world.offer({ deadLetters: 1 });
	const letters = [];
	for (let started = world.started(); started.length > 0; started = world.started()) {
		for (const execution of started) {
			letters.push(...execution.deadLetters);
			if (execution.deadLetters.length > 0) await execution.succeed();
			else await execution.fail(`Order ${execution.indexes[0]} is unknown`);
		}
	}
	const counts = letters.map(({ reason, similar }) => `${reason} ${similar?.count}`).sort();
	expect(counts).toEqual([
		'invalid_event 0',
		'invalid_event 1',
		'retries_exhausted 0',
		'retries_exhausted 1',
	]);
});
