import { settle } from '../../../support/virtualClock';
import { DEFAULTS, valueOf, World } from './fakeEngine';

const MEBIBYTE = 1024 * 1024;

describe('a request that is taken', () => {
	it('starts its execution at once when a slot is free', () => {
		const world = new World();
		world.offer({ events: 3 });
		expect(world.theStarted().content).toMatchObject({
			kind: 'events',
			attempt: 1,
			maxAttempts: 4,
			lastError: null,
		});
		expect(world.clock.sleeping).toBe(1);
	});

	it('is kept once its execution has begun, not before', async () => {
		const world = new World();
		const taken = world.offer();
		expect(await valueOf(taken.kept)).toBeUndefined();
		await world.theStarted().begin();
		expect(await valueOf(taken.kept)).toBe('kept');
		expect(await valueOf(taken.finished)).toBe('pending');
	});

	it('is kept only when all executions that carry a part of it have begun', async () => {
		const world = new World({ executionPer: 'group', maxEventsPerExecution: 2 });
		const taken = world.offer({ events: 3, deadLetters: 1 });
		const kinds: string[] = [];
		for (let started = world.started(); started.length > 0; started = world.started()) {
			for (const execution of started) {
				kinds.push(execution.content.kind);
				expect(await valueOf(taken.kept)).toBeUndefined();
				await execution.begin();
			}
		}
		expect(kinds).toEqual(['events', 'events', 'deadLetters']);
		expect(await valueOf(taken.kept)).toBe('kept');
	});

	it.each(['processed', 'failed'] as const)(
		'is kept when n8n knows its execution %s, even if nobody heard it begin',
		async (kind) => {
			const world = new World();
			const taken = world.offer();
			const failure = { executionId: null, message: 'no', node: null };
			await world.theStarted().end(kind === 'processed' ? { kind } : { kind, failure });
			expect(await valueOf(taken.kept)).toBe('kept');
		},
	);

	it('with nothing in it is kept at once', async () => {
		const world = new World();
		const taken = world.offer({ events: 0 });
		expect(await valueOf(taken.kept)).toBe('kept');
		expect(await valueOf(taken.finished)).toBe('processed');
		expect(world.queue.size.requests).toBe(0);
	});

	it('leaves nothing behind once it is processed, but the key', async () => {
		const world = new World();
		world.offer({ keys: ['a'], deadLetters: 1 });
		for (const execution of world.started()) await execution.succeed();
		await world.clock.advance(60_000);
		expect(world.queue.size).toEqual({
			waiting: 0,
			running: 0,
			heldBytes: 0,
			requests: 0,
			keys: 1,
			sleeps: 0,
			isPaused: false,
		});
	});
});

