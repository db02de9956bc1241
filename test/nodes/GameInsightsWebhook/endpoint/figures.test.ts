import { Figures, figuresItem } from '../../../../nodes/GameInsightsWebhook/endpoint/figures';
import { taken, takenJson } from '../../../support/taken';
import { World } from '../queue/fakeEngine';

const NOW_MS = 1_700_000_000_000;
const endpoint = { workflowId: 'w', nodeId: 'n', isLive: true };

describe('the figures of an endpoint', () => {
	it('count requests, events and reasons to refuse', async () => {
		const figures = new Figures();
		const good = { event_type: 'a' };
		const mixed = await takenJson([good, good, { event_type: 5 }, { event_type: 'b' }], {
			eventTypes: ['a'],
		});
		figures.count('w:n', { receipt: mixed, taken: { accepted: 1, duplicates: 1 } }, NOW_MS);
		const bad = await taken({ body: '{' });
		figures.count('w:n', { receipt: bad, taken: { accepted: 0, duplicates: 0 } }, NOW_MS);
		figures.count('w:n', 'unauthorized', NOW_MS);
		figures.count('w:n', 'unauthorized', NOW_MS);
		figures.count('w:other', 'busy', NOW_MS);
		expect(figures.of('w:n', NOW_MS + 1)).toEqual({
			...{ sinceMs: NOW_MS, requests: 4, received: 4, accepted: 1, duplicates: 1, ignored: 1, invalid: 2 },
			refused: { unauthorized: 2, invalid_body: 1 },
		});
	});

	it('tell what the queue has done, and what waits', async () => {
		const world = new World({
			...{ maxRetries: 1, executionPer: 'event', maxConcurrentExecutions: 2 },
			acceptTimeoutMs: 60_000,
		});
		const item = () => {
			const requests = new Figures().of('w:n', NOW_MS);
			return figuresItem(endpoint, requests, world.queue.figures, NOW_MS);
		};
		const nothing = { processed: 0, retried: 0, dead_lettered: 0, waiting: 0, running: 0, breaker: 'closed' };
		expect(item()).toMatchObject({ ...nothing, workflow_id: 'w', live: true, oldest_received_at: null });
		world.offer({ events: 3 });
		await world.clock.advance(5_000);
		const [good, bad] = world.started();
		expect(item()).toMatchObject({
			...{ ...nothing, waiting: 1, running: 2 },
			oldest_received_at: new Date(NOW_MS - 5_000).toISOString(),
		});
		await good?.succeed();
		await bad?.fail();
		await world.clock.advance(1_000);
		for (let started = world.started(); started.length > 0; started = world.started()) {
			for (const each of started) await (each.indexes.includes(1) ? each.fail() : each.succeed());
		}
		expect(item()).toMatchObject({ ...nothing, processed: 2, retried: 1, dead_lettered: 1 });
	});

	it('tell of a pause, and count no notice among the dead letters', async () => {
		const world = new World({ pauseAfterFailedEvents: 3, executionPer: 'event' });
		world.offer({ events: 3 });
		for (const each of world.started()) await each.fail();
		for (const each of world.started()) await each.succeed();
		expect(world.queue.figures).toMatchObject({ breaker: 'open', deadLettered: 0, waiting: 3 });
	});
});
