import {
	type Redriven,
	type RedriveSettings,
	obstacleTo,
	redriveRows,
} from '../../../nodes/GameInsights/redriveRows';
import type { DeadLetter } from '../../../nodes/shared/items/deadLetter';
import type { FoundLetter } from '../../../nodes/shared/journal/lookUp';
import { type FoundTable, TableFailure } from '../../../nodes/shared/dataTables/table';

const EVENT = '{"event_type":"purchase"}';

/** A clock that only sleeping and calls to the table move on. */
class World {
	nowMs = 1_000;
	callMs = 5;
	readonly calls: Array<{ atMs: number; filter: unknown; cells: unknown }> = [];
	/** Ids of rows that are still dead letters. */
	readonly dead = new Set([1, 2, 3, 4]);
	failsAt = Infinity;

	readonly clock = {
		elapsedMs: () => this.nowMs,
		sleep: async (milliseconds: number) => {
			this.nowMs += milliseconds;
		},
	};
	readonly table: FoundTable = {
		name: 'journal',
		find: async () => [],
		claim: async (filter, cells) => {
			this.calls.push({ atMs: this.nowMs, filter, cells });
			this.nowMs += this.callMs;
			if (this.calls.length === this.failsAt) throw new TableFailure('unreachable', 'gone');
			const id = filter[0]?.value as number;
			return this.dead.delete(id) ? [{ id, ...cells }] : [];
		},
	};

	letter(id: number, count = 0, eventText: string | null = EVENT): FoundLetter {
		const letter = { eventText, redrive: { count, of: null } } as DeadLetter;
		return { at: { table: this.table, id, details: `${id}`, next: [] }, letter };
	}

	async redrive(letters: FoundLetter[], settings: Partial<RedriveSettings> = {}): Promise<Redriven[]> {
		const told: Redriven[] = [];
		const all = { isDryRun: false, perSecond: 10, ...settings };
		for await (const redriven of redriveRows(letters, all, this.clock)) told.push(redriven);
		return told;
	}
}

let world: World;
beforeEach(() => (world = new World()));

it('sets the state of each row that is a dead letter still, no faster than the pace', async () => {
	const told = await world.redrive([1, 2, 3].map((id) => world.letter(id)));
	expect(told).toEqual(Array(3).fill({ status: 'redriven', message: null }));
	expect(world.calls.map(({ atMs }) => atMs)).toEqual([1_000, 1_100, 1_200]);
	expect(world.calls[1]).toMatchObject({
		filter: [
			{ columnName: 'id', condition: 'eq', value: 2 },
			{ columnName: 'state', condition: 'eq', value: 'dead' },
			{ columnName: 'details', condition: 'eq', value: '2' },
		],
		cells: { state: 'redrive' },
	});
});

it('does not catch up faster than the table answers', async () => {
	world.callMs = 400;
	await world.redrive([1, 2, 3].map((id) => world.letter(id)));
	expect(world.calls.map(({ atMs }) => atMs)).toEqual([1_000, 1_400, 1_800]);
});

it('a dry run changes nothing and waits for nothing', async () => {
	const told = await world.redrive(
		[1, 2].map((id) => world.letter(id)),
		{ isDryRun: true },
	);
	expect(told.map(({ status }) => status)).toEqual(['matches', 'matches']);
	expect([world.calls, world.nowMs]).toEqual([[], 1_000]);
});

it('a row that is no dead letter any more is left alone, and told', async () => {
	world.dead.delete(1);
	expect(await world.redrive([world.letter(1), world.letter(2)])).toEqual([
		{ status: 'not_redriven', message: 'Somebody else has already sent it again, or deleted it.' },
		{ status: 'redriven', message: null },
	]);
});

it('a row that was moved since it was found is sent again from its new table', async () => {
	world.dead.delete(1);
	const filters: unknown[] = [];
	const letters: FoundTable = {
		...world.table,
		claim: async (filter) => {
			filters.push(filter.map(({ columnName, value }) => [columnName, value]));
			return [{ id: 7 }];
		},
	};
	const moved = world.letter(1);
	expect(await world.redrive([{ ...moved, at: { ...moved.at, next: [letters] } }])).toEqual([
		{ status: 'redriven', message: null },
	]);
	expect(filters).toEqual([
		[
			['state', 'dead'],
			['details', '1'],
		],
	]);
});

it('knows which can not be sent through again, and why', () => {
	expect(obstacleTo(world.letter(1, 2), 3)).toBeNull();
	expect(obstacleTo(world.letter(1, 3), 3)).toBe('sent again 3 times or more already (Max Redrives)');
	expect(obstacleTo(world.letter(1, 0, null), 3)).toContain('no event could be read');
	expect(obstacleTo({ ...world.letter(1), letter: null }, 3)).toContain('changed by hand');
});

it('a table that fails ends it, and what was told is done', async () => {
	world.failsAt = 2;
	const told: Redriven[] = [];
	const settings = { isDryRun: false, perSecond: 10 };
	const run = async () => {
		const letters = [1, 2, 3].map((id) => world.letter(id));
		for await (const redriven of redriveRows(letters, settings, world.clock)) told.push(redriven);
	};
	await expect(run()).rejects.toThrow('gone');
	expect([told.length, world.calls.length]).toEqual([1, 2]);
});
