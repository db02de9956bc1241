import type { Source } from '../source';
import { linesOf } from './lines';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * The text of each event, character for character as it was sent. Exact where parsing and serialising again is
 * not (`1e400` would become `null`, `-0` would become `0`), and indifferent to how deep an event is nested.
 *
 * Expects a source that was read before: that the text is JSON is not checked again.
 *
 * @throws {SyntaxError} for some texts that are not JSON.
 */
export function sliceEvents(source: Source): string[] {
	if (source.format === 'ndjson') return Array.from(linesOf(source.text), (line) => line.text);
	const { text } = source;
	const start = skipBlanks(text, 0);
	if (text.charCodeAt(start) === OPEN_ARRAY) return elementsOf(text, start);
	const members = text.charCodeAt(start) === OPEN_OBJECT ? membersOf(text, start) : new Map<string, string>();
	const events = members.get('events');
	if (members.has('event_type') || events === undefined) return [text.trim()];
	return elementsOf(events, 0);
}

/** The texts of an array's elements; `start` is where its bracket stands. */
function elementsOf(text: string, start: number): string[] {
	const elements: string[] = [];
	let at = skipBlanks(text, start + 1);
	while (text.charCodeAt(at) !== CLOSE_ARRAY) {
		if (at >= text.length) throw brokenOff();
		const end = valueEnd(text, at);
		elements.push(text.slice(at, end).trimEnd());
		at = text.charCodeAt(end) === COMMA ? skipBlanks(text, end + 1) : end;
	}
	return elements;
}

/** The texts of an object's members by name; of two equal names the last one counts, as in `JSON.parse`. */
function membersOf(text: string, start: number): Map<string, string> {
	const members = new Map<string, string>();
	let at = skipBlanks(text, start + 1);
	while (text.charCodeAt(at) !== CLOSE_OBJECT) {
		if (text.charCodeAt(at) !== QUOTE) throw brokenOff();
		const nameEnd = stringEnd(text, at);
		const name = JSON.parse(text.slice(at, nameEnd)) as string;
		const valueStart = skipBlanks(text, text.indexOf(':', nameEnd) + 1);
		const end = valueEnd(text, valueStart);
		members.set(name, text.slice(valueStart, end).trimEnd());
		at = text.charCodeAt(end) === COMMA ? skipBlanks(text, end + 1) : end;
	}
	return members;
}

/** Where the value that starts at `start` is over: at the comma or closing bracket that follows it. */
function valueEnd(text: string, start: number): number {
	let depth = 0;
	let at = start;
	while (at < text.length) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = stringEnd(text, at);
			continue;
		}
		if (code === OPEN_ARRAY || code === OPEN_OBJECT) depth++;
		else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
			if (depth === 0) return at;
			depth--;
		} else if (code === COMMA && depth === 0) return at;
		at++;
	}
	return at;
}

/** Where the string whose opening quote stands at `start` is over: just after its closing quote. */
function stringEnd(text: string, start: number): number {
	let quote = text.indexOf('"', start + 1);
	while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
	if (quote === -1) throw brokenOff();
	return quote + 1;
}

/** Stops a walk that would never end over a text that is not JSON after all. */
const brokenOff = (): SyntaxError => new SyntaxError('The text is not JSON');

/** A character is escaped when an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
	let first = at;
	while (text.charCodeAt(first - 1) === BACKSLASH) first--;
	return (at - first) % 2 === 1;
}

/** JSON's white space: space, tab, line feed, carriage return (RFC 8259, section 2). */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

function skipBlanks(text: string, start: number): number {
	let at = start;
	while (isBlank(text.charCodeAt(at))) at++;
	return at;
}
