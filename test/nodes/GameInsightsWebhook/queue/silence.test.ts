import { World } from './fakeEngine';

const HOUR_MS = 3_600_000;
const silenceAlert = { afterMs: 6 * HOUR_MS, endpoint: 'orders' };

/** What has been told since the last time; everything that was started goes well. */
async function toldIn(world: World): Promise<string[]> {
	const told: string[] = [];
	for (let started = world.started(); started.length > 0; started = world.started()) {
		for (const execution of started) {
			for (const { reason, stage, summary } of execution.deadLetters) {
				expect(stage).toBe('notice');
				told.push(`${reason}: ${summary}`);
			}
			await execution.succeed();
		}
	}
	return told;
}

describe('silence', () => {
	it('is told once, after so many hours from publishing, and so is its end', async () => {
		const world = new World({ silenceAlert });
		await world.clock.advance(6 * HOUR_MS - 1);
		expect(await toldIn(world)).toEqual([]);
		await world.clock.advance(60_000);
		expect(await toldIn(world)).toEqual([
			'silence: Nothing has come in the 6 hours since this workflow was published. Look whether the sender still sends, and to which address.',
		]);
		await world.clock.advance(100 * HOUR_MS);
		expect(await toldIn(world)).toEqual([]);
		world.offer();
		expect(await toldIn(world)).toEqual([
			expect.stringMatching(/^silence_over: Events come again, after 106(\.\d)? hours without any\.$/),
		]);
		world.offer();
		expect(await toldIn(world)).toEqual([]);
	});

	it('is counted from the last request', async () => {
		const world = new World({ silenceAlert });
		await world.clock.advance(5 * HOUR_MS);
		world.offer({ keys: ['a'] });
		await toldIn(world);
		await world.clock.advance(5 * HOUR_MS);
		world.offer({ keys: ['a'] });
		await world.clock.advance(5 * HOUR_MS);
		expect(await toldIn(world)).toEqual([]);
		await world.clock.advance(2 * HOUR_MS);
		expect(await toldIn(world)).toEqual([
			expect.stringMatching(/^silence: Nothing has come for 6 hours, since /),
		]);
	});

	it('is nobody’s concern without the option, while nothing is published, or after a new version until something comes', async () => {
		const without = new World();
		await without.clock.advance(100 * HOUR_MS);
		expect([await toldIn(without), without.clock.sleeping]).toEqual([[], 0]);
		const world = new World({ silenceAlert });
		await world.queue.close();
		await world.clock.advance(100 * HOUR_MS);
		expect(await toldIn(world)).toEqual([]);
		world.open({ silenceAlert });
		await world.clock.advance(5 * HOUR_MS);
		expect(await toldIn(world)).toEqual([]);
		await world.clock.advance(2 * HOUR_MS);
		expect(await toldIn(world)).toHaveLength(1);
		world.open({ silenceAlert });
		await world.clock.advance(20 * HOUR_MS);
		expect(await toldIn(world)).toEqual([]);
	});

	it('is told with the endpoint’s name, and is no event', async () => {
		const world = new World({ silenceAlert });
		await world.clock.advance(7 * HOUR_MS);
		const [letter] = world.theStarted().deadLetters;
		expect(letter).toMatchObject({
			...{ eventText: null, raw: null, stage: 'notice', errors: [], redrive: { count: 0, of: null } },
			attempts: { count: 0, max: 0, firstAt: null, lastAt: null, history: [] },
			delivery: { endpoint: 'orders', request_id: null, auth: null, last_error: null },
		});
	});
});
