import { ProcessedKeys } from '../../../../nodes/GameInsightsWebhook/journal/processedKeys';
import { TableFailure, gte } from '../../../../nodes/shared/dataTables/table';
import { Rows } from '../../../simulation/journalDatabase';

const ALL = [gte('id', 0)];
const NODE = { workflowId: 'w', nodeId: 'n' };

function world() {
	const rows = new Rows();
	const state = { nowMs: 1_000_000, isFull: false };
	const failures: string[] = [];
	const wakes: Array<() => void> = [];
	const register = {
		insert: async (cells: Parameters<Rows['insert']>[0]) => {
			if (state.isFull) throw new TableFailure('full', 'no room');
			rows.insert(cells);
		},
		read: async (filter: Parameters<Rows['read']>[0], limit: number, offset = 0) =>
			rows.read(filter).slice(offset, offset + limit),
		remove: async (filter: Parameters<Rows['remove']>[0]) => void rows.remove(filter),
	};
	const keysOf = (address = NODE): ProcessedKeys =>
		new ProcessedKeys(address, register, {
			now: () => state.nowMs,
			sleep: async () => await new Promise<void>((resolve) => wakes.push(resolve)),
			failed: ({ message }) => void failures.push(message),
		});
	const read = async (keys: ProcessedKeys, windowMs = 600_000): Promise<string[]> =>
		(await keys.read(windowMs)).map(({ key }) => key);
	return { rows, state, failures, wakes, keysOf, read };
}

it('keys of one moment share a row, and the next process reads them in order', async () => {
	const { rows, wakes, keysOf, read } = world();
	const keys = keysOf();
	for (const key of ['a', 'b', 'c']) keys.add(key);
	expect(rows.read(ALL)).toHaveLength(0);
	wakes.shift()?.();
	await new Promise(setImmediate);
	expect(rows.read(ALL)).toHaveLength(1);
	expect(await read(keysOf())).toEqual(['a', 'b', 'c']);
});

it('more keys than fit into a row are in several', async () => {
	const { rows, keysOf, read } = world();
	const keys = keysOf();
	for (let count = 0; count < 4_001; count++) keys.add(`k${count}`);
	await keys.flush();
	expect(rows.read(ALL)).toHaveLength(3);
	expect(await read(keysOf())).toHaveLength(4_001);
});

it('only those of the same node within the window are read, and older ones can be removed', async () => {
	const { rows, state, keysOf, read } = world();
	const keys = keysOf();
	keys.add('old');
	await keys.flush();
	state.nowMs += 600_000;
	keys.add('new');
	await keys.flush();
	const other = keysOf({ ...NODE, nodeId: 'other' });
	other.add("another node's");
	await other.flush();
	expect(await read(keys)).toEqual(['new']);
	state.nowMs += 1;
	await keys.forgetOld(600_000);
	expect(rows.read(ALL)).toHaveLength(2);
});

it('a row that somebody edited holds no keys', async () => {
	const { rows, keysOf, read } = world();
	const keys = keysOf();
	keys.add('a');
	await keys.flush();
	for (const cell of ['not JSON', '{"a":1}', '[1,null]']) {
		rows.update(ALL, { keys: cell });
		expect(await read(keys)).toEqual([]);
	}
});

it('a table without room is reported, and stops nothing', async () => {
	const { state, failures, keysOf, read } = world();
	const keys = keysOf();
	state.isFull = true;
	keys.add('lost');
	await keys.flush();
	expect(failures).toEqual(['no room']);
	state.isFull = false;
	keys.add('kept');
	await keys.flush();
	expect(await read(keys)).toEqual(['kept']);
});