describe('a request whose executions do not begin in time', () => {
	it('is withdrawn while it waits for a slot, and never runs', async () => {
		const world = new World({ maxConcurrentExecutions: 1 });
		world.offer();
		const running = await world.theStarted().begin();
		const taken = world.offer();
		await world.clock.advance(3_999);
		expect(await valueOf(taken.kept)).toBeUndefined();
		await world.clock.advance(1);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
		expect(await valueOf(taken.finished)).toBe('withdrawn');
		await running.succeed();
		expect(world.started()).toEqual([]);
		expect(world.queue.size).toMatchObject({ waiting: 0, heldBytes: 0 });
	});

	it.each([
		['20 s where its sender does not say how long it waits', null, undefined, 20_000],
		['a second less than its sender waits', null, 10_000, 9_000],
		['no time where its sender waits for a second alone', null, 1_000, 0],
		['no time where its sender waits for less than that', null, 500, 0],
		['what the settings say, for a sender that waits for less', 15_000, 3_000, 15_000],
		['what the settings say, for a sender that waits for longer', 500, 10_000, 500],
	])('is given %s', async (_, acceptTimeoutMs, senderWaitsMs, expectedMs) => {
		const world = new World({ maxConcurrentExecutions: 1, acceptTimeoutMs });
		world.offer();
		await world.theStarted().begin();
		const { kept } = world.offer(senderWaitsMs === undefined ? {} : { senderWaitsMs });
		if (expectedMs > 0) {
			await world.clock.advance(expectedMs - 1);
			expect(await valueOf(kept)).toBeUndefined();
			await world.clock.advance(1);
		} else await world.clock.advance(0);
		expect(await valueOf(kept)).toBe('withdrawn');
	});

	it('is skipped by execute() when it begins too late in this process', async () => {
		const world = new World();
		const taken = world.offer({ keys: ['a'] });
		const execution = world.theStarted();
		expect(world.queue.isWithdrawn(execution.content.id)).toBe(false);
		await world.clock.advance(4_000);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
		expect(world.queue.isWithdrawn(execution.content.id)).toBe(true);
		expect(world.queue.isWithdrawn(execution.content.id)).toBe(true);
		await execution.end({ kind: 'processed' });
		await world.clock.advance(60_000);
		expect(world.started()).toEqual([]);
		expect(world.queue.size).toMatchObject({ waiting: 0, running: 0, heldBytes: 0, keys: 0 });
	});

	it('is run as a new event if it comes again after execute() skipped it, and before n8n said so', async () => {
		const world = new World();
		world.offer({ keys: ['a'] });
		const skipped = world.theStarted();
		await world.clock.advance(4_000);
		world.queue.isWithdrawn(skipped.content.id);
		const again = world.offer({ keys: ['a'] });
		expect(again).toMatchObject({ accepted: 1, duplicates: 0 });
		await skipped.end({ kind: 'processed' });
		expect(await valueOf(again.kept)).toBeUndefined();
		await world.theStarted().succeed();
		expect(await valueOf(again.kept)).toBe('kept');
	});

	it('is taken over by the queue when a worker runs it after all', async () => {
		const world = new World();
		const taken = world.offer();
		const execution = world.theStarted();
		await world.clock.advance(4_000);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
		await execution.fail();
		await world.clock.advance(1_000);
		expect(world.theStarted().attempt).toBe(2);
	});

	it('is wanted again when the sender repeats it, and its one execution serves the repeat', async () => {
		const world = new World();
		world.offer({ keys: ['a'] });
		const execution = world.theStarted();
		await world.clock.advance(4_000);
		const repeat = world.offer({ keys: ['a'] });
		expect(repeat).toMatchObject({ accepted: 0, duplicates: 1 });
		expect(world.queue.isWithdrawn(execution.content.id)).toBe(false);
		expect(await valueOf(repeat.kept)).toBeUndefined();
		await execution.begin();
		expect(await valueOf(repeat.kept)).toBe('kept');
		expect(world.started()).toEqual([]);
	});

	it('is not skipped while another request of the same execution still waits', async () => {
		const world = new World({ maxConcurrentExecutions: 1, executionPer: 'group' });
		world.offer();
		const first = world.theStarted();
		world.offer();
		await world.clock.advance(2_000);
		const later = world.offer();
		await first.succeed();
		const group = world.theStarted();
		expect(group.indexes).toHaveLength(2);
		await world.clock.advance(2_000);
		expect(world.queue.isWithdrawn(group.content.id)).toBe(false);
		await group.begin();
		expect(await valueOf(later.kept)).toBe('kept');
	});

	it('is forgotten when the end of an execution that never began stays unknown', async () => {
		const world = new World();
		world.offer({ keys: ['a'] });
		await world.clock.advance(4_000);
		await world.theStarted().vanish();
		await world.clock.advance(60_000);
		expect(world.started()).toEqual([]);
		expect(world.queue.size).toMatchObject({ waiting: 0, keys: 0, heldBytes: 0 });
	});

	it('is withdrawn while it waits to retry an execution that never began', async () => {
		const world = new World();
		const taken = world.offer();
		await world.theStarted().vanish();
		await world.clock.advance(1_000);
		await world.theStarted().vanish();
		await world.clock.advance(2_000);
		await world.theStarted().vanish();
		await world.clock.advance(1_000);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
		expect(world.queue.size.waiting).toBe(0);
		await world.clock.advance(60_000);
		expect(world.started()).toEqual([]);
	});

	it('waits on for up to 25 s when a part of it has begun', async () => {
		const world = new World({ maxConcurrentExecutions: 1, executionPer: 'event' });
		const taken = world.offer({ events: 2 });
		const first = await world.theStarted().begin();
		await world.clock.advance(24_999);
		expect(await valueOf(taken.kept)).toBeUndefined();
		await first.succeed();
		await world.theStarted().begin();
		expect(await valueOf(taken.kept)).toBe('kept');
	});

	it('is withdrawn after 25 s even when a part has begun; that part is carried through', async () => {
		const world = new World({ maxConcurrentExecutions: 1, executionPer: 'event' });
		const taken = world.offer({ keys: ['a', 'b'] });
		const first = await world.theStarted().begin();
		await world.clock.advance(25_000);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
		await first.fail();
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 0, duplicates: 1 });
		await world.clock.advance(1_000);
		expect(world.theStarted()).toMatchObject({ indexes: [0], attempt: 2 });
	});
});

