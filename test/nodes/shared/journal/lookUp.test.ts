import type { Arrival } from '../../../../nodes/GameInsightsWebhook/queue/arrival';
import { Item, heldRequest } from '../../../../nodes/GameInsightsWebhook/queue/item';
import { type WantedLetters, lettersIn, rowsAbout } from '../../../../nodes/shared/journal/lookUp';
import type { FoundTable, Cells, StoredRow, Table } from '../../../../nodes/shared/dataTables/table';
import { packedTable } from '../../../../nodes/shared/journal/packedTable';
import { cellsOfDeadLetter, rowsOfEvents } from '../../../../nodes/GameInsightsWebhook/journal/rows';
import { deadLetterOfRejected } from '../../../../nodes/GameInsightsWebhook/items/rejectedEvent';
import type { Receipt } from '../../../../nodes/GameInsightsWebhook/intake/receipt';
import type { RejectedEvent } from '../../../../nodes/shared/rejectedEvent';

const MINUTE_MS = 60_000;
const sender = { method: 'apiKey', keyId: 'current', claims: null } as const;
const arrivalOf = (requestId: string, text: string, batchSize = 1): Arrival => ({
	...{ requestId, receivedAtMs: 0, endpoint: '', sender, batchSize, bytes: text.length },
	...{ source: { format: 'json', text }, events: [], deadLetters: [] },
});

/** The row of an event that was not valid, dead-lettered so many minutes after the epoch. */
function deadRow(
	event: object | string,
	minutes = 0,
	reason: RejectedEvent['reason'] = 'invalid_event',
): Cells {
	const eventText = typeof event === 'string' ? null : JSON.stringify(event);
	const raw = typeof event === 'string' ? event : null;
	const rejected: RejectedEvent = {
		...{
			index: 0,
			eventText,
			raw,
			reason,
			stage: 'validate',
			summary: `Not valid: no. ${minutes}.`,
			errors: [],
		},
	};
	const request = { requestId: 'r', receivedAtMs: minutes * MINUTE_MS };
	const letter = deadLetterOfRejected(
		rejected,
		{ request, sender, received: 1 } as unknown as Receipt,
		'',
		true,
	);
	const cells = cellsOfDeadLetter(arrivalOf('r', eventText ?? raw ?? ''), letter, 0);
	return { ...cells, state: 'dead', workflow_id: 'w' };
}

/** A table as n8n searches it: text in any column, in any case. */
class Rows implements FoundTable {
	readonly name = 'journal';
	readonly all: StoredRow[];
	readonly searches: string[] = [];

	constructor(rows: readonly Cells[]) {
		this.all = rows.map((cells, at) => ({ ...cells, id: at + 1 }));
	}

	claim = async () => [];

	find: FoundTable['find'] = async (filter, afterId, limit, text) => {
		this.searches.push(text);
		return this.all
			.filter((row) => row.id > afterId && filter.every(({ columnName, value }) => row[columnName] === value))
			.filter((row) =>
				Object.values(row).some((cell) => String(cell).toLowerCase().includes(text.toLowerCase())),
			)
			.slice(0, limit);
	};
}

const ALL: WantedLetters = {
	...{ workflowId: 'w', reasons: [], eventType: '', userId: '', text: '', fromMs: null, toMs: null },
};

async function idsOf(rows: Rows, wanted: Partial<WantedLetters>): Promise<number[]> {
	const ids: number[] = [];
	for await (const { at } of lettersIn([rows], { ...ALL, ...wanted })) ids.push(at.id);
	return ids;
}

