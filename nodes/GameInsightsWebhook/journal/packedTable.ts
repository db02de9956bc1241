import type { Cell, Cells, StoredRow, Table } from './table';

/** Longer texts of several events are packed; n8n's table view shows no more than a line of them anyway. */
const LONGEST_PLAIN = 16_384;
/**
 * Longer ones are packed in any case: nobody corrects them by hand, and n8n takes 16 MiB in a call, written
 * as JSON.
 */
const LONGEST_SINGLE = 1_000_000;
/**
 * No text is longer than what n8n takes in a request; what would become longer was not packed by this node.
 */
const LONGEST_UNPACKED = 64 * 1024 * 1024;
/** What a packed text begins with. Neither JSON nor NDJSON begins like this. */
export const PACKED_MARK = 'gzip:';

/**
 * The table, but large texts are kept packed (gzip in base64): they take a fraction of the room that n8n has
 * for all Data Tables, and of the time it takes to write and read them. What people read and correct, the
 * payload of a single event, stays as it is up to a megabyte.
 *
 * Rows are packed when they are written and unpacked when they are claimed. Rows that are only read stay as
 * they are in the table.
 */
export function packedTable(table: Table): Table {
	return {
		...table,
		insert: async (rows) =>
			await table.insert(await Promise.all(rows.map(async (row) => await withTexts(row, packed)))),
		update: async (filter, cells) => await table.update(filter, await withTexts(cells, packed)),
		claim: async (filter, cells) => {
			const rows = await table.claim(filter, cells);
			return await Promise.all(rows.map(async (row) => await withTexts(row, unpackedIfPossible)));
		},
	};
}

/** A row that was only read, with its texts as they were before they were packed. */
export const unpackedRow = async (row: StoredRow): Promise<StoredRow> =>
	await withTexts(row, unpackedIfPossible);

/** A row whose long texts were changed. */
async function withTexts<Row extends Cells>(
	row: Row,
	change: (text: string, longestPlain: number) => Promise<string>,
): Promise<Row> {
	const longest = typeof row.events === 'number' && row.events > 1 ? LONGEST_PLAIN : LONGEST_SINGLE;
	let changed = row;
	for (const column of ['payload', 'details'] as const) {
		const cell: Cell = row[column] ?? null;
		if (typeof cell === 'string') changed = { ...changed, [column]: await change(cell, longest) };
	}
	return changed;
}

/**
 * A text that only looks as if it were packed is packed as well, so that reading it back can't be mistaken.
 */
async function packed(text: string, longestPlain: number): Promise<string> {
	if (text.length <= longestPlain && !text.startsWith(PACKED_MARK)) return text;
	return PACKED_MARK + (await through(new CompressionStream('gzip'), Buffer.from(text))).toString('base64');
}

async function unpacked(text: string): Promise<string> {
	if (!text.startsWith(PACKED_MARK)) return text;
	const bytes = Buffer.from(text.slice(PACKED_MARK.length), 'base64');
	return (await through(new DecompressionStream('gzip'), bytes)).toString('utf8');
}

/**
 * A text that can't be unpacked stays what it is, so that whoever reads the row says what is wrong with it.
 */
const unpackedIfPossible = async (text: string): Promise<string> => await unpacked(text).catch(() => text);

/** Node.js's own streams of the Compression Streams standard: community nodes may not import zlib. */
async function through(stream: CompressionStream | DecompressionStream, bytes: Buffer): Promise<Buffer> {
	const writer = stream.writable.getWriter();
	// Together: what is not readable fails on both sides.
	const [chunks] = await Promise.all([
		chunksOf(stream.readable.getReader()),
		writer.write(bytes),
		writer.close(),
	]);
	return Buffer.concat(chunks);
}

async function chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		chunks.push(next.value);
		length += next.value.length;
		if (length <= LONGEST_UNPACKED) continue;
		await reader.cancel();
		throw new RangeError('longer than anything that is packed');
	}
	return chunks;
}
