import { Watchdog } from '../../../../nodes/GameInsightsWebhook/queue/watchdog';
import { VirtualClock } from '../../../support/virtualClock';

describe('the watchdog', () => {
	it('calls out once when an execution takes longer than it may', async () => {
		const clock = new VirtualClock();
		const watchdog = new Watchdog(clock, 60_000);
		const overdue = jest.fn();
		watchdog.watch(overdue);

		await clock.advance(59_999);
		expect(overdue).not.toHaveBeenCalled();
		await clock.advance(5_001);
		expect(overdue).toHaveBeenCalledTimes(1);
		await clock.advance(600_000);
		expect(overdue).toHaveBeenCalledTimes(1);
	});

	it('says nothing of an execution that ended in time', async () => {
		const clock = new VirtualClock();
		const overdue = jest.fn();
		const stopWatching = new Watchdog(clock, 60_000).watch(overdue);
		stopWatching();
		await clock.advance(600_000);
		expect(overdue).not.toHaveBeenCalled();
	});

	it('sleeps once for many executions, and not at all when there are none', async () => {
		const clock = new VirtualClock();
		const watchdog = new Watchdog(clock, 60_000);
		const stops = Array.from({ length: 1_000 }, () => watchdog.watch(() => undefined));
		expect(clock.sleeping).toBe(1);
		for (const stop of stops) stop();
		await clock.advance(10_000);
		expect(clock.sleeping).toBe(0);
	});

	it('wakes up again for executions that start later', async () => {
		const clock = new VirtualClock();
		const watchdog = new Watchdog(clock, 1_000);
		watchdog.watch(() => undefined)();
		await clock.advance(10_000);
		const overdue = jest.fn();
		watchdog.watch(overdue);
		await clock.advance(2_000);
		expect(overdue).toHaveBeenCalledTimes(1);
	});
});
