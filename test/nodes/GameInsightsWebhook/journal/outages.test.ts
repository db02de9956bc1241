import { Outages } from '../../../../nodes/GameInsightsWebhook/journal/outages';
import { type Cells, type Table, TableFailure, gte } from '../../../../nodes/shared/dataTables/table';
import { Rows } from '../../../simulation/journalDatabase';

const DAY_MS = 86_400_000;
const ALL = [gte('id', 0)];
const NODE = { workflowId: 'w', nodeId: 'n' };

function world() {
	const rows = new Rows();
	const state = { nowMs: 10 * DAY_MS, failsNext: 0 };
	const failures: string[] = [];
	const may = (): void => {
		if (state.failsNext-- > 0) throw new TableFailure('unreachable', 'away');
	};
	const register: Table = {
		insert: async (cells) => (may(), void rows.insert(cells)),
		read: async (filter, limit) => rows.read(filter).slice(0, limit),
		update: async (filter, cells) => (may(), void rows.update(filter, cells)),
		claim: async (filter, cells) => rows.update(filter, cells),
		remove: async (filter) => void rows.remove(filter),
		take: async (filter) => rows.remove(filter),
	};
	const newProcess = (address = NODE): Outages =>
		new Outages(address, register, {
			now: () => state.nowMs,
			sleep: async () => await new Promise<void>(setImmediate),
			failed: ({ message }) => void failures.push(message),
		});
	return { rows, state, failures, newProcess };
}

it('an outage has one row, from its beginning to its end, over a restart', async () => {
	const { rows, newProcess } = world();
	await newProcess().write({ id: 'o', sinceMs: 5, untilMs: null });
	const next = newProcess();
	expect(await next.read()).toEqual([{ id: 'o', sinceMs: 5, untilMs: null }]);
	await next.write({ id: 'o', sinceMs: 5, untilMs: 9 });
	expect(rows.read(ALL)).toHaveLength(1);
	expect(await newProcess().read()).toEqual([{ id: 'o', sinceMs: 5, untilMs: 9 }]);
	expect(await newProcess({ ...NODE, workflowId: 'other' }).read()).toEqual([]);
});

it('is written until that succeeds, with its end if that came meanwhile', async () => {
	const { rows, state, failures, newProcess } = world();
	const outages = newProcess();
	state.failsNext = 2;
	const writing = outages.write({ id: 'o', sinceMs: 5, untilMs: null });
	await outages.write({ id: 'o', sinceMs: 5, untilMs: 9 });
	await writing;
	expect(failures).toEqual(['away', 'away']);
	expect(rows.read(ALL)).toMatchObject([{ name: 'o', at_ms: 5, beat: 9 }]);
});

it('is no longer tried after a stop', async () => {
	const { rows, state, newProcess } = world();
	const outages = newProcess();
	state.failsNext = 1_000;
	const writing = outages.write({ id: 'o', sinceMs: 5, untilMs: null });
	outages.stop();
	await writing;
	expect(rows.read(ALL)).toHaveLength(0);
});

it('is forgotten a day after the longest age of an event', async () => {
	const { state, newProcess } = world();
	const outages = newProcess();
	const sinceMs = state.nowMs;
	await outages.write({ id: 'o', sinceMs, untilMs: sinceMs + 1 });
	state.nowMs = sinceMs + 2 * DAY_MS;
	await outages.forgetOld(DAY_MS);
	expect(await outages.read()).toHaveLength(1);
	state.nowMs++;
	await outages.forgetOld(DAY_MS);
	expect(await outages.read()).toEqual([]);
});

it.each<Cells>([{ at_ms: null }, { at_ms: 9e15 }, { beat: 'x' }, { name: null }])(
	'a row that somebody edited tells of no outage: %p',
	async (edited) => {
		const { rows, newProcess } = world();
		await newProcess().write({ id: 'o', sinceMs: 5, untilMs: null });
		rows.update(ALL, edited);
		expect(await newProcess().read()).toEqual([]);
	},
);