describe('a failed execution', () => {
	it('runs again with the same events after growing delays, and is given up after the last retry', async () => {
		const world = new World();
		world.offer({ events: 1 });
		const startedAtMs = world.clock.now();
		const delays: number[] = [];
		for (let attempt = 1; attempt <= 4; attempt++) {
			const execution = world.theStarted();
			expect(execution.attempt).toBe(attempt);
			delays.push(execution.atMs - startedAtMs);
			await execution.fail(`failure ${attempt}`);
			if (attempt < 4) await world.clock.advance(1_000 * 2 ** (attempt - 1));
		}
		expect(delays).toEqual([0, 1_000, 3_000, 7_000]);
		const [letter] = world.theStarted().deadLetters;
		expect(letter).toMatchObject({
			eventText: '{"event_type":"purchase","event_id":"e-0","n":0}',
			reason: 'retries_exhausted',
			stage: 'deliver',
			attempts: { count: 4, max: 4 },
			delivery: { id: 'request-1.0', attempt: 4, max_attempts: 4, last_error: { message: 'failure 4' } },
		});
		expect(letter?.attempts.history.map(({ message }) => message)).toEqual([
			'failure 1',
			'failure 2',
			'failure 3',
			'failure 4',
		]);
		expect(letter?.attempts.firstAt).toBe(new Date(startedAtMs).toISOString());
		expect(letter?.attempts.lastAt).toBe(new Date(startedAtMs + 7_000).toISOString());
	});

	it('tells the next attempt what went wrong', async () => {
		const world = new World();
		world.offer();
		await world.theStarted().fail('Connection refused', 'Save order');
		await world.clock.advance(1_000);
		expect(world.theStarted().content).toMatchObject({
			attempt: 2,
			lastError: { message: 'Connection refused', node: 'Save order', executionId: '7' },
		});
	});

	it('is not run a millisecond early', async () => {
		const world = new World();
		world.offer();
		await world.theStarted().fail();
		await world.clock.advance(999);
		expect(world.started()).toEqual([]);
		await world.clock.advance(1);
		expect(world.started()).toHaveLength(1);
	});

	it('of unknown outcome is retried, and dead-lettered as such', async () => {
		const world = new World({ maxRetries: 1 });
		world.offer();
		await (await world.theStarted().begin()).vanish();
		await world.clock.advance(1_000);
		await (await world.theStarted().begin()).vanish();
		expect(world.theStarted().deadLetters).toMatchObject([{ reason: 'outcome_unknown' }]);
	});

	it('is dead-lettered at once when its message contains a non-retryable text', async () => {
		const world = new World({ nonRetryableErrors: ['invalid currency'] });
		world.offer();
		await world.theStarted().fail('The order has an invalid currency');
		expect(world.theStarted().deadLetters).toMatchObject([
			{ reason: 'non_retryable', attempts: { count: 1 } },
		]);
	});

	it('is not tried again once its events are too old; younger ones go on', async () => {
		const world = new World({ executionPer: 'group', maxConcurrentExecutions: 1, maxAgeMs: 10_000 });
		world.offer();
		const blocking = world.theStarted();
		world.offer({ events: 1, receivedAtMs: world.clock.now() - 9_500 });
		world.offer({ events: 2 });
		await blocking.succeed();
		await world.theStarted().fail();
		await world.clock.advance(1_000);
		const young = world.theStarted();
		expect(young.indexes).toEqual([0, 1]);
		await young.succeed();
		expect(world.theStarted().deadLetters).toMatchObject([{ reason: 'expired', attempts: { count: 1 } }]);
	});

	it('takes none of the others along: the events of an execution are taken apart', async () => {
		const world = new World({ maxRetries: 0 });
		world.offer({ events: 4 });
		await world.theStarted().fail();
		const processed: number[] = [];
		const dead: number[] = [];
		const queue = world.started();
		for (let execution = queue.shift(); execution !== undefined; execution = queue.shift()) {
			// A part waits a little after one that failed.
			for (const letter of execution.deadLetters) dead.push(letter.delivery.batch.index as number);
			if (execution.indexes.includes(2)) await execution.fail();
			else {
				processed.push(...execution.indexes);
				await execution.succeed();
			}
			await world.clock.advance(60_000);
			queue.push(...world.started());
		}
		expect(processed.sort()).toEqual([0, 1, 3]);
		expect(dead).toEqual([2]);
	});

	it('goes to Dead Letter as a whole when that is turned off', async () => {
		const world = new World({ maxRetries: 0, isolateFailures: false });
		world.offer({ events: 3 });
		await world.theStarted().fail();
		expect(world.theStarted().deadLetters).toHaveLength(3);
	});
});

