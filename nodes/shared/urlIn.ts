/**
 * The URL that a text is; null when it is none. Not by `URL.canParse`: Node.js 20 answers wrongly there for
 * names with letters like ü once the call has run a few thousand times.
 */
export function urlIn(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}
