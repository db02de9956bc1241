import { Capacity } from '../../../../nodes/GameInsightsWebhook/journal/capacity';
import { TableFailure } from '../../../../nodes/shared/dataTables/table';

const MEGABYTE = 1024 * 1024;

function world() {
	const state = { nowMs: 0, bytes: 0, isCrowded: false, isAway: false, looks: 0 };
	const failures: string[] = [];
	const measures = {
		sizeBytes: async () => {
			state.looks++;
			if (state.isAway) throw new TableFailure('unreachable', 'away');
			return state.bytes;
		},
		isCrowded: async () => state.isCrowded,
	};
	const capacity = new Capacity(measures, 10 * MEGABYTE, {
		elapsedMs: () => state.nowMs,
		failed: ({ message }) => void failures.push(message),
	});
	/** Asks, lets the measuring in the background end, and asks again. */
	const settled = async (): Promise<string | null> => {
		await capacity.obstacle();
		await new Promise(setImmediate);
		return await capacity.obstacle();
	};
	return { state, failures, capacity, settled };
}

it('the first request waits for the size of the table', async () => {
	const { state, capacity } = world();
	state.bytes = 12 * MEGABYTE;
	expect(await capacity.obstacle()).toMatch(/has 12 MB, and may have 10 MB \(option Max Journal Size\)/);
});

it('a table that is exactly full takes nothing, one byte less takes more', async () => {
	const { state, capacity, settled } = world();
	state.bytes = 10 * MEGABYTE - 1;
	expect(await capacity.obstacle()).toBeNull();
	state.bytes = 10 * MEGABYTE;
	state.nowMs = 5_000;
	expect(await settled()).not.toBeNull();
});

it('is measured at most every 5 seconds, and in the background', async () => {
	const { state, capacity, settled } = world();
	await capacity.obstacle();
	state.isCrowded = true;
	state.nowMs = 4_999;
	expect(await settled()).toBeNull();
	expect(state.looks).toBe(1);
	state.nowMs = 5_000;
	expect(await capacity.obstacle()).toBeNull();
	expect(await settled()).toMatch(/more events wait in the journal table than Max Pending Events allows/);
	expect(state.looks).toBe(2);
});

it('a failure to measure is reported, and changes nothing', async () => {
	const { state, failures, capacity, settled } = world();
	state.isCrowded = true;
	const before = await capacity.obstacle();
	state.isAway = true;
	state.nowMs = 5_000;
	expect(await settled()).toBe(before);
	expect(failures).toEqual(['away']);
});