describe('with retry off', () => {
	it('a failure goes to Dead Letter after its one attempt, and nothing is run again', async () => {
		const world = new World({ retry: false });
		world.offer({ events: 3 });
		await world.theStarted().fail();
		const letters = world.theStarted().deadLetters;
		expect(letters.map(({ reason, attempts }) => [reason, attempts.count, attempts.max])).toEqual([
			['retries_exhausted', 1, 1],
			['retries_exhausted', 1, 1],
			['retries_exhausted', 1, 1],
		]);
		expect(letters[0]?.summary).toContain('retry is off');
	});

	it('a failure goes back to the sender who waits for the end, who may send it again', async () => {
		const world = new World({ retry: false, respond: 'onFinish' });
		const taken = world.offer({ keys: ['a'] });
		await world.theStarted().fail();
		expect(await valueOf(taken.kept)).toBe('kept');
		expect(await valueOf(taken.finished)).toBe('failed');
		expect(world.started()).toEqual([]);
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 1, duplicates: 0 });
	});

	it('a failure goes to Dead Letter when the sender was told "accepted" after 25 s', async () => {
		const world = new World({ retry: false, respond: 'onFinish' });
		const taken = world.offer();
		const execution = await world.theStarted().begin();
		await world.clock.advance(25_000);
		expect(await valueOf(taken.finished)).toBe('pending');
		await execution.fail();
		expect(world.theStarted().deadLetters).toHaveLength(1);
	});

	it('a failure goes to Dead Letter when a repeat was told "accepted" after the setting was changed', async () => {
		const world = new World({ retry: false, respond: 'onFinish' });
		world.offer({ keys: ['a'] });
		const execution = await world.theStarted().begin();
		world.open({ retry: false, respond: 'onAccept' });
		expect(await valueOf(world.offer({ keys: ['a'] }).finished)).toBe('pending');
		await execution.fail();
		expect(world.theStarted().deadLetters).toHaveLength(1);
	});
});

describe('with respond onFinish', () => {
	it.each([
		['processed', 'succeed'],
		['dead_lettered', 'fail'],
	] as const)('tells %s', async (finish, step) => {
		const world = new World({ respond: 'onFinish', maxRetries: 0 });
		const taken = world.offer();
		await world.theStarted()[step]();
		if (step === 'fail') {
			expect(await valueOf(taken.finished)).toBeUndefined();
			await world.theStarted().succeed();
		}
		expect(await valueOf(taken.finished)).toBe(finish);
	});

	it('tells failed when the execution of a dead letter fails itself', async () => {
		const world = new World({ respond: 'onFinish' });
		const taken = world.offer({ deadLetters: 1 });
		await world.theStarted().fail();
		expect(await valueOf(taken.finished)).toBe('failed');
	});

	it('lets a repeat of a running event wait for the same end', async () => {
		const world = new World({ respond: 'onFinish' });
		world.offer({ keys: ['a'] });
		const execution = await world.theStarted().begin();
		const repeat = world.offer({ keys: ['a'] });
		expect(await valueOf(repeat.kept)).toBe('kept');
		expect(await valueOf(repeat.finished)).toBeUndefined();
		await execution.succeed();
		expect(await valueOf(repeat.finished)).toBe('processed');
	});
});

