import { TRANSITIONS, move } from '../../../../nodes/GameInsightsWebhook/queue/transitions';
import { noticeArrival } from '../../../../nodes/GameInsightsWebhook/items/notice';
import { groupingOf } from '../../../../nodes/GameInsightsWebhook/queue/grouping';
import { Item, heldRequest, Job } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { MemoryStore } from '../../../../nodes/GameInsightsWebhook/queue/memoryStore';
import { type StartedExecution, World, valueOf } from './fakeEngine';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Fails whatever is started, until nothing is started any more. */
async function failAll(world: World): Promise<void> {
	for (let started = world.started(); started.length > 0; started = world.started()) {
		for (const execution of started) {
			if (execution.deadLetters.length > 0) await execution.succeed();
			else await execution.fail('503 Service Unavailable');
		}
	}
}

/** Lets time pass, a tenth of a second at a time. What carries events fails when `isBad` says so. */
async function failUntil(
	world: World,
	milliseconds: number,
	isBad: (execution: StartedExecution) => boolean,
): Promise<void> {
	for (let passedMs = 0; passedMs < milliseconds; passedMs += 100) {
		for (let started = world.started(); started.length > 0; started = world.started()) {
			for (const execution of started) {
				if (execution.deadLetters.length === 0 && isBad(execution)) await execution.fail();
				else await execution.succeed();
			}
		}
		await world.clock.advance(100);
	}
}

const repeated = (reason: string, times: number): string[] => Array.from({ length: times }, () => reason);
const lettersOf = (world: World) => world.executions.flatMap(({ deadLetters }) => [...deadLetters]);
const reasonsOf = (world: World): string[] => lettersOf(world).map(({ reason }) => reason);

/** A queue whose breaker has just opened: 30 events have failed alone, one after the other. */
async function pausedWorld(settings = {}): Promise<World> {
	const world = new World({ pauseAfterFailedEvents: 25, maxConcurrentExecutions: 1, ...settings });
	for (let event = 0; event < 30; event++) world.offer({ keys: [`event-${event}`] });
	await failAll(world);
	expect(world.queue.size.isPaused).toBe(true);
	return world;
}

