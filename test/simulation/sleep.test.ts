import type { StoredRow } from '../../nodes/shared/dataTables/table';
import { isQuick } from '../support/quick';
import { type EventPlan, type SimulatedProcess, World, send } from './journalWorld';
import { seeded } from './journalTime';

/** Executions that sleep in a Wait node, with `durable`: they are followed, also by other processes. */
jest.setTimeout(3_600_000);

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each n-th call of a story is disturbed. */
const EVERY = isQuick ? 17 : 2;

async function pass({ time }: World, milliseconds: number): Promise<void> {
	time.at(time.nowMs + milliseconds, () => undefined);
	await time.until(() => false, milliseconds);
}

async function led(world = new World(seeded(1))): Promise<{ world: World; leader: SimulatedProcess }> {
	const leader = world.process('leader', 60_000);
	leader.lead();
	await world.time.until(() => leader.journal?.queue !== null, MINUTE_MS);
	return { world, leader };
}

const sleeper = (id: string, sleepsMs: number, failures = 0): EventPlan => ({ id, failures, sleepsMs });
const rowsOf = ({ database: { journal, deadLetters } }: World): StoredRow[] => [
	...journal.all,
	...deadLetters.all,
];
const storyOf = (world: World, id: string) => world.stories.get(id);
const isDone = (world: World) => () =>
	world.open === 0 && [...world.stories.values()].every(({ answered }) => answered);

/** Lets a process take requests in, one after the other. */
async function receive(world: World, to: SimulatedProcess, ...requests: EventPlan[][]): Promise<void> {
	for (const plans of requests) void send(world, plans, () => to);
	await pass(world, SECOND_MS);
}