describe('dead letters', () => {
	it('never share an execution with events, and go several together', async () => {
		const world = new World({ executionPer: 'group', maxConcurrentExecutions: 1 });
		world.offer();
		const blocking = world.theStarted();
		world.offer({ events: 2, deadLetters: 1 });
		world.offer({ events: 1, deadLetters: 2 });
		await blocking.succeed();
		const events = world.theStarted();
		expect(events.indexes).toEqual([0, 1, 0]);
		await events.succeed();
		expect(world.theStarted().deadLetters).toHaveLength(3);
	});

	it('whose execution began are never run again, whatever became of it', async () => {
		const world = new World();
		world.offer({ deadLetters: 1 });
		await (await world.theStarted().begin()).vanish();
		world.offer({ deadLetters: 1 });
		await world.theStarted().fail();
		await world.clock.advance(600_000);
		expect(world.started()).toEqual([]);
		expect(world.queue.size).toMatchObject({ waiting: 0, heldBytes: 0 });
	});

	it('whose execution never began are tried again, and then told in the log', async () => {
		const world = new World({ maxRetries: 2, acceptTimeoutMs: 60_000 });
		const taken = world.offer({ deadLetters: 1 });
		for (const delayMs of [1_000, 2_000, 4_000]) {
			await world.theStarted().vanish();
			await world.clock.advance(delayMs);
		}
		expect(world.started()).toEqual([]);
		expect(world.errors).toEqual([expect.stringContaining('Event 0 of request-1 has no type.')]);
		expect(await valueOf(taken.kept)).toBe('withdrawn');
	});

	it('that begin after all while they wait to be tried again are not run again', async () => {
		const world = new World();
		world.offer({ deadLetters: 1 });
		const execution = world.theStarted();
		await execution.vanish();
		await execution.begin();
		await world.clock.advance(60_000);
		expect(world.started()).toEqual([]);
		expect(world.queue.size.waiting).toBe(0);
	});
});

describe('slots and groups', () => {
	it('are never more than maxConcurrentExecutions', async () => {
		const world = new World({ maxConcurrentExecutions: 2 });
		for (let request = 0; request < 5; request++) world.offer();
		const [first, second, ...more] = world.started();
		expect(more).toEqual([]);
		await first?.succeed();
		expect(world.started()).toHaveLength(1);
		await second?.fail();
		expect(world.started()).toHaveLength(1);
	});

	it('request: all events of a request go together, however many', () => {
		const world = new World({ executionPer: 'request', maxEventsPerExecution: 2 });
		world.offer({ events: 5 });
		expect(world.theStarted().indexes).toEqual([0, 1, 2, 3, 4]);
	});

	it('event: each goes alone', () => {
		const world = new World({ executionPer: 'event' });
		world.offer({ events: 3 });
		expect(world.started().map(({ indexes }) => indexes)).toEqual([[0], [1], [2]]);
	});

	it('group: what waits while all slots are busy goes together, in its order, up to maxEventsPerExecution', async () => {
		const world = new World({ executionPer: 'group', maxEventsPerExecution: 4, maxConcurrentExecutions: 1 });
		world.offer({ events: 1 });
		const first = world.theStarted();
		for (const events of [2, 3]) world.offer({ events });
		await first.succeed();
		const group = world.theStarted();
		expect(group.indexes).toEqual([0, 1, 0, 1]);
		await group.succeed();
		expect(world.theStarted().indexes).toEqual([2]);
	});

	it('group: what comes while an execution is being prepared goes together as soon as that one has begun', async () => {
		const world = new World({ executionPer: 'group' });
		world.offer();
		const first = world.theStarted();
		for (let request = 0; request < 3; request++) world.offer();
		expect(world.started()).toEqual([]);
		await first.begin();
		expect(world.theStarted().indexes).toEqual([0, 0, 0]);
	});

	it('group: a full one waits for no other', () => {
		const world = new World({ executionPer: 'group', maxEventsPerExecution: 3 });
		world.offer();
		world.offer({ events: 2 });
		expect(world.started()).toHaveLength(1);
		world.offer();
		expect(world.theStarted().indexes).toEqual([0, 1, 0]);
	});

	it('group: an execution that does not begin holds others back for a second, no longer', async () => {
		const world = new World({ executionPer: 'group' });
		world.offer();
		expect(world.started()).toHaveLength(1);
		world.offer();
		await world.clock.advance(999);
		expect(world.started()).toEqual([]);
		await world.clock.advance(1);
		expect(world.theStarted().indexes).toEqual([0]);
	});

	it('group: the queue takes no more than may wait, though slots are free while events gather', () => {
		const world = new World({ executionPer: 'group', maxPendingEvents: 2 });
		world.offer();
		world.offer({ events: 2 });
		expect(world.refusal().retryAfterSeconds).toBeGreaterThanOrEqual(1);
		expect(world.queue.size.waiting).toBe(2);
	});
});

