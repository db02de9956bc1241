import type { Source } from '../source';

/**
 * Finds something about a source once, however many executions ask for it: to go through a body of megabytes
 * for each of them would cost its whole length each time. What was found is forgotten with its source.
 *
 * @param find Depends on nothing but the source.
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
