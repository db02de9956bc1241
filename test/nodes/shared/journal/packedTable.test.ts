import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packedTable } from '../../../../nodes/shared/journal/packedTable';
import { type Cells, type Table, eq } from '../../../../nodes/shared/dataTables/table';
import { Rows } from '../../../simulation/journalDatabase';
import { inputs } from '../../../support/quick';

/** A table in memory, and what it really holds. */
function makeTable(): { rows: Rows; table: Table } {
	const rows = new Rows();
	const inner: Table = {
		insert: async (cells) => rows.insert(cells),
		read: async (filter) => rows.read(filter),
		update: async (filter, cells) => void rows.update(filter, cells),
		claim: async (filter, cells) => rows.update(filter, cells),
		remove: async (filter) => void rows.remove(filter),
		take: async (filter) => rows.remove(filter),
	};
	return { rows, table: packedTable(inner) };
}

/** What comes back of a row for whoever claims it. */
async function claimed(cells: Cells): Promise<Cells> {
	const { table } = makeTable();
	await table.insert([{ state: 'waiting', ...cells }]);
	const [row] = await table.claim([eq('state', 'waiting')], { owner: 'me' });
	return row as Cells;
}

const LIMIT = 16_384;
const long = (length: number): string => `[${'1,'.repeat(length)}1]`.slice(0, length);

it('a large batch is kept packed, in a form that other tools can read, and a claim gives it back', async () => {
	const { rows, table } = makeTable();
	const payload = JSON.stringify(
		Array.from({ length: 1_000 }, (_, n) => ({ event_type: 'a', n, text: 'Ünï – 漢字 😀' })),
	);
	const details = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => `key-${n}-of-an-event`));
	await table.insert([{ events: 1_000, payload, details, place: 7, state: 'waiting' }]);
	const [kept] = rows.all;
	expect(kept).toMatchObject({ events: 1_000, place: 7, state: 'waiting', id: 1 });
	for (const [column, text] of Object.entries({ payload, details })) {
		const cell = String(kept?.[column]);
		expect(cell.startsWith('gzip:')).toBe(true);
		expect(cell.length).toBeLessThan(text.length / 4);
		expect(gunzipSync(Buffer.from(cell.slice(5), 'base64')).toString('utf8')).toBe(text);
	}
	expect(await table.claim([eq('place', 7)], { owner: 'me' })).toEqual([
		{ events: 1_000, payload, details, place: 7, state: 'waiting', owner: 'me', id: 1 },
	]);
	expect(rows.all[0]?.payload).toBe(kept?.payload);
});

it.each([
	['a single event up to a megabyte: people read and correct it', { events: 1, payload: long(1_000_000) }],
	['a batch of ordinary size', { events: 20, payload: long(LIMIT) }],
	['a body that was no event', { events: 1, payload: `gzip ${long(LIMIT)}` }],
	['a row without texts', { events: 2, payload: null, details: null }],
])('%s stays as it is', async (_name, cells: Cells) => {
	const { rows, table } = makeTable();
	await table.insert([cells]);
	expect(rows.all[0]).toMatchObject(cells);
	expect(await claimed(cells)).toMatchObject(cells);
});

it('packs from one character above the limit on', async () => {
	const { rows, table } = makeTable();
	await table.insert([{ events: 2, payload: long(LIMIT + 1) }]);
	expect(rows.all[0]?.payload).toMatch(/^gzip:/);
});

it.each([
	['a single event above a megabyte', `{"a":"${'x'.repeat(1_000_000)}"}`],
	// A bomb that a sender made must not be taken for a text of this node.
	['a body that looks as if it were packed', `gzip:${gzipSync('x'.repeat(100)).toString('base64')}`],
])('%s is packed, when it is inserted and when it is changed', async (_name, payload) => {
	const { rows, table } = makeTable();
	await table.insert([{ events: 1, payload, place: 1 }]);
	await table.insert([{ events: 1, payload: '', place: 2 }]);
	await table.update([eq('place', 2)], { payload });
	for (const row of rows.all) {
		expect(gunzipSync(Buffer.from(String(row.payload).slice(5), 'base64')).toString()).toBe(payload);
		const [claimed] = await table.claim([eq('place', row.place ?? 0)], { owner: 'me' });
		expect(claimed?.payload).toBe(payload);
	}
});

it('does not unpack what is larger than any request', async () => {
	const { rows, table } = makeTable();
	const payload = `gzip:${gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString('base64')}`;
	rows.insert([{ events: 1, payload, place: 1 }]);
	expect(await table.claim([eq('place', 1)], { owner: 'me' })).toMatchObject([{ payload }]);
});

it.each([
	'gzip:',
	'gzip:AAAA',
	'gzip:H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTtVRSi1LLFKyAgAAAP//',
	'gzip:\u{1F600}',
])('what somebody broke is left for whoever reads the row: %s', async (payload) => {
	const { rows, table } = makeTable();
	rows.insert([{ events: 2, payload, place: 1 }]);
	expect(await table.claim([eq('place', 1)], { owner: 'me' })).toMatchObject([{ payload }]);
});

it('any text comes back as it went in', async () => {
	const text = fc
		.tuple(fc.string({ unit: 'grapheme' }), fc.nat({ max: 40_000 }))
		.map(([some, length]) => `[${some}${'x'.repeat(length)}]`);
	await fc.assert(
		fc.asyncProperty(text, text, fc.nat({ max: 3 }), async (payload, details, events) => {
			expect(await claimed({ events, payload, details })).toMatchObject({ events, payload, details });
		}),
		{ numRuns: inputs(200) },
	);
});