describe('a full queue', () => {
	it('takes a request as a whole or not at all', async () => {
		const world = new World({ maxConcurrentExecutions: 1, maxPendingEvents: 5 });
		world.offer();
		world.offer({ events: 3 });
		expect(world.refusal({ events: 3 }).retryAfterSeconds).toBeGreaterThanOrEqual(1);
		expect(world.queue.size.waiting).toBe(3);
		world.offer({ events: 2 });
		expect(world.queue.size.waiting).toBe(5);
		expect(world.refusal({ events: 1 }).retryAfterSeconds).toBeGreaterThanOrEqual(1);
	});

	it('takes any one request while nothing waits', () => {
		const world = new World({ maxPendingEvents: 5, executionPer: 'event' });
		world.offer({ events: 50 });
		expect(world.queue.size.waiting).toBe(45);
	});

	it('counts a request that starts at once as not waiting', async () => {
		const world = new World({ maxPendingEvents: 5 });
		world.offer();
		await world.theStarted().fail();
		expect(world.queue.size.waiting).toBe(1);
		world.offer({ events: 50 });
		expect(world.theStarted().indexes).toHaveLength(50);
	});

	it('counts dead letters that the events of their request leave no slot for', async () => {
		const world = new World({ maxPendingEvents: 4, maxConcurrentExecutions: 2 });
		world.offer();
		await world.theStarted().fail();
		world.offer();
		expect(world.started()).toHaveLength(1);
		expect(world.refusal({ events: 1, deadLetters: 4 }).retryAfterSeconds).toBeGreaterThanOrEqual(1);
		world.offer({ events: 1, deadLetters: 3 });
		expect(world.queue.size).toMatchObject({ waiting: 4, running: 2 });
	});

	it('counts what only gathers while the group before it begins', async () => {
		const world = new World({
			executionPer: 'group',
			maxEventsPerExecution: 10,
			maxConcurrentExecutions: 3,
			maxPendingEvents: 2,
		});
		world.offer();
		await world.theStarted().fail();
		world.refusal({ events: 12 });
		world.offer({ events: 21 });
		expect(world.started().map(({ indexes }) => indexes.length)).toEqual([10, 10]);
		expect(world.queue.size).toMatchObject({ waiting: 2, running: 2 });
	});

	it('counts retries that wait for their time', async () => {
		const world = new World({ maxPendingEvents: 2, maxConcurrentExecutions: 1, initialDelayMs: 60_000 });
		world.offer({ events: 2 });
		await world.theStarted().fail();
		world.offer();
		await world.theStarted().begin();
		world.refusal();
	});

	it('acknowledges repeats even when it is full', async () => {
		const world = new World({ maxPendingEvents: 1, maxConcurrentExecutions: 1 });
		world.offer({ keys: ['a'] });
		await world.theStarted().begin();
		world.offer();
		world.refusal();
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 0, duplicates: 1 });
	});

	it('holds at most 64 MiB of bodies, until the last event of each is settled', async () => {
		const world = new World({ executionPer: 'event', maxConcurrentExecutions: 2 });
		world.offer({ events: 2, bytes: 40 * MEBIBYTE });
		const [first, second] = world.started();
		world.refusal({ events: 1, bytes: 25 * MEBIBYTE });
		world.offer({ events: 1, bytes: 24 * MEBIBYTE });
		await first?.succeed();
		expect(world.queue.size.heldBytes).toBe(64 * MEBIBYTE);
		await second?.succeed();
		expect(world.queue.size.heldBytes).toBe(24 * MEBIBYTE);
	});

	it('says to come back when it should have worked off what waits', async () => {
		const world = new World({ maxConcurrentExecutions: 1, maxPendingEvents: 30, executionPer: 'event' });
		world.offer({ events: 30 });
		for (let done = 0; done < 10; done++) {
			await world.clock.advance(500);
			await world.theStarted().succeed();
		}
		world.offer({ events: 10 });
		expect(world.refusal({ events: 20 }).retryAfterSeconds).toBe(15);
	});
});