describe('an execution that sleeps', () => {
	it('is a row without an owner, holds no slot and no place, and costs nearly no calls', async () => {
		const { world, leader } = await led();
		const asleep = Array.from({ length: 20 }, (_, n) => [sleeper(`s${n}`, DAY_MS)]);
		await receive(world, leader, ...asleep);
		expect(rowsOf(world).map(({ state, owner, attempt }) => [state, owner, attempt])).toEqual(
			asleep.map(() => ['sleeping', '', 1]),
		);
		expect(leader.journal?.queue?.size).toMatchObject({ waiting: 0, running: 0 });
		expect(leader.journal?.queue?.figures).toMatchObject({ sleeping: 20, processed: 0 });
		await pass(world, 10 * MINUTE_MS);
		const before = world.database.calls;
		await pass(world, HOUR_MS);
		const executions = world.sleeping.size;
		const perExecution = (world.database.calls - before) / executions;
		// One look in five minutes, beside what a leader at rest does.
		expect(perExecution).toBeLessThanOrEqual(12 + (0.2 * HOUR_MS) / SECOND_MS / executions);
		await receive(world, leader, [{ id: 'other', failures: 0 }]);
		expect(storyOf(world, 'other')?.processed).toBe(1);
	});

	it('that ends well is processed soon after it woke, once, and counts only then', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('a', HOUR_MS), sleeper('b', HOUR_MS)]);
		await pass(world, HOUR_MS - 10 * SECOND_MS);
		expect(rowsOf(world)).toMatchObject([{ state: 'sleeping' }]);
		expect(leader.journal?.queue?.figures.processed).toBe(0);
		expect(await world.time.until(isDone(world), 30 * SECOND_MS)).toBe(true);
		await pass(world, SECOND_MS);
		expect(leader.journal?.queue?.figures).toMatchObject({ processed: 2, sleeping: 0, retried: 0 });
		expect([...world.stories.values()].map(({ runs }) => runs)).toEqual([1, 1]);
	});

	it('answers its sender when it falls asleep, with When Finished', async () => {
		const { world, leader } = await led(new World(seeded(1), { respond: 'onFinish' }));
		const taken = leader.journal?.queue?.offer(world.arrival([sleeper('a', HOUR_MS, 1)], leader.now()));
		let finish: unknown;
		if (taken !== undefined && 'finished' in taken) void taken.finished.then((end) => (finish = end));
		await pass(world, SECOND_MS);
		expect([finish, rowsOf(world).map(({ state }) => state)]).toEqual(['processed', ['sleeping']]);
	});

	it('does not hold up what comes after it, with Order By', async () => {
		const world = new World(seeded(1));
		world.orderBy = ['event_type'];
		const { leader } = await led(world);
		await pass(world, 5 * SECOND_MS);
		const orderKey = '=test';
		const offer = (plans: EventPlan[]): void => {
			const arrival = world.arrival(plans, leader.now());
			const events = arrival.events.map((event) => ({ ...event, orderKey }));
			leader.journal?.queue?.offer({ ...arrival, events });
		};
		offer([sleeper('a', HOUR_MS, 1)]);
		await pass(world, SECOND_MS);
		offer([{ id: 'b', failures: 0 }]);
		await pass(world, SECOND_MS);
		expect(storyOf(world, 'b')?.processed).toBe(1);
		await pass(world, 3 * HOUR_MS);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 2, processed: 1 });
	});

	it('is shown as processed for a while, with Keep Processed', async () => {
		const world = new World(seeded(1));
		world.keepProcessedMs = 10 * MINUTE_MS;
		const { leader } = await led(world);
		await receive(world, leader, [sleeper('a', 2 * MINUTE_MS)]);
		await pass(world, 3 * MINUTE_MS);
		expect(rowsOf(world)).toMatchObject([{ state: 'processed', owner: '', claim: '' }]);
		await pass(world, 15 * MINUTE_MS);
		expect(rowsOf(world)).toEqual([]);
	});

	it('that fails is retried like any other, and then dead-lettered with its history', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('twice', 2 * MINUTE_MS, 2)]);
		await receive(world, leader, [sleeper('ever', 2 * MINUTE_MS, 99)]);
		await pass(world, 30 * MINUTE_MS);
		expect(storyOf(world, 'twice')).toMatchObject({ runs: 3, processed: 1, deadLettered: 0 });
		expect(storyOf(world, 'ever')).toMatchObject({ runs: 3, processed: 0, deadLettered: 1 });
		expect(rowsOf(world)).toMatchObject([{ state: 'dead', attempt: 3, last_error: 'simulated' }]);
		const { deadLetter } = JSON.parse(String(rowsOf(world)[0]?.details)) as {
			deadLetter: { reason: string; attempts: { count: number; firstAt: string; history: object[] } };
		};
		expect(deadLetter.reason).toBe('retries_exhausted');
		expect(deadLetter.attempts).toMatchObject({ count: 3, firstAt: expect.any(String) });
		expect(deadLetter.attempts.history).toHaveLength(3);
		expect(world.attemptsRunTwice).toEqual([]);
		expect(world.logged).toEqual([]);
	});

	it('is as old as when it woke: a sleep longer than Max Age leaves it all its retries', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('a', 2 * world.settings.maxAgeMs, 2)]);
		await pass(world, 10 * world.settings.maxAgeMs);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 3, processed: 1, deadLettered: 0 });
	});

	it('of many events: the ones that fail after it are found, and the others are processed', async () => {
		const { world, leader } = await led();
		const plans = Array.from({ length: 10 }, (_, n) => sleeper(`e${n}`, MINUTE_MS, n === 3 ? Infinity : 0));
		await receive(world, leader, plans);
		await world.time.until(isDone(world), DAY_MS);
		for (const { plan, processed, deadLettered } of world.stories.values()) {
			expect([plan.id, processed > 0, deadLettered]).toEqual([
				plan.id,
				plan.failures === 0,
				plan.failures === 0 ? 0 : 1,
			]);
		}
		expect(rowsOf(world)).toMatchObject([{ state: 'dead' }]);
		expect(world.attemptsRunTwice).toEqual([]);
	});

	it('is known: a repeat is not run, neither while it sleeps, nor in its retries, nor after it', async () => {
		const { world, leader } = await led();
		const repeat = async (): Promise<number | undefined> => {
			await receive(world, leader, [sleeper('a', 2 * HOUR_MS, 1)]);
			return storyOf(world, 'a')?.runs;
		};
		await repeat();
		await pass(world, HOUR_MS);
		expect(await repeat()).toBe(1);
		leader.kill();
		const second = world.process('second', -60_000);
		second.lead();
		await pass(world, MINUTE_MS);
		await receive(world, second, [sleeper('a', 2 * HOUR_MS, 1)]);
		expect(storyOf(world, 'a')?.runs).toBe(1);
		await world.time.until(isDone(world), DAY_MS);
		expect(storyOf(world, 'a')?.runs).toBe(2);
		await receive(world, second, [sleeper('a', 2 * HOUR_MS, 1)]);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 2, processed: 1 });
	});

	it('that became a dead letter may come again', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('a', MINUTE_MS, 3)]);
		await world.time.until(isDone(world), DAY_MS);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 3, deadLettered: 1 });
		await receive(world, leader, [sleeper('a', MINUTE_MS, 3)]);
		await world.time.until(isDone(world), DAY_MS);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 4, processed: 1 });
	});

	it('is followed by the next process, after a kill or a stop', async () => {
		for (const how of ['kill', 'stop'] as const) {
			const { world, leader } = await led();
			await receive(world, leader, [sleeper('well', HOUR_MS)], [sleeper('fails', HOUR_MS, 1)]);
			if (how === 'kill') leader.kill();
			else {
				void leader.journal?.close();
				await pass(world, MINUTE_MS);
				expect(rowsOf(world)).toMatchObject([
					{ state: 'sleeping', owner: '' },
					{ state: 'sleeping', owner: '' },
				]);
			}
			// It wakes while nobody is there.
			await pass(world, 2 * HOUR_MS);
			expect(rowsOf(world)).toHaveLength(2);
			world.process('second', -60_000).lead();
			expect(await world.time.until(isDone(world), DAY_MS)).toBe(true);
			expect([...world.stories.values()].map(({ processed }) => processed)).toEqual([1, 1]);
			expect(world.attemptsRunTwice).toEqual([]);
		}
	});

	it('that falls asleep in a process that is being stopped is found by the one that delivers', async () => {
		const { world, leader } = await led();
		world.durationMs = () => 30 * SECOND_MS;
		await receive(world, leader, [sleeper('a', HOUR_MS, 1)]);
		void leader.journal?.close();
		world.process('second', -60_000).lead();
		await pass(world, 2 * MINUTE_MS);
		expect(rowsOf(world)).toMatchObject([{ state: 'sleeping' }]);
		expect(await world.time.until(isDone(world), DAY_MS)).toBe(true);
		expect(storyOf(world, 'a')).toMatchObject({ runs: 2, processed: 1 });
	});
});

