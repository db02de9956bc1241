import { PollPace } from '../../../../nodes/GameInsightsWebhook/journal/pollPace';
import { VirtualClock } from '../../../support/virtualClock';

const SECOND_MS = 1_000;

/** A process that polls without an end; `polls` counts how often. */
function world(hasDeadLetters = false) {
	const clock = new VirtualClock();
	const pace = new PollPace(clock);
	const state = { polls: 0 };
	void (async () => {
		for (;;) {
			await pace.wait(pace.isLively, hasDeadLetters);
			state.polls++;
		}
	})();
	const pollsIn = async (seconds: number): Promise<number> => {
		state.polls = 0;
		await clock.advance(seconds * SECOND_MS);
		return state.polls;
	};
	return { pace, pollsIn };
}

it('asks twice a second in the first 30 seconds, and every 10 seconds after that', async () => {
	const { pollsIn } = world();
	expect(await pollsIn(30)).toBe(60);
	expect(await pollsIn(600)).toBe(60);
});

it('asks every 15 seconds where the table of dead letters is asked as well', async () => {
	const { pollsIn } = world(true);
	await pollsIn(30);
	expect(await pollsIn(600)).toBe(40);
});

it('asks often again for 30 seconds after a failure, and for 5 minutes after rows were found', async () => {
	const { pace, pollsIn } = world();
	await pollsIn(100);
	pace.failed();
	await pollsIn(29);
	expect(pace.isLively).toBe(true);
	await pollsIn(1);
	expect(pace.isLively).toBe(false);
	pace.found();
	pace.failed();
	await pollsIn(299);
	expect(pace.isLively).toBe(true);
	await pollsIn(1);
	expect(pace.isLively).toBe(false);
});

it('ends a long wait when something is expected, and asks often from then on', async () => {
	const { pace, pollsIn } = world();
	await pollsIn(41);
	expect(await pollsIn(0)).toBe(0);
	pace.expect();
	await pollsIn(0);
	expect(await pollsIn(10)).toBe(20);
});
