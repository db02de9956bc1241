/** A line that is not blank. */
export interface Line {
	readonly text: string;
	/** The line number as in an editor: from 1, with blank lines counted. */
	readonly number: number;
	/** Its start in the whole text, in UTF-16 units. */
	readonly start: number;
}

const NOT_BLANK = /[^ \t\r]/;

/**
 * The lines of an NDJSON text that are not blank, one at a time: a body of many line feeds must not become a
 * list of millions of lines.
 */
export function* linesOf(text: string): Generator<Line> {
	let start = 0;
	for (let number = 1; start <= text.length; number++) {
		const lineFeed = text.indexOf('\n', start);
		const end = lineFeed === -1 ? text.length : lineFeed;
		const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
		if (NOT_BLANK.test(line)) yield { text: line, number, start };
		start = end + 1;
	}
}