describe('an answer that is due before the end', () => {
	it('is failed when an event went back to its sender, even if a dead letter of the request still runs', async () => {
		const world = new World({ respond: 'onFinish', retry: false });
		const taken = world.offer({ keys: ['a'], deadLetters: 1 });
		const [events, deadLetters] = world.started();
		await events?.fail();
		await deadLetters?.begin();
		expect(await valueOf(taken.kept)).toBe('kept');
		await world.clock.advance(25_000);
		expect(await valueOf(taken.finished)).toBe('failed');
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 1, duplicates: 0 });
	});
});

describe('duplicates', () => {
	it('of an event that waits, runs or is processed are acknowledged and not run', async () => {
		const world = new World({ maxConcurrentExecutions: 1 });
		world.offer({ keys: ['a'] });
		world.offer({ keys: ['b'] });
		expect(world.offer({ keys: ['a', 'b', 'c'] })).toMatchObject({ accepted: 1, duplicates: 2 });
		await world.theStarted().succeed();
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 0, duplicates: 1 });
	});

	it('inside one request count once', () => {
		const world = new World();
		expect(world.offer({ keys: ['a', 'a', null, null] })).toMatchObject({ accepted: 3, duplicates: 1 });
		expect(world.theStarted().indexes).toEqual([0, 2, 3]);
	});

	it('are new events again after the window', async () => {
		const world = new World();
		world.offer({ keys: ['a'] });
		await world.theStarted().succeed();
		await world.clock.advance(600_000);
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 1, duplicates: 0 });
	});

	it('are recognised for as long as their request can be replayed, if that is longer than the window', async () => {
		const world = new World({ deduplicationWindowMs: 600_000 });
		const replayableForMs = 2 * 3_600_000 + 1;
		world.offer({ keys: ['a'], replayableForMs });
		await world.theStarted().succeed();
		for (const minutes of [11, 49, 60]) {
			await world.clock.advance(minutes * 60_000);
			expect(world.offer({ keys: ['a'], replayableForMs })).toMatchObject({ accepted: 0, duplicates: 1 });
		}
		expect(world.queue.deduplicationWindowMs).toBe(replayableForMs);
		await world.clock.advance(1);
		expect(world.offer({ keys: ['a'], replayableForMs })).toMatchObject({ accepted: 1, duplicates: 0 });
	});

	it('are recognised for the window where it is longer than their request can be replayed', async () => {
		const world = new World({ deduplicationWindowMs: 600_000 });
		world.offer({ keys: ['a'], replayableForMs: 10_000 });
		await world.theStarted().succeed();
		await world.clock.advance(599_999);
		expect(world.offer({ keys: ['a'], replayableForMs: 10_000 })).toMatchObject({ duplicates: 1 });
		await world.clock.advance(1);
		expect(world.offer({ keys: ['a'], replayableForMs: 10_000 })).toMatchObject({ duplicates: 0 });
	});

	it('are recognised by a tolerance that was raised while the queue is open, and by the settings after it is opened anew', async () => {
		const world = new World({ deduplicationWindowMs: 600_000 });
		world.offer({ keys: ['a'], replayableForMs: 600_001 });
		await world.theStarted().succeed();
		world.offer({ keys: ['b'], replayableForMs: 7_200_001 });
		await world.clock.advance(3_600_000);
		expect(world.offer({ keys: ['a'] })).toMatchObject({ duplicates: 1 });
		world.open({ deduplicationWindowMs: 1_000 });
		expect(world.queue.deduplicationWindowMs).toBe(1_000);
	});

	it('stay unknown with the window at 0, however long their request can be replayed', async () => {
		const world = new World({ deduplicationWindowMs: 0 });
		world.offer({ keys: ['a'], replayableForMs: 7_200_001 });
		expect(world.offer({ keys: ['a'], replayableForMs: 7_200_001 })).toMatchObject({
			accepted: 1,
			duplicates: 0,
		});
	});

	it('of a dead-lettered event are new events', async () => {
		const world = new World({ maxRetries: 0 });
		world.offer({ keys: ['a'] });
		await world.theStarted().fail();
		expect(world.offer({ keys: ['a'] })).toMatchObject({ accepted: 1, duplicates: 0 });
	});

	it('are not looked for when the window is 0', () => {
		const world = new World({ deduplicationWindowMs: 0 });
		world.offer({ keys: ['a'] });
		expect(world.offer({ keys: ['a', 'a'] })).toMatchObject({ accepted: 2, duplicates: 0 });
	});

	it('of a waiting event keep it in the queue when the first sender was told to send again', async () => {
		const world = new World({ maxConcurrentExecutions: 1 });
		world.offer();
		const blocking = world.theStarted();
		const first = world.offer({ keys: ['a'] });
		await world.clock.advance(3_000);
		const repeat = world.offer({ keys: ['a'] });
		await world.clock.advance(1_000);
		expect(await valueOf(first.kept)).toBe('withdrawn');
		await blocking.succeed();
		await world.theStarted().begin();
		expect(await valueOf(repeat.kept)).toBe('kept');
	});

	it('that wait are bounded, too', () => {
		const world = new World({ maxConcurrentExecutions: 1, maxPendingEvents: 3 });
		world.offer({ keys: ['a', 'b'] });
		world.offer({ keys: ['a', 'b'] });
		expect(world.refusal({ keys: ['a', 'b'] }).retryAfterSeconds).toBe(1);
	});
});

