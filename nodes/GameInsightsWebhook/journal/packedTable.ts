import type { Cell, Cells, StoredRow, Table } from './table';

/** Longer texts are packed; n8n's table view shows no more than a line of them anyway. */
const LONGEST_PLAIN = 16_384;
/** What a packed text begins with. Neither JSON nor NDJSON begins like this. */
export const PACKED_MARK = 'gzip:';

/**
 * The table, but large batches are kept packed (gzip in base64): they take a fraction of the room that n8n has for all Data
 * Tables, and of the time it takes to write and read them. What people read and correct, the payload of a single event, stays as it is.
 *
 * Rows are packed when they are inserted and unpacked when they are claimed. Rows that are only read stay as they are in the table.
 */
export function packedTable(table: Table): Table {
	return {
		...table,
		insert: async (rows) =>
			await table.insert(await Promise.all(rows.map(async (row) => await withTexts(row, packed)))),
		claim: async (filter, cells) => {
			const rows = await table.claim(filter, cells);
			return await Promise.all(rows.map(async (row) => await withTexts(row, unpackedIfPossible)));
		},
	};
}

/** A row that was only read, with its texts as they were before they were packed. */
export const unpackedRow = async (row: StoredRow): Promise<StoredRow> =>
	await withTexts(row, unpackedIfPossible);

/** A row whose long texts were changed, if it is one of several events. */
async function withTexts<Row extends Cells>(
	row: Row,
	change: (text: string) => Promise<string>,
): Promise<Row> {
	if (typeof row.events !== 'number' || row.events <= 1) return row;
	const changed = async (cell: Cell = null): Promise<Cell> =>
		typeof cell === 'string' ? await change(cell) : cell;
	return { ...row, payload: await changed(row.payload), details: await changed(row.details) };
}

async function packed(text: string): Promise<string> {
	if (text.length <= LONGEST_PLAIN) return text;
	return PACKED_MARK + (await through(new CompressionStream('gzip'), Buffer.from(text))).toString('base64');
}

async function unpacked(text: string): Promise<string> {
	if (!text.startsWith(PACKED_MARK)) return text;
	const bytes = Buffer.from(text.slice(PACKED_MARK.length), 'base64');
	return (await through(new DecompressionStream('gzip'), bytes)).toString('utf8');
}

/** A text that can't be unpacked stays what it is, so that whoever reads the row says what is wrong with it. */
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
	for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
	return chunks;
}
