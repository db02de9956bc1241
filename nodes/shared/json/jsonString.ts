const BACKSLASH = 0x5c;

/**
 * The end of the JSON string whose opening quote is at `start`: the position just after its closing quote. -1
 * when there is none.
 */
export function stringEnd(text: string, start: number): number {
	let quote = text.indexOf('"', start + 1);
	while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
	return quote === -1 ? -1 : quote + 1;
}

/** A character is escaped when an odd number of backslashes precedes it. */
function isEscaped(text: string, at: number): boolean {
	let first = at;
	while (text.charCodeAt(first - 1) === BACKSLASH) first--;
	return (at - first) % 2 === 1;
}