describe('closing and opening', () => {
	it('starts nothing while closed, and goes on with what waits at the next opening', async () => {
		const world = new World({ maxConcurrentExecutions: 1 });
		world.offer();
		await world.theStarted().fail();
		await world.queue.close();
		await world.clock.advance(60_000);
		expect(world.started()).toEqual([]);
		world.open({ maxRetries: 7 });
		expect(world.theStarted().content).toMatchObject({ attempt: 2, maxAttempts: 8 });
	});

	it('waits for running executions to end', async () => {
		const world = new World();
		world.offer();
		const closed = world.queue.close();
		expect(await valueOf(closed.then(() => true))).toBeUndefined();
		await world.theStarted().succeed();
		expect(await valueOf(closed.then(() => true))).toBe(true);
	});

	it('waits no longer than 10 s; an outcome that comes later still counts', async () => {
		const world = new World();
		world.offer();
		const execution = await world.theStarted().begin();
		const closed = world.queue.close();
		await world.clock.advance(9_999);
		expect(await valueOf(closed.then(() => true))).toBeUndefined();
		await world.clock.advance(1);
		expect(await valueOf(closed.then(() => true))).toBe(true);
		await execution.fail();
		await world.clock.advance(10_000);
		world.open();
		expect(world.theStarted().attempt).toBe(2);
	});

	it('takes requests between two versions, and withdraws them if the next one does not come', async () => {
		const world = new World();
		await world.queue.close();
		const first = world.offer();
		world.open();
		await world.theStarted().begin();
		expect(await valueOf(first.kept)).toBe('kept');
		void world.queue.close();
		const second = world.offer();
		await world.clock.advance(4_000);
		expect(await valueOf(second.kept)).toBe('withdrawn');
	});

	it('counts executions of before into the slots of after', async () => {
		const world = new World({ maxConcurrentExecutions: 2 });
		world.offer();
		world.offer();
		const [first, second] = world.started();
		void world.queue.close();
		world.open({ maxConcurrentExecutions: 1 });
		world.offer();
		await first?.succeed();
		expect(world.started()).toEqual([]);
		await second?.succeed();
		expect(world.started()).toHaveLength(1);
	});
});

describe('an n8n that misbehaves', () => {
	it('and refuses to start an execution only costs an attempt', async () => {
		const world = new World();
		world.queue.open(() => {
			throw new Error('database is locked');
		}, DEFAULTS);
		world.offer();
		await settle();
		world.open();
		await world.clock.advance(1_000);
		expect(world.theStarted().content).toMatchObject({
			attempt: 2,
			lastError: { message: 'database is locked' },
		});
	});

	it('and rejects its promises only costs an attempt', async () => {
		const world = new World();
		const rejected = <T>(): Promise<T> => Promise.reject(new Error('lost'));
		world.queue.open(() => ({ begun: rejected(), ended: rejected() }), {
			...DEFAULTS,
		});
		world.offer();
		await settle();
		world.open();
		await world.clock.advance(1_000);
		expect(world.theStarted().attempt).toBe(2);
	});
});
