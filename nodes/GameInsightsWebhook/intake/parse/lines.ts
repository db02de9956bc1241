/** A line that is not blank. */
export interface Line {
	readonly text: string;
	/** As an editor counts it: from 1, blank lines included. */
	readonly number: number;
	/** Where it starts in the whole text, in UTF-16 units. */
	readonly start: number;
}

const NOT_BLANK = /[^ \t\r]/;

/**
 * The lines of an NDJSON text that are not blank. One at a time: a body of line feeds alone must not become a
 * list of millions.
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