describe('an execution that can not be followed', () => {
	it('counts as processed when the key may not read executions, and that is said once', async () => {
		const { world, leader } = await led();
		world.mayReadExecutions = false;
		await receive(world, leader, [sleeper('a', HOUR_MS, 1)]);
		expect(await world.time.until(isDone(world), MINUTE_MS)).toBe(true);
		// From now on it is known, and not asked for each of them.
		const looks = world.looks;
		await receive(world, leader, [sleeper('b', HOUR_MS, 1)], [sleeper('c', HOUR_MS, 1)]);
		expect(await world.time.until(isDone(world), SECOND_MS)).toBe(true);
		expect(world.looks).toBe(looks);
		await pass(world, 30 * MINUTE_MS);
		await receive(world, leader, [sleeper('d', HOUR_MS, 1)]);
		expect(await world.time.until(isDone(world), MINUTE_MS)).toBe(true);
		await pass(world, 2 * HOUR_MS);
		expect([...world.stories.values()].map(({ runs }) => runs)).toEqual([1, 1, 1, 1]);
		expect(world.logged).toEqual([expect.stringContaining('execution:read')]);
		// Another key.
		world.mayReadExecutions = true;
		await receive(world, leader, [sleeper('e', HOUR_MS, 1)]);
		await pass(world, 3 * HOUR_MS);
		expect(storyOf(world, 'e')).toMatchObject({ runs: 2, processed: 1 });
	});

	it('counts as processed when n8n does not know it any more, and the log names it', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('a', HOUR_MS, 1)]);
		world.sleeping.clear();
		expect(await world.time.until(isDone(world), 10 * MINUTE_MS)).toBe(true);
		expect(world.logged).toEqual([expect.stringMatching(/^Execution 1 slept .* count as processed\.$/)]);
		await receive(world, leader, [sleeper('a', HOUR_MS, 1)]);
		expect(storyOf(world, 'a')?.runs).toBe(1);
	});
});

