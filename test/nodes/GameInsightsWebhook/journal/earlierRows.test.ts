import { EarlierRows } from '../../../../nodes/GameInsightsWebhook/journal/earlierRows';
import { Item, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { rowsOfEvents } from '../../../../nodes/GameInsightsWebhook/journal/rows';
import type { IsHeld } from '../../../../nodes/GameInsightsWebhook/queue/order';
import type { StoredRow } from '../../../../nodes/shared/dataTables/table';

const NOBODY = (): boolean => false;

/** A row with one event of this user. */
function row(id: number, user: string): StoredRow {
	const text = JSON.stringify({ event_type: 'a', user_id: user });
	const arrival = {
		...{ requestId: `r${id}`, receivedAtMs: 0, endpoint: '', batchSize: 1, bytes: text.length },
		...{ sender: { method: 'hmac', keyId: 'current', claims: null } as const },
		...{ source: { format: 'json', text } as const, events: [], deadLetters: [] },
	};
	const item = new Item(heldRequest(arrival), { arrival, index: 0, deduplicationKey: null }, null);
	const [made] = rowsOfEvents(arrival, [item], 1);
	return { ...made?.cells, state: 'waiting', attempt: 0, id };
}

/** Whose events wait, of the users named here; new ones where no rank is given. */
function world(orderBy: readonly string[] | null) {
	let isHeld: IsHeld = () => false;
	const rows = new EarlierRows(orderBy, (held) => (isHeld = held));
	const held = (rank = 0) => ['a', 'b', 'c'].filter((user) => isHeld(`=${user}`, rank));
	return { rows, held };
}

describe('rows that were in the table before a process began to deliver', () => {
	it('hold nothing where nothing is in order', () => {
		const { rows, held } = world(null);
		rows.looked([row(1, 'a')], true, NOBODY);
		expect([rows.isWaiting, held(), rows.rankOf(1, false)]).toEqual([false, [], undefined]);
	});

	it('hold all values until all rows were seen, then their own, until they are taken over', () => {
		const { rows, held } = world(['user_id']);
		expect([rows.isWaiting, held()]).toEqual([true, ['a', 'b', 'c']]);
		rows.looked([row(3, 'a')], false, NOBODY);
		expect(held()).toEqual(['a', 'b', 'c']);
		rows.looked([row(3, 'a'), row(4, 'b')], true, ({ id }) => id === 3);
		expect(held()).toEqual(['b']);
		rows.looked([row(4, 'b'), row(5, 'c')], true, NOBODY);
		expect(held()).toEqual(['b']);
		rows.looked([row(5, 'c')], true, NOBODY);
		expect([rows.isWaiting, held()]).toEqual([false, []]);
	});

	it('let go what came before all that is left, however much follows', () => {
		const { rows, held } = world(['user_id']);
		rows.looked([row(3, 'a'), row(4, 'b'), row(5, 'a')], false, ({ id }) => id < 4);
		expect([held(), held(rows.rankOf(3, false)), held(rows.rankOf(6, false))]).toEqual([
			['a', 'b', 'c'],
			[],
			['a', 'b', 'c'],
		]);
	});

	it('come before what this process takes in, in their order, and what was sent again behind them', () => {
		const { rows } = world(['user_id']);
		const earlier = [rows.rankOf(3, false), rows.rankOf(7, false), rows.rankOf(2, true)] as number[];
		expect([...earlier].sort((one, other) => one - other)).toEqual(earlier);
		expect(Math.max(...earlier)).toBeLessThan(0);
		rows.looked([row(7, 'a')], true, NOBODY);
		expect([rows.rankOf(7, false), rows.rankOf(8, false)]).toEqual([earlier[1], undefined]);
	});

	it('hold nothing when they can not be read', () => {
		const { rows, held } = world(['user_id']);
		rows.looked([{ id: 1, state: 'waiting', details: '{' }], true, NOBODY);
		expect([rows.isWaiting, held()]).toEqual([true, []]);
	});
});
