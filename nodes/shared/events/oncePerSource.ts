import type { Source } from './source';

/**
 * Calls `find` once for a source, even if many executions need the result: reading a body of megabytes each
 * time would cost too much. The result is forgotten together with the source.
 *
 * @param find Depends only on the source.
 */
export function oncePerSource<T>(find: (source: Source) => T): (source: Source) => T {
	const found = new WeakMap<Source, { readonly value: T }>();
	return (source) => {
		let known = found.get(source);
		if (known === undefined) {
			known = { value: find(source) };
			found.set(source, known);
		}
		return known.value;
	};
}
