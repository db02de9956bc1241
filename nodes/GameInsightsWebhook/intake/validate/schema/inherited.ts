/** Names that each plain object answers to without having them, such as `toString`. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** Whether one of these names stands in a JSON value. */
export function mentionsInherited(value: unknown): boolean {
	const text = JSON.stringify(value);
	return INHERITED.some((name) => text.includes(name));
}

/**
 * A copy of a JSON value whose objects have no names but their own: the library looks names up with `in`.
 * Slower to work with than plain objects, so only for where that matters.
 */
export function withoutInherited(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(withoutInherited);
	const copy = Object.create(null) as Record<string, unknown>;
	for (const [name, member] of Object.entries(value)) copy[name] = withoutInherited(member);
	return copy;
}
