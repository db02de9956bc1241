import { ownMember } from '../../jsonValue';

/** The value at a path of keys in parsed JSON; undefined when the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce(ownMember, value);
}
