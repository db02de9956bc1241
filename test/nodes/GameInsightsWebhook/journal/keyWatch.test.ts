import { keyExpiringNotice } from '../../../../nodes/GameInsightsWebhook/items/notice';
import { KeyWatch } from '../../../../nodes/GameInsightsWebhook/journal/keyWatch';
import { TableFailure } from '../../../../nodes/shared/dataTables/table';
import { Rows } from '../../../simulation/journalDatabase';

const DAY_MS = 86_400_000;
const START_MS = 1_700_000_000_000;
const PLACE = { workflowId: 'w', nodeId: 'n' };

/** Looks at a key, hour after hour, in one process after the other. */
function world(expiresAtMs: number | null) {
	const rows = new Rows();
	const state = { nowMs: START_MS, expiresAtMs, isAway: false, isFull: false };
	const told: Array<number | null> = [];
	const failures: string[] = [];
	const may = (): void => {
		if (state.isAway) throw new TableFailure('unreachable', 'away');
	};
	const register = {
		read: async (filter: Parameters<Rows['read']>[0]) => (may(), rows.read(filter)),
		insert: async (cells: Parameters<Rows['insert']>[0]) => {
			if (state.isFull) throw new TableFailure('full', 'no room');
			rows.insert(cells);
		},
		remove: async (filter: Parameters<Rows['remove']>[0]) => void rows.remove(filter),
	};
	const newProcess = (address = PLACE): KeyWatch =>
		new KeyWatch(
			address,
			register,
			{
				now: () => state.nowMs,
				elapsedMs: () => state.nowMs,
				keyExpiresAtMs: async () => state.expiresAtMs,
				failed: ({ message }) => void failures.push(message),
			},
			() => void told.push(state.nowMs - START_MS),
		);
	const hours = async (watch: KeyWatch, count: number): Promise<void> => {
		for (let hour = 0; hour < count; hour++) {
			await watch.look().catch(({ message }: Error) => failures.push(message));
			state.nowMs += DAY_MS / 24;
		}
	};
	return { rows, state, told, failures, newProcess, hours };
}

it('tells 7 days and 1 day ahead, once each, whatever restarts come in between', async () => {
	const { told, rows, newProcess, hours } = world(START_MS + 10 * DAY_MS);
	for (let day = 0; day < 20; day++) await hours(newProcess(), 12);
	expect(told).toEqual([3 * DAY_MS, 9 * DAY_MS]);
	expect(rows.all).toHaveLength(1);
});

it('tells each node that uses the key', async () => {
	const { told, newProcess, hours } = world(START_MS + DAY_MS / 2);
	await hours(newProcess(), 3);
	await hours(newProcess({ workflowId: 'w', nodeId: 'other' }), 3);
	expect(told).toHaveLength(2);
});

it('says nothing of a key that lasts, and tells of another key anew', async () => {
	const { state, told, newProcess, hours } = world(null);
	const watch = newProcess();
	await hours(watch, 24);
	expect(told).toEqual([]);
	state.expiresAtMs = state.nowMs + 6 * DAY_MS;
	await hours(watch, 24);
	state.expiresAtMs = state.nowMs + 3 * DAY_MS;
	await hours(watch, 24);
	expect(told).toHaveLength(2);
});

it('waits for a table that is away, and tells although there is no room to remember it', async () => {
	const { state, told, failures, newProcess, hours } = world(START_MS + DAY_MS / 2);
	const watch = newProcess();
	state.isAway = true;
	await hours(watch, 2);
	expect([told, failures]).toEqual([[], ['away', 'away']]);
	Object.assign(state, { isAway: false, isFull: true });
	await hours(watch, 5);
	expect([told.length, failures.slice(2)]).toEqual([1, ['no room']]);
});

it('the notice names the day, and what to do', () => {
	const expiresAtMs = Date.parse('2026-12-28T06:00:00Z');
	const { letter } = keyExpiringNotice(expiresAtMs, {
		nowMs: expiresAtMs - 7 * DAY_MS,
		endpoint: 'shop',
		id: 'id',
	});
	expect([letter.reason, letter.stage]).toEqual(['key_expiring', 'notice']);
	expect(letter.summary).toBe(
		'The API key of the credential "Game Insights Data Tables API" expires on 2026-12-28, in 7 days. Without it nothing is taken and nothing is delivered. Make a new one under Settings → n8n API and put it into the credential: it counts at once, without publishing.',
	);
});
