import type { Source } from './source';
import { stringEnd } from '../json/jsonString';
import { linesOf } from './lines';
import { oncePerSource } from './oncePerSource';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The position of each event in a source's text: start and end, start and end, … in UTF-16 units. */
type Spans = Uint32Array;

/**
 * The text of each event, character for character as it was sent. Parsing and serialising again would change
 * some texts (`1e400` would become `null`, `-0` would become `0`). It works for any depth of nesting.
 *
 * The source must have been parsed before: the text is not checked again.
 *
 * @throws {SyntaxError} for some texts that are not JSON.
 */
export function sliceEvents(source: Source): string[] {
	const spans = spansOf(source);
	return Array.from({ length: spans.length / 2 }, (_, index) => textAt(source, spans, index));
}

/**
 * Like `sliceEvents`, for the events at `indexes`, in that order. After the first call for a source, the time
 * only depends on the wanted events.
 *
 * @throws {RangeError} when there is no event at an index.
 */
export function eventTexts(source: Source, indexes: readonly number[]): string[] {
	const spans = spansOf(source);
	return indexes.map((index) => {
		if (!Number.isInteger(index) || spans[2 * index] === undefined)
			throw new RangeError(`There is no event at place ${index}`);
		return textAt(source, spans, index);
	});
}

/**
 * The text of each element of the list at a path of names, or of the single value there, as it was sent. The
 * text must be JSON and contain the path.
 */
export function elementTexts(text: string, keys: readonly string[]): string[] {
	let start = skipBlanks(text, 0);
	for (const key of keys) start = membersOf(text, start).get(key) ?? text.length;
	const spans =
		text.charCodeAt(start) === OPEN_ARRAY
			? elementsOf(text, start)
			: [start, endWithoutBlanks(text, valueEnd(text, start))];
	return Array.from({ length: spans.length / 2 }, (_, index) =>
		text.slice(spans[2 * index], spans[2 * index + 1]),
	);
}

/** From a JSON text of an object, the members with certain names, each with its value as it was sent. */
export function memberTexts(text: string, names: readonly string[]): Array<[name: string, value: string]> {
	const members = membersOf(text, skipBlanks(text, 0));
	return names.flatMap((name): Array<[string, string]> => {
		const start = members.get(name);
		return start === undefined
			? []
			: [[name, text.slice(start, endWithoutBlanks(text, valueEnd(text, start)))]];
	});
}

/**
 * The text of an object without the member at a path of names. If the member occurs several times, all are
 * removed. The rest is unchanged. The text must be JSON.
 */
export function withoutMember(text: string, [name, ...inner]: readonly string[]): string {
	const start = skipBlanks(text, 0);
	if (text.charCodeAt(start) !== OPEN_OBJECT) return text;
	const kept: string[] = [];
	let from = start + 1;
	for (const member of eachMember(text, start)) {
		if (member.name !== name) kept.push(text.slice(from, member.end));
		else if (inner.length > 0) {
			const value = withoutMember(text.slice(member.valueStart, member.end), inner);
			kept.push(text.slice(from, member.valueStart) + value);
		}
		from = text.charCodeAt(member.end) === COMMA ? member.end + 1 : member.end;
	}
	return text.slice(0, start + 1) + kept.join(',') + text.slice(from);
}

const textAt = ({ text }: Source, spans: Spans, index: number): string =>
	text.slice(spans[2 * index], spans[2 * index + 1]);

const spansOf = oncePerSource(({ format, text }): Spans =>
	Uint32Array.from(format === 'ndjson' ? spansOfLines(text) : spansOfJson(text)),
);

const spansOfLines = (text: string): number[] =>
	Array.from(linesOf(text), (line) => [line.start, line.start + line.text.length]).flat();

function spansOfJson(text: string): number[] {
	const start = skipBlanks(text, 0);
	if (text.charCodeAt(start) === OPEN_ARRAY) return elementsOf(text, start);
	const members = membersOf(text, start);
	const events = members.get('events');
	if (members.has('event_type') || events === undefined) return [start, endWithoutBlanks(text, text.length)];
	return elementsOf(text, events);
}

/** The positions of an array's elements. `start` is the position of its bracket. */
function elementsOf(text: string, start: number): number[] {
	const spans: number[] = [];
	let at = skipBlanks(text, start + 1);
	while (text.charCodeAt(at) !== CLOSE_ARRAY) {
		if (at >= text.length) throw brokenOff();
		const end = valueEnd(text, at);
		spans.push(at, endWithoutBlanks(text, end));
		at = text.charCodeAt(end) === COMMA ? skipBlanks(text, end + 1) : end;
	}
	return spans;
}

/**
 * The positions of the values of an object's members, by name. Of two equal names the last one counts, as in
 * `JSON.parse`.
 */
function membersOf(text: string, start: number): Map<string, number> {
	const members = new Map<string, number>();
	for (const { name, valueStart } of eachMember(text, start)) members.set(name, valueStart);
	return members;
}

/**
 * A member of an object. Its value begins at `valueStart`; at `end` is a comma or the object's closing
 * bracket.
 */
interface Member {
	readonly name: string;
	readonly valueStart: number;
	readonly end: number;
}

/** The members of an object, one after the other. `start` is the position of its bracket. */
function* eachMember(text: string, start: number): Generator<Member> {
	let at = skipBlanks(text, start + 1);
	while (text.charCodeAt(at) !== CLOSE_OBJECT) {
		if (text.charCodeAt(at) !== QUOTE) throw brokenOff();
		const nameEnd = closedStringEnd(text, at);
		const name = JSON.parse(text.slice(at, nameEnd)) as string;
		const valueStart = skipBlanks(text, text.indexOf(':', nameEnd) + 1);
		const end = valueEnd(text, valueStart);
		yield { name, valueStart, end };
		at = text.charCodeAt(end) === COMMA ? skipBlanks(text, end + 1) : end;
	}
}

/** The end of the value that starts at `start`: the position of the comma or closing bracket after it. */
function valueEnd(text: string, start: number): number {
	let depth = 0;
	let at = start;
	while (at < text.length) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = closedStringEnd(text, at);
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

function closedStringEnd(text: string, start: number): number {
	const end = stringEnd(text, start);
	if (end === -1) throw brokenOff();
	return end;
}

/** Ends a loop that would never end in a text that is not JSON. */
const brokenOff = (): SyntaxError => new SyntaxError('The text is not JSON');

/** JSON's white space: space, tab, line feed, carriage return (RFC 8259, section 2). */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

function skipBlanks(text: string, start: number): number {
	let at = start;
	while (isBlank(text.charCodeAt(at))) at++;
	return at;
}

function endWithoutBlanks(text: string, end: number): number {
	let at = end;
	while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
	return at;
}
