import type { Queue } from '../../../../nodes/GameInsightsWebhook/queue/queue';
import { Registry, registryKey } from '../../../../nodes/GameInsightsWebhook/endpoint/registry';
import { VirtualClock } from '../../../support/virtualClock';

const queue = (): Queue => ({}) as Queue;
const key = registryKey('workflow', 'node');

async function longAfterStart(): Promise<{ clock: VirtualClock; registry: Registry }> {
	const clock = new VirtualClock();
	const registry = new Registry(clock);
	await clock.advance(60_000);
	return { clock, registry };
}

describe('the meeting point of webhook, trigger and execute', () => {
	it('tells nodes apart by workflow and node, not by name', () => {
		expect(registryKey('a', 'b')).not.toBe(registryKey('b', 'a'));
		expect(registryKey(undefined, 'b')).toBe(':b');
	});

	it('gives the same queue back when a trigger comes back', async () => {
		const { registry } = await longAfterStart();
		const first = registry.opened(key, queue);
		registry.closed(key);
		const create = jest.fn(queue);
		expect(registry.opened(key, create)).toBe(first);
		expect(create).not.toHaveBeenCalled();
	});

	it('has no live queue where the trigger never was', async () => {
		const { registry } = await longAfterStart();
		await expect(registry.liveQueue(key)).resolves.toBeUndefined();
		expect(registry.find(key)).toBeUndefined();
	});

	it('lets requests meet the queue again while a new version of the workflow starts', async () => {
		const { clock, registry } = await longAfterStart();
		const opened = registry.opened(key, queue);
		registry.closed(key);
		await clock.advance(9_999);
		await expect(registry.liveQueue(key)).resolves.toBe(opened);
	});

	it('has no live queue long after the trigger closed, for example when another main became the leader', async () => {
		const { clock, registry } = await longAfterStart();
		const opened = registry.opened(key, queue);
		registry.closed(key);
		await clock.advance(10_000);
		await expect(registry.liveQueue(key)).resolves.toBeUndefined();
		expect(registry.find(key)).toBe(opened);
	});

	it('waits for a trigger that may still be on its way up', async () => {
		const clock = new VirtualClock();
		const registry = new Registry(clock);
		const live = registry.liveQueue(key);
		await clock.advance(500);
		const opened = registry.opened(key, queue);
		await clock.advance(100);
		await expect(live).resolves.toBe(opened);
	});

	it('does not wait for ever: a dedicated webhook process never has a trigger', async () => {
		const clock = new VirtualClock();
		const registry = new Registry(clock);
		const live = registry.liveQueue(key);
		await clock.advance(1_900);
		const answered = jest.fn();
		void live.then(answered);
		await clock.advance(0);
		expect(answered).not.toHaveBeenCalled();
		await clock.advance(200);
		await expect(live).resolves.toBeUndefined();
		// Once is enough to know.
		await expect(registry.liveQueue(key)).resolves.toBeUndefined();
		const opened = registry.opened(key, queue);
		await expect(registry.liveQueue(key)).resolves.toBe(opened);
	});
});