describe('rows that somebody edited', () => {
	const edited = async (cells: object): Promise<World> => {
		const { world, leader } = await led(new World(seeded(1), { maxAgeMs: DAY_MS }));
		await receive(world, leader, [sleeper('a', HOUR_MS)]);
		const { journal } = world.database;
		journal.all = journal.all.map((row) => ({ ...row, ...cells }));
		await pass(world, 15 * MINUTE_MS);
		return world;
	};

	it('redrive: it goes on with its next attempt, and the execution that sleeps is forgotten', async () => {
		const world = await edited({ state: 'redrive' });
		expect(storyOf(world, 'a')?.runs).toBe(2);
		expect(rowsOf(world)).toMatchObject([{ state: 'sleeping', attempt: 2, claim: 'execution 2' }]);
		await pass(world, 2 * HOUR_MS);
		expect(rowsOf(world)).toEqual([]);
		expect(storyOf(world, 'a')?.runs).toBe(2);
	});

	it('a claim that names no execution: it goes on with its next attempt, and the log says so', async () => {
		const world = await edited({ claim: 'mine' });
		expect(storyOf(world, 'a')?.runs).toBe(2);
		expect(world.logged).toEqual([expect.stringContaining('does not say in which execution')]);
	});

	it('a state in other letters is still a state', async () => {
		const world = await edited({ state: ' Sleeping' });
		expect(storyOf(world, 'a')?.runs).toBe(2);
	});

	it('a deleted row is forgotten', async () => {
		const { world, leader } = await led();
		await receive(world, leader, [sleeper('a', HOUR_MS, 1)]);
		world.database.journal.all = [];
		await pass(world, 15 * MINUTE_MS);
		expect(leader.journal?.queue?.figures.sleeping).toBe(0);
		await pass(world, 2 * HOUR_MS);
		expect(storyOf(world, 'a')?.runs).toBe(1);
	});
});

describe('whatever happens to the process', () => {
	const traffic = (): EventPlan[][] => [
		[sleeper('a', 90 * SECOND_MS)],
		[sleeper('b', 90 * SECOND_MS, 1)],
		[sleeper('c', 70 * SECOND_MS, Infinity)],
		[sleeper('d', 80 * SECOND_MS), { id: 'e', failures: 0 }, sleeper('f', 80 * SECOND_MS, 1)],
	];

	async function story(disturb: (world: World, first: SimulatedProcess) => void): Promise<World> {
		const world = new World(seeded(1));
		const first = world.process('first', 60_000);
		disturb(world, first);
		first.lead();
		let current = first;
		for (const plans of traffic()) void send(world, plans, () => current);
		await world.time.until(() => !first.isAlive || isDone(world)(), DAY_MS);
		if (!first.isAlive) {
			current = world.process('second', -60_000);
			current.lead();
		}
		expect(await world.time.until(isDone(world), DAY_MS)).toBe(true);
		expect(world.lost).toEqual([]);
		expect(world.attemptsRunTwice).toEqual([]);
		for (const { plan, processed, deadLettered, unexplained } of world.stories.values()) {
			expect([plan.id, unexplained]).toEqual([plan.id, 0]);
			if (plan.failures === Infinity) expect([processed, deadLettered > 0]).toEqual([0, true]);
			else expect(processed + deadLettered).toBeGreaterThan(0);
		}
		return world;
	}

	it('nothing is lost, whichever of its calls is its last one', async () => {
		const { calls } = (await story(() => undefined)).database;
		for (const effect of ['none', 'before'] as const) {
			for (let last = 0; last < calls; last += EVERY) {
				await story(({ database }, first) => {
					database.faultOf = (call) => {
						if (call !== last) return 'none';
						first.kill();
						return effect;
					};
				});
			}
		}
	});

	it('nothing is lost, whichever of its calls fails, before or after it took effect', async () => {
		const { calls } = (await story(() => undefined)).database;
		for (const fault of ['before', 'after'] as const) {
			for (let failing = 0; failing < calls; failing += EVERY) {
				await story(({ database }, first) => {
					first.wasTroubled = true;
					database.faultOf = (call) => (call === failing ? fault : 'none');
				});
			}
		}
	});
});
