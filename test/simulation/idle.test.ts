import { type SimulatedProcess, World } from './journalWorld';
import { seeded } from './journalTime';

jest.setTimeout(600_000);

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** As many leaders as wanted, of one node, at rest for a while. */
async function atRest(leaders = 1, letters = 0): Promise<{ world: World; processes: SimulatedProcess[] }> {
	const world = new World(seeded(1));
	const processes = Array.from({ length: leaders }, (_, n) => world.process(`leader ${n}`));
	for (const process of processes) process.lead();
	if (letters > 0) {
		await pass(world, SECOND_MS);
		for (let letter = 0; letter < letters; letter++) {
			const [leader] = processes as [SimulatedProcess];
			void leader.receive(world.arrival([{ id: `dead ${letter}`, failures: Infinity }], leader.now()));
			// One after the other is no outage.
			void leader.receive(world.arrival([{ id: `good ${letter}`, failures: 0 }], leader.now()));
			await pass(world, 5 * SECOND_MS);
		}
		await pass(world, HOUR_MS);
		expect(world.database.deadLetters.all).toHaveLength(letters);
	}
	await pass(world, 10 * 60 * SECOND_MS);
	return { world, processes };
}

async function pass({ time }: World, milliseconds: number): Promise<void> {
	time.at(time.nowMs + milliseconds, () => undefined);
	await time.until(() => false, milliseconds);
}

/** How long it takes until an event is processed, in milliseconds. */
async function tookMs(world: World, id: string, runs = 1): Promise<number> {
	const fromMs = world.time.nowMs;
	expect(await world.time.until(() => world.stories.get(id)?.processed === runs, HOUR_MS)).toBe(true);
	return world.time.nowMs - fromMs;
}

it.each([
	[1, 0],
	[2, 0],
	[3, 0],
	[1, 50],
	[2, 50],
])(
	'%d leaders with nothing to do and %d dead letters make at most 0.2 calls a second each',
	async (leaders, letters) => {
		const { world, processes } = await atRest(leaders, letters);
		const queues = processes.map(({ journal }) => journal?.queue);
		const before = world.database.calls;
		await pass(world, HOUR_MS);
		const perSecond = (world.database.calls - before) / (HOUR_MS / SECOND_MS) / leaders;
		process.stderr.write(`${leaders} at rest: ${perSecond.toFixed(3)} calls a second each\n`);
		expect(perSecond).toBeLessThanOrEqual(0.2);
		expect(processes.map(({ journal }) => journal?.queue)).toEqual(queues);
		expect(world.logged).toEqual([]);
	},
);

it('an event that comes then begins after the two calls that it needs', async () => {
	const { world, processes } = await atRest();
	world.durationMs = () => 0;
	void processes[0]?.receive(world.arrival([{ id: 'a', failures: 0 }], world.process('any').now()));
	// Each takes 10 ms.
	expect(await tookMs(world, 'a')).toBeLessThanOrEqual(30);
});

it('a row of another process is found within ten seconds, and those that follow at once', async () => {
	const { world } = await atRest();
	const depositor = world.process('depositor');
	const deposit = async (id: string): Promise<number> => {
		void depositor.receive(world.arrival([{ id, failures: 0 }], depositor.now()));
		return await tookMs(world, id);
	};
	expect(await deposit('first')).toBeLessThanOrEqual(11 * SECOND_MS);
	for (let n = 0; n < 5; n++) {
		await pass(world, 60 * SECOND_MS);
		expect(await deposit(`${n}`)).toBeLessThanOrEqual(2 * SECOND_MS);
	}
});

it('a dead letter that is set to redrive then is sent within half a minute', async () => {
	const world = new World(seeded(1));
	const leader = world.process('leader');
	leader.lead();
	await pass(world, SECOND_MS);
	// After the retries of this one, it goes well.
	void leader.receive(world.arrival([{ id: 'a', failures: 3 }], leader.now()));
	await pass(world, HOUR_MS);
	const { journal, deadLetters } = world.database;
	expect(journal.all).toEqual([]);
	expect(deadLetters.all).toMatchObject([{ state: 'dead' }]);
	deadLetters.all = deadLetters.all.map((row) => ({ ...row, state: 'redrive' }));
	expect(await tookMs(world, 'a')).toBeLessThanOrEqual(31 * SECOND_MS);
	expect(deadLetters.all).toEqual([]);
});

it('what a leader leaves that was killed then is taken over as fast as ever', async () => {
	const { world, processes } = await atRest(2);
	const [one, other] = processes as [SimulatedProcess, SimulatedProcess];
	world.durationMs = () => 60 * SECOND_MS;
	void one.receive(world.arrival([{ id: 'a', failures: 0 }], one.now()));
	await world.time.until(() => world.attempts.size === 1, HOUR_MS);
	one.kill();
	world.durationMs = () => 0;
	// Found, and watched for 12 s.
	expect(await tookMs(world, 'a')).toBeLessThanOrEqual(25 * SECOND_MS);
	expect(other.journal?.queue?.isOpen).toBe(true);
	expect(world.attemptsRunTwice).toEqual([]);
});

it('a leader that is busy again after a rest is taken for dead by nobody', async () => {
	const { world, processes } = await atRest(2);
	const [one, other] = processes as [SimulatedProcess, SimulatedProcess];
	const queues = [one.journal?.queue, other.journal?.queue];
	world.durationMs = () => 90 * SECOND_MS;
	for (let n = 0; n < 10; n++) {
		void one.receive(world.arrival([{ id: `${n}`, failures: 0 }], one.now()));
		await pass(world, 400 * SECOND_MS);
	}
	expect([one.journal?.queue, other.journal?.queue]).toEqual(queues);
	expect(world.attemptsRunTwice).toEqual([]);
	expect([...world.stories.values()].map(({ runs }) => runs)).toEqual(Array.from({ length: 10 }, () => 1));
});
