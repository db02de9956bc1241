import { ownMember } from '../json/jsonValue';

/** The value at a path of keys in parsed JSON; undefined when the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce(ownMember, value);
}

/**
 * The first value that is there at all. `null` is there: it says that there is nobody, so what comes after it
 * must not be taken for somebody.
 */
export function firstThere(...values: readonly unknown[]): unknown {
	return values.find((value) => value !== undefined);
}
