/** Names that every plain object inherits, such as `toString`. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** Whether one of these names occurs in a JSON value. */
export function mentionsInherited(value: unknown): boolean {
	const text = JSON.stringify(value);
	return INHERITED.some((name) => text.includes(name));
}

/**
 * A copy of a JSON value whose objects inherit no names: the library tests names with `in`. Such objects are
 * slower than plain ones, so it is only used where needed.
 */
export function withoutInherited(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(withoutInherited);
	const copy = Object.create(null) as Record<string, unknown>;
	for (const [name, member] of Object.entries(value)) copy[name] = withoutInherited(member);
	return copy;
}
