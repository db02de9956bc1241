/**
 * Formats rows as text: the first column to the left, numbers to the right.
 * @param {string[]} head empty strings for a table without a head
 * @param {(string | number)[][]} rows
 */
export function table(head, rows) {
	const cells = [...(head.some(Boolean) ? [head] : []), ...rows].map((row) => row.map(String));
	const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
	return cells
		.map((row) =>
			row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))),
		)
		.map((row) => `  ${row.join('   ')}`.trimEnd())
		.join('\n');
}
