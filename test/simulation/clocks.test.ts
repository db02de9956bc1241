import { World } from './journalWorld';
import { seeded } from './journalTime';

jest.setTimeout(600_000);

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SKEWS = [25 * HOUR_MS, -25 * HOUR_MS, 400 * 24 * HOUR_MS];

const hoursOf = (skewMs: number): number => skewMs / HOUR_MS;
/** Also where nothing at all happens. */
async function pass({ time }: World, milliseconds: number): Promise<void> {
	time.at(time.nowMs + milliseconds, () => undefined);
	await time.until(() => false, milliseconds);
}
const owners = (world: World): number =>
	world.database.register.all.filter(({ kind }) => kind === 'owner').length;

describe.each(SKEWS.map((skewMs) => [hoursOf(skewMs), skewMs]))('a process %d hours ahead', (_, skewMs) => {
	it('takes the lease of nobody: neither of its own node nor of another one', async () => {
		const world = new World(seeded(1));
		const right = world.process('right');
		const other = world.process('other', 0, 'another node');
		for (const process of [right, other]) process.lead();
		await pass(world, 1_000);
		const queues = [right, other].map(({ journal }) => journal?.queue);
		const wrong = world.process('wrong', skewMs);
		wrong.lead();
		await pass(world, 10 * MINUTE_MS);
		expect([right, other].map(({ journal }) => journal?.queue)).toEqual(queues);
		expect(queues.every((queue) => queue?.isOpen === true)).toBe(true);
		expect(owners(world)).toBe(3);
		expect(world.logged).toEqual([]);
	});

	it('delivers what another one left, and takes none of it for expired', async () => {
		const world = new World(seeded(1));
		const right = world.process('right');
		right.lead();
		await pass(world, 1_000);
		for (let n = 0; n < 10; n++) {
			void right.receive(world.arrival([{ id: `e${n}`, failures: n % 3 }], right.now()));
		}
		await pass(world, 100);
		right.kill();
		const wrong = world.process('wrong', skewMs);
		wrong.lead();
		await pass(world, 10 * MINUTE_MS);
		const stories = [...world.stories.values()];
		expect(stories.map(({ processed, deadLettered }) => [processed > 0, deadLettered])).toEqual(
			stories.map(() => [true, 0]),
		);
		expect(world.open).toBe(0);
	});

	it('takes what it received itself for as old as it is, wherever it is delivered', async () => {
		const world = new World(seeded(1));
		const wrong = world.process('wrong', skewMs);
		void wrong.receive(world.arrival([{ id: 'a', failures: 0 }], wrong.now()));
		await pass(world, world.settings.maxAgeMs / 2);
		const right = world.process('right');
		right.lead();
		await pass(world, MINUTE_MS);
		expect(world.stories.get('a')).toMatchObject({ processed: 1, deadLettered: 0 });
		right.kill();
		void wrong.receive(world.arrival([{ id: 'b', failures: 0 }], wrong.now()));
		await pass(world, world.settings.maxAgeMs + MINUTE_MS);
		world.process('third').lead();
		await pass(world, MINUTE_MS);
		expect(world.stories.get('b')).toMatchObject({ processed: 0, deadLettered: 1 });
	});

	it('knows what another one processed within the window, and forgets nothing of it', async () => {
		const world = new World(seeded(1));
		const right = world.process('right');
		right.lead();
		await pass(world, 1_000);
		const event = { id: 'once', failures: 0 };
		void right.receive(world.arrival([event], right.now()));
		await pass(world, 2_000);
		right.kill();
		const wrong = world.process('wrong', skewMs);
		wrong.lead();
		await pass(world, 2 * MINUTE_MS);
		void wrong.receive(world.arrival([event], wrong.now()));
		await pass(world, 2_000);
		expect(world.stories.get('once')?.runs).toBe(1);
		wrong.kill();
		const third = world.process('third');
		third.lead();
		await pass(world, 2 * MINUTE_MS);
		void third.receive(world.arrival([event], third.now()));
		await pass(world, 2_000);
		expect(world.stories.get('once')?.runs).toBe(1);
		// After its time it is a new event.
		await pass(world, world.settings.deduplicationWindowMs);
		void third.receive(world.arrival([event], third.now()));
		await pass(world, 2_000);
		expect(world.stories.get('once')?.runs).toBe(2);
	});

	it.each(['expires', 'place'] as const)(
		'lets processed rows be shown for their time, by %s',
		async (column) => {
			const world = new World(seeded(1));
			world.database.expiryColumn = column;
			world.keepProcessedMs = 10 * MINUTE_MS;
			const right = world.process('right');
			right.lead();
			await pass(world, 1_000);
			void right.receive(world.arrival([{ id: 'a', failures: 0 }], right.now()));
			const wrong = world.process('wrong', skewMs);
			wrong.lead();
			await pass(world, 8 * MINUTE_MS);
			expect(world.database.journal.all).toMatchObject([{ state: 'processed' }]);
			await pass(world, 4 * MINUTE_MS);
			expect(world.database.journal.all).toEqual([]);
		},
	);
});

it('owners that left nothing behind are forgotten, once they were watched for an hour', async () => {
	const world = new World(seeded(1));
	world.process('killed', 0, 'another node').lead();
	const leader = world.process('leader', -25 * HOUR_MS);
	leader.lead();
	await pass(world, 1_000);
	const dead = world.process('dead', 25 * HOUR_MS, 'another node');
	dead.lead();
	await pass(world, 1_000);
	dead.kill();
	expect(owners(world)).toBe(3);
	await pass(world, 50 * MINUTE_MS);
	expect(owners(world)).toBe(3);
	await pass(world, 15 * MINUTE_MS);
	expect(owners(world)).toBe(2);
	expect(world.logged).toEqual([]);
});
