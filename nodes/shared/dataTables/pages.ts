import type { StoredRow } from './table';

/**
 * Rows page by page, the lowest ids first. The last page may be empty.
 * @param read the rows above an id, the lowest ids first, at most `size` of them
 */
export async function* pagesOf(
	size: number,
	read: (afterId: number) => Promise<StoredRow[]>,
): AsyncGenerator<StoredRow[]> {
	for (let afterId = 0; ;) {
		const rows = await read(afterId);
		yield rows;
		afterId = rows.at(-1)?.id ?? afterId;
		if (rows.length < size) return;
	}
}