describe('finding dead letters', () => {
	const rows = new Rows([
		deadRow({ event_type: 'purchase', user_id: 'u1', item: 'sword' }, 1),
		deadRow({ event_type: 'purchase', user_id: 'u2', item: 'Café' }, 2),
		deadRow({ event_type: 'level\u202e', user_id: 'u1' }, 3),
		deadRow('{"event_type', 4, 'malformed_body'),
		{ ...deadRow({ event_type: 'purchase' }, 5), workflow_id: 'other' },
		{ ...deadRow({ event_type: 'purchase' }, 6), state: 'redrive' },
	]);

	it.each<[string, Partial<WantedLetters>, number[]]>([
		['all of the workflow that are dead', {}, [1, 2, 3, 4]],
		['by event type', { eventType: 'purchase' }, [1, 2]],
		['by an event type with what nobody sees', { eventType: 'level\u202e' }, [3]],
		['by user', { userId: 'u1' }, [1, 3]],
		['by reason', { reasons: ['malformed_body', 'expired'] }, [4]],
		['by text in the event, in any case', { text: 'SWORD' }, [1]],
		['by text in the sentence', { text: 'no. 2.' }, [2]],
		['by text that JSON may write in another way', { text: 'café' }, [2]],
		['by text that only our own columns hold', { text: 'requestId' }, []],
		['from a time on', { fromMs: 3 * MINUTE_MS }, [3, 4]],
		['before a time', { toMs: 3 * MINUTE_MS }, [1, 2]],
		['by all together', { userId: 'u1', text: 'sword', fromMs: 0, reasons: ['invalid_event'] }, [1]],
	])('%s', async (_name, wanted, ids) => {
		expect(await idsOf(rows, wanted)).toEqual(ids);
	});

	it('goes through more rows than one call gives, each once and in order', async () => {
		const many = new Rows(Array.from({ length: 250 }, (_, n) => deadRow({ event_type: 'a', n }, n)));
		const ids = await idsOf(many, {});
		expect(ids).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
		expect(many.searches).toHaveLength(3);
	});

	it('tells of a row that somebody has broken, and of the others', async () => {
		const broken = new Rows([
			{ ...deadRow({ event_type: 'a' }), details: '{' },
			deadRow({ event_type: 'b' }),
		]);
		const found: boolean[] = [];
		for await (const { letter } of lettersIn([broken], ALL)) found.push(letter !== null);
		expect(found).toEqual([false, true]);
	});
});

describe('a dead letter that is just being moved is in two tables', () => {
	const [moved, other] = [deadRow({ event_type: 'a' }, 1), deadRow({ event_type: 'b' }, 2)];
	const [journal, letters] = [new Rows([moved]), new Rows([other, moved])];

	it('it is found once, with the table where it will be', async () => {
		const found: unknown[] = [];
		for await (const { at } of lettersIn([journal, letters], ALL))
			found.push([at.table === journal ? 'journal' : 'letters', at.id, at.next.length]);
		expect(found).toEqual([
			['journal', 1, 1],
			['letters', 1, 0],
		]);
	});

	it('its story is read once', async () => {
		const found: unknown[] = [];
		for await (const { row, table } of rowsAbout([journal, letters], 'w', ''))
			found.push([table === journal ? 'journal' : 'letters', row.id]);
		expect(found).toEqual([
			['journal', 1],
			['letters', 1],
		]);
	});

	it('rows of one table that somebody has made equal are all found', async () => {
		const broken = { ...moved, details: '{' };
		const found: number[] = [];
		for await (const { at } of lettersIn([new Rows([broken, broken]), letters], ALL)) found.push(at.id);
		expect(found).toEqual([1, 2, 1, 2]);
	});
});

it('a row of many events is found, although it is packed', async () => {
	const events = Array.from({ length: 1_000 }, (_, n) => ({
		event_type: 'a',
		event_id: `order-${n}`,
		user_id: 'u',
	}));
	const arrival = arrivalOf('r7', JSON.stringify(events), events.length);
	const items = events.map(
		(_, index) => new Item(heldRequest(arrival), { arrival, index, deduplicationKey: null }, null),
	);
	const made = rowsOfEvents(arrival, items, Infinity).map(({ cells }) => ({ ...cells, workflow_id: 'w' }));
	const inserted: Cells[] = [];
	const table = { insert: async (rows: readonly Cells[]) => void inserted.push(...rows) };
	await packedTable(table as unknown as Table).insert(made);
	expect(String(inserted[0]?.payload)).toMatch(/^gzip:/);

	const payloads: unknown[] = [];
	for await (const { row } of rowsAbout([new Rows(inserted)], 'w', 'order-999')) payloads.push(row.payload);
	expect(payloads).toEqual([arrival.source.text]);
});
