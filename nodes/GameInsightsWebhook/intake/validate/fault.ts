import { describe } from '../../../shared/json/jsonValue';
import { nameOf, type Path, pointerTo } from './path';

/** A fault of one event, in words for the sender. */
export interface Fault {
	/** The rule that was broken. */
	readonly code: string;
	/** JSON Pointer (RFC 6901) into the event; empty for the event as a whole. */
	readonly path: string;
	/** One plain sentence, without its full stop. */
	readonly message: string;
}

/**
 * The fault of a value that is not as required: "`properties.amount` must be a number, it is the text
 * "9,99"".
 *
 * @param demand The rule, to follow the value's name: `must be a number`.
 */
export function unmet(code: string, path: Path, demand: string, value: unknown): Fault {
	const name = nameOf(path);
	const message = value === undefined ? `${name} is missing` : `${name} ${demand}, it is ${describe(value)}`;
	return { code, path: pointerTo(path), message };
}
