import { ownMember } from '../json/jsonValue';

/** The value at a path of keys in parsed JSON. Undefined when there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce(ownMember, value);
}

/**
 * The first value that is not undefined. `null` counts as a value: it means that there is no user, so a later
 * value must not be used as the user.
 */
export function firstThere(...values: readonly unknown[]): unknown {
	return values.find((value) => value !== undefined);
}
