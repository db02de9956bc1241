import type { Taken } from '../../../../nodes/GameInsightsWebhook/queue/pendingReply';
import { World, type StartedExecution, valueOf } from './fakeEngine';

/** Number of the request and place in it, of each event of an execution. */
const namesOf = ({ content }: StartedExecution): string[] =>
	content.kind === 'events'
		? content.events.map(({ arrival, index }) => `${arrival.requestId.replace('request-', '')}.${index}`)
		: [];
const startedIn = (world: World): string[][] => world.started().map(namesOf);
const offer = (world: World, ...order: string[]): Taken => world.offer({ order });

describe('events with the same value of orderBy', () => {
	it('run one after the other, while other values and events without one go on', async () => {
		const world = new World();
		for (const value of ['a', 'a', 'b', '', 'a', '']) offer(world, value);
		const [first, ...others] = world.started();
		expect([first, ...others].map((one) => namesOf(one as StartedExecution))).toEqual([
			['1.0'],
			['3.0'],
			['4.0'],
			['6.0'],
		]);
		await first?.succeed();
		const second = world.theStarted();
		expect(namesOf(second)).toEqual(['2.0']);
		await second.succeed();
		expect(startedIn(world)).toEqual([['5.0']]);
	});

	it('of one request share an execution, as they came', async () => {
		const world = new World();
		offer(world, 'a', 'b', 'a', '', 'a');
		expect(startedIn(world)).toEqual([['1.0', '1.1', '1.2', '1.3', '1.4']]);
	});

	it('that come while another one runs wait together, and the others of their request do not', async () => {
		const world = new World();
		offer(world, 'a');
		const first = world.theStarted();
		offer(world, 'a', 'b', 'a');
		expect(startedIn(world)).toEqual([['2.1']]);
		await first.succeed();
		expect(startedIn(world)).toEqual([['2.0', '2.2']]);
	});

	it('each have an execution, where each event has one', async () => {
		const world = new World({ executionPer: 'event' });
		offer(world, 'a', 'a', 'b');
		const [a, b] = world.started();
		expect([a, b].map((one) => namesOf(one as StartedExecution))).toEqual([['1.0'], ['1.2']]);
		await b?.succeed();
		expect(startedIn(world)).toEqual([]);
		await a?.succeed();
		expect(startedIn(world)).toEqual([['1.1']]);
	});

	it('go along in one group, and leave a turn to the others before their next one', async () => {
		const world = new World({ executionPer: 'group', maxEventsPerExecution: 4, maxConcurrentExecutions: 1 });
		offer(world, 'a');
		const first = world.theStarted();
		for (const value of ['hot', 'hot', 'b', 'hot', 'hot', 'hot', 'c']) offer(world, value);
		await first.succeed();
		const second = world.theStarted();
		expect(namesOf(second)).toEqual(['2.0', '3.0', '5.0', '6.0']);
		await second.succeed();
		const third = world.theStarted();
		expect(namesOf(third)).toEqual(['4.0', '7.0', '8.0']);
	});

	it('wait until the one before them has used up its retries and is given up', async () => {
		const world = new World({ maxRetries: 1 });
		offer(world, 'a');
		offer(world, 'a');
		await world.theStarted().fail();
		expect(startedIn(world)).toEqual([]);
		await world.clock.advance(1_000);
		const retry = world.theStarted();
		expect(namesOf(retry)).toEqual(['1.0']);
		await retry.fail();
		const [next, letter] = world.started();
		expect([next?.content.kind, letter?.content.kind].sort()).toEqual(['deadLetters', 'events']);
		expect([next, letter].flatMap((one) => namesOf(one as StartedExecution))).toEqual(['2.0']);
	});

	it('stay in order while an execution is taken apart: a bad one is given up before the next', async () => {
		const world = new World({ maxRetries: 0, acceptTimeoutMs: 3_600_000 });
		offer(world, 'a', 'a', 'a', 'a');
		offer(world, 'a');
		const order: string[] = [];
		for (let started = world.started(); started.length > 0; started = world.started()) {
			for (const execution of started) {
				const names = namesOf(execution);
				if (names.length === 0) order.push('dead letter');
				else order.push(names.join(' '));
				if (names.includes('1.1')) await execution.fail();
				else await execution.succeed();
			}
			await world.clock.advance(60_000);
		}
		expect(order.filter((one) => one !== 'dead letter')).toEqual([
			'1.0 1.1 1.2 1.3',
			'1.0 1.1',
			'1.0',
			'1.1',
			'1.2 1.3',
			'2.0',
		]);
	});

	it('are tried in an outage as they came: the first of each value, another one each time', async () => {
		const world = new World({ pauseAfterFailedEvents: 3, executionPer: 'event', maxConcurrentExecutions: 3 });
		offer(world, 'a', 'a', 'b', 'b', 'c');
		for (const execution of world.started()) await execution.fail();
		expect(world.queue.size.isPaused).toBe(true);
		const probes: string[] = [];
		for (let probe = 0; probe < 4; probe++) {
			await world.clock.advance(60_000);
			for (const execution of world.started()) {
				probes.push(...namesOf(execution));
				await execution.fail();
			}
		}
		expect([...new Set(probes)]).toEqual(['1.0', '1.2', '1.4']);
		await world.clock.advance(60_000);
		const [probe] = world.started();
		await probe?.succeed();
		const after = world.started().flatMap(namesOf);
		expect(after).not.toContain('1.1');
		expect(world.queue.size.isPaused).toBe(false);
	});

	it('go on when the one before them is taken back by its sender', async () => {
		const world = new World({ maxConcurrentExecutions: 1, acceptTimeoutMs: 4_000 });
		offer(world, '');
		const busy = world.theStarted();
		const withdrawn = offer(world, 'a');
		await world.clock.advance(3_000);
		offer(world, 'a');
		await world.clock.advance(1_000);
		expect(await valueOf(withdrawn.kept)).toBe('withdrawn');
		await busy.succeed();
		expect(startedIn(world)).toEqual([['3.0']]);
	});

	it('leave half of the room to the others', async () => {
		const world = new World({ maxPendingEvents: 10 });
		offer(world, 'hot');
		offer(world, 'hot', 'hot', 'hot', 'hot');
		expect(world.refusal({ order: ['hot'] }).retryAfterSeconds).toBeGreaterThan(0);
		offer(world, 'b', 'b', 'b');
		await world.started()[0]?.succeed();
		offer(world, 'hot');
	});

	it('count among those that wait, although slots are free', () => {
		const world = new World({ maxPendingEvents: 6 });
		for (const value of ['a', 'b', 'c']) {
			offer(world, value);
			offer(world, value, value);
		}
		offer(world, 'd');
		expect(world.queue.size.waiting).toBe(6);
		world.refusal({ order: ['d'] });
		offer(world, 'e');
	});
});
