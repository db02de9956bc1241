/**
 * Parses a text as a URL. Null when it is none. `URL.canParse` is not used: in Node.js 20 it gives wrong
 * results for names with letters like ü after a few thousand calls.
 */
export function urlIn(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}
