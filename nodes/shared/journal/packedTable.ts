import type { Cell, Cells, StoredRow, Table } from '../dataTables/table';

/**
 * A text of several events is packed when it is longer than this. n8n's table view shows only one line of it
 * anyway.
 */
const LONGEST_PLAIN = 16_384;
/**
 * Every text is packed when it is longer than this. Nobody corrects so long a text by hand, and a call to n8n
 * may have 16 MiB as JSON.
 */
const LONGEST_SINGLE = 1_000_000;
/**
 * The longest text after unpacking. n8n takes no longer text in a request, so a longer one was not packed by
 * this node.
 */
const LONGEST_UNPACKED = 64 * 1024 * 1024;
/** The start of a packed text. Neither JSON nor NDJSON can begin like this. */
export const PACKED_MARK = 'gzip:';

/**
 * A table that packs large texts (gzip in base64). Packed texts need a fraction of the space that n8n has for
 * all Data Tables, and less time to write and read. The payload of a single event, which people read and
 * correct, stays plain up to a megabyte.
 *
 * Rows are packed when they are written and unpacked when they are claimed. Rows that are only read stay
 * packed.
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

/** Unpacks the texts of a row that was only read. */
export const unpackedRow = async (row: StoredRow): Promise<StoredRow> =>
	await withTexts(row, unpackedIfPossible);

/** A copy of the row with changed long texts. */
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

/** A text that only looks packed is packed as well, so that it is read back correctly. */
async function packed(text: string, longestPlain: number): Promise<string> {
	if (text.length <= longestPlain && !text.startsWith(PACKED_MARK)) return text;
	return PACKED_MARK + (await through(new CompressionStream('gzip'), Buffer.from(text))).toString('base64');
}

async function unpacked(text: string): Promise<string> {
	if (!text.startsWith(PACKED_MARK)) return text;
	const bytes = Buffer.from(text.slice(PACKED_MARK.length), 'base64');
	return (await through(new DecompressionStream('gzip'), bytes)).toString('utf8');
}

/** A text that can't be unpacked stays unchanged. The code that reads the row reports the problem. */
const unpackedIfPossible = async (text: string): Promise<string> => await unpacked(text).catch(() => text);

/** Node.js's own streams of the Compression Streams standard: community nodes may not import zlib. */
async function through(stream: CompressionStream | DecompressionStream, bytes: Buffer): Promise<Buffer> {
	const writer = stream.writable.getWriter();
	// Both are awaited together, because unreadable data makes both fail.
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
