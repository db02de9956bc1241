import { Rest } from '../../../../nodes/GameInsightsWebhook/journal/rest';
import { VirtualClock, settle } from '../../../support/virtualClock';

/** Rests of ten seconds, one after the other, and when they ended. */
function resting() {
	const clock = new VirtualClock(0);
	const rest = new Rest(clock.sleep);
	const endedAtMs: number[] = [];
	const begin = async (): Promise<void> => {
		await rest.for(10_000);
		endedAtMs.push(clock.now());
	};
	return { clock, rest, endedAtMs, begin };
}

it('lasts as long as it was meant to', async () => {
	const { clock, endedAtMs, begin } = resting();
	void begin();
	await clock.advance(9_999);
	expect(endedAtMs).toEqual([]);
	await clock.advance(1);
	expect(endedAtMs).toEqual([10_000]);
});

it('ends when somebody is in a hurry, and the next one is as long as ever', async () => {
	const { clock, rest, endedAtMs, begin } = resting();
	void begin();
	await clock.advance(3_000);
	rest.hurry();
	await settle();
	expect(endedAtMs).toEqual([3_000]);
	void begin();
	await clock.advance(9_999);
	expect(endedAtMs).toEqual([3_000]);
	await clock.advance(1);
	expect(endedAtMs).toEqual([3_000, 13_000]);
});

it('does not begin when somebody was in a hurry just before', async () => {
	const { rest, endedAtMs, begin } = resting();
	rest.hurry();
	await begin();
	expect(endedAtMs).toEqual([0]);
});