describe('an outage', () => {
	it('pauses retries once so many different events have failed in a row, and tells it once', async () => {
		const world = await pausedWorld();
		expect(reasonsOf(world)).toEqual(['outage']);
		const [notice] = lettersOf(world);
		expect(notice).toMatchObject({ eventText: null, raw: null, stage: 'notice', errors: [] });
		expect(notice?.summary).toMatch(
			/^Retries are paused: \d+ executions in a row with \d+ events failed since .*503 Service Unavailable/,
		);
		expect(notice?.attempts.history).toMatchObject([{ executionId: '7', node: 'Save order' }]);
		expect(notice?.delivery).toMatchObject({ endpoint: 'orders', request_id: null, auth: null });
	});

	it('tries one event at a time, another one each time, after 1, 2, 4 … s up to maxDelay', async () => {
		const world = await pausedWorld({ maxDelayMs: 10_000 });
		const probes: Array<[number, string]> = [];
		let beforeMs = world.clock.elapsedMs();
		for (let waited = 0; waited < 40; waited++) {
			await world.clock.advance(1_000);
			for (const execution of world.started()) {
				expect(execution.indexes).toHaveLength(1);
				const { content } = execution;
				if (content.kind !== 'events') throw new Error('A dead letter is no probe');
				const nowMs = world.clock.elapsedMs();
				probes.push([nowMs - beforeMs, content.events[0]?.deduplicationKey as string]);
				beforeMs = nowMs;
				await execution.fail();
			}
		}
		expect(probes.map(([waitedMs]) => waitedMs)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
		expect(new Set(probes.map(([, key]) => key)).size).toBe(probes.length);
		expect(reasonsOf(world)).toEqual(['outage']);
	});

	it('that becomes certain while a probe is under way says so in its notice', async () => {
		const world = new World({ pauseAfterFailedEvents: 25, maxConcurrentExecutions: 3 });
		for (let batch = 0; batch < 3; batch++) world.offer({ events: 20 });
		await failAll(world);
		expect([world.queue.size.isPaused, reasonsOf(world)]).toEqual([true, []]);
		await world.clock.advance(1_000);
		const probe = await world.theStarted().begin();
		for (let event = 0; event < 2; event++) world.offer();
		await failAll(world);
		expect(reasonsOf(world)).toEqual([]);
		world.offer();
		await failAll(world);
		expect(lettersOf(world)[0]?.summary).toContain('One event is tried again and again, just now: when');
		await probe.succeed();
		expect(world.queue.size.isPaused).toBe(false);
	});

	it('is told with only one batch waiting, as soon as three of its events have failed alone, and costs no event', async () => {
		const world = new World({ pauseAfterFailedEvents: 25 });
		world.offer({ events: 100 });
		await failUntil(world, 10_000, () => true);
		expect(reasonsOf(world)).toEqual([]);
		await failUntil(world, MINUTE_MS, () => true);
		expect(reasonsOf(world)).toEqual(['outage']);
		await failUntil(world, 2 * MINUTE_MS, () => false);
		expect(reasonsOf(world)).toEqual(['outage', 'recovered']);
		expect(world.queue.size).toMatchObject({ waiting: 0, running: 0, isPaused: false });
	});

	it('is told when a single event is left to be tried, and fails each time', async () => {
		const world = new World({ pauseAfterFailedEvents: 5, maxRetries: 0, isolateFailures: false });
		for (const events of [2, 2, 1]) {
			world.offer({ events });
			await failAll(world);
		}
		expect([world.queue.size.isPaused, reasonsOf(world)]).toEqual([true, repeated('retries_exhausted', 4)]);
		await failUntil(world, 2_000, () => true);
		expect(reasonsOf(world)).not.toContain('outage');
		await failUntil(world, 2_000, () => true);
		expect(reasonsOf(world)).toContain('outage');
	});

	it.each([0, 1, 37, 50, 99])(
		'is none when one event of a batch is bad, at place %i, and nothing else comes',
		async (bad) => {
			const world = new World({ pauseAfterFailedEvents: 25 });
			world.offer({ events: 100 });
			await failUntil(world, 5 * MINUTE_MS, ({ indexes }) => indexes.includes(bad));
			expect(reasonsOf(world)).toEqual(['retries_exhausted']);
			expect(lettersOf(world)[0]?.summary).not.toContain('together with other events');
			expect(world.queue.figures).toMatchObject({ processed: 99, deadLettered: 1, waiting: 0 });
		},
	);

	it('holds what was called off before its first attempt', () => {
		const store = new MemoryStore(() => 'id', true);
		const held = heldRequest(noticeArrival({ id: 'r', nowMs: 0, endpoint: '' }));
		const event = { arrival: held.arrival, index: 0, deduplicationKey: null };
		const item = new Item(held, event, null);
		store.count(held, [item]);
		store.requeue(new Job('j', 'events', [item]));
		store.pause();
		expect(store.heldEvents()).toEqual([item]);
		store.resume();
		const [next] = store.take(groupingOf({ executionPer: 'event', maxEventsPerExecution: 1 }), 'everything')
			?.items as Item[];
		expect(next).toBe(item);
	});

	it('is over with the first event that goes well: all others go on, and none of its failures counts', async () => {
		const world = await pausedWorld();
		for (let probe = 0; probe < 5; probe++) {
			await world.clock.advance(MINUTE_MS);
			await failAll(world);
		}
		await world.clock.advance(MINUTE_MS);
		await world.theStarted().succeed();
		const again = world.started();
		expect(again[0]?.content).toMatchObject({ kind: 'events', lastError: { node: 'Save order' } });
		const { attempt, maxAttempts } = again[0]?.content as { attempt: number; maxAttempts: number };
		expect(maxAttempts - attempt).toBe(3);
		for (let rest = again; rest.length > 0; rest = world.started())
			for (const execution of rest) await execution.succeed();
		expect(reasonsOf(world)).toEqual(['outage', 'recovered']);
		expect(world.queue.size).toMatchObject({ waiting: 0, running: 0, isPaused: false });
	});

	it('ends as soon as a new event goes well', async () => {
		const world = await pausedWorld();
		world.offer();
		await world.theStarted().succeed();
		expect(world.queue.size.isPaused).toBe(false);
	});

	it('does not end by an execution that was started before it', async () => {
		const world = new World({ pauseAfterFailedEvents: 25, maxConcurrentExecutions: 2 });
		world.offer();
		const slow = await world.theStarted().begin();
		for (let event = 0; event < 30; event++) world.offer();
		await failAll(world);
		expect(world.queue.size.isPaused).toBe(true);
		await slow.end({ kind: 'processed' });
		expect(world.queue.size.isPaused).toBe(true);
	});

	it('is tried at once by a newly published version', async () => {
		const world = await pausedWorld();
		await world.clock.advance(20 * MINUTE_MS);
		await failAll(world);
		await world.queue.close();
		world.open({ pauseAfterFailedEvents: 25, maxConcurrentExecutions: 1 });
		await world.theStarted().succeed();
		expect(world.queue.size.isPaused).toBe(false);
	});

	it('ends when the breaker is turned off', async () => {
		const world = await pausedWorld();
		await world.queue.close();
		world.open({ pauseAfterFailedEvents: 0, maxConcurrentExecutions: 1 });
		expect(world.queue.size.isPaused).toBe(false);
		expect(world.started()).toHaveLength(1);
	});

	it('does not stop events from becoming too old', async () => {
		const world = await pausedWorld({ maxAgeMs: HOUR_MS });
		for (let minutes = 0; minutes < 63; minutes++) {
			await world.clock.advance(MINUTE_MS);
			await failAll(world);
		}
		expect(reasonsOf(world).filter((reason) => reason === 'expired')).toHaveLength(30);
		expect(world.queue.size).toMatchObject({ waiting: 0, running: 0 });
	});

	it('is none where failures are not worth a retry, or retry is off', async () => {
		const fatal = new World({ pauseAfterFailedEvents: 25, nonRetryableErrors: ['503'] });
		for (let event = 0; event < 40; event++) fatal.offer();
		await failAll(fatal);
		expect(reasonsOf(fatal)).toEqual(Array.from({ length: 40 }, () => 'non_retryable'));
		const off = new World({ pauseAfterFailedEvents: 25, retry: false });
		for (let event = 0; event < 40; event++) off.offer();
		await failAll(off);
		expect(reasonsOf(off)).toEqual(Array.from({ length: 40 }, () => 'retries_exhausted'));
	});

	it('is none while large executions fail by bad events, and single ones go well', async () => {
		const world = new World({ pauseAfterFailedEvents: 25, maxConcurrentExecutions: 1 });
		for (let batch = 0; batch < 5; batch++) world.offer({ events: 20 });
		for (let step = 0; step < 400; step++) {
			for (let started = world.started(); started.length > 0; started = world.started()) {
				for (const execution of started) {
					if (execution.indexes.includes(7)) await execution.fail();
					else await execution.succeed();
				}
			}
			await world.clock.advance(1_000);
		}
		expect(reasonsOf(world)).toEqual(Array.from({ length: 5 }, () => 'retries_exhausted'));
	});
});

describe('a clock that is set', () => {
	it('back an hour leaves no sender without an answer', async () => {
		const world = new World({ maxConcurrentExecutions: 1 });
		world.offer();
		const waiting = world.offer();
		world.clock.set(-HOUR_MS);
		await world.clock.advance(4_000);
		expect(await valueOf(waiting.kept)).toBe('withdrawn');
	});

	it.each([-HOUR_MS, HOUR_MS, 25 * HOUR_MS])('by %d ms changes no retry and no age', async (byMs) => {
		const world = new World({ maxRetries: 1 });
		world.offer();
		await world.theStarted().fail();
		world.clock.set(byMs);
		await world.clock.advance(999);
		expect(world.started()).toEqual([]);
		await world.clock.advance(1);
		expect(world.theStarted().attempt).toBe(2);
	});
});

describe('states', () => {
	it('are never left by a way that is not drawn', () => {
		for (const [state, next] of Object.entries(TRANSITIONS)) {
			for (const to of Object.keys(TRANSITIONS) as Array<keyof typeof TRANSITIONS>) {
				const one = { state: state as keyof typeof TRANSITIONS };
				if (to === state || next.includes(to)) {
					move(one, to);
					expect(one.state).toBe(to);
				} else expect(() => move(one, to)).toThrow(`from ${state} to ${to}`);
			}
		}
	});
});
