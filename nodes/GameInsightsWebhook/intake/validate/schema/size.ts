/** The size of an event, as far as it affects the time of a check. */
export interface Size {
	/** The number of texts, numbers, lists, objects and so on, at any depth, including the event itself. */
	readonly values: number;
	/** Length of the longest name of a property, in UTF-16 units. */
	readonly longestName: number;
	/** Whether a number has more digits than can be calculated with. */
	readonly hasEndlessNumber: boolean;
	/**
	 * The maxima over all objects in it: the number of names, the sum of (length + 1) of the names, the sum of
	 * the squares of these, and the sum of their cubes.
	 */
	readonly names: readonly [number, number, number, number];
}

/** Measures an event. Recursive: the event must not be nested deeper than n8n allows. */
export function sizeOf(event: unknown): Size {
	let values = 0;
	let longestName = 0;
	let hasEndlessNumber = false;
	const most: [number, number, number, number] = [0, 0, 0, 0];
	const visit = (value: unknown): void => {
		values++;
		if (typeof value !== 'object' || value === null) {
			hasEndlessNumber ||= Number.isNaN(value);
			return;
		}
		if (Array.isArray(value)) {
			for (const element of value) visit(element);
			return;
		}
		let [count, lengths, squares, cubes] = [0, 0, 0, 0];
		for (const [name, member] of Object.entries(value)) {
			const length = name.length + 1;
			longestName = Math.max(longestName, name.length);
			count++;
			lengths += length;
			squares += length ** 2;
			cubes += length ** 3;
			visit(member);
		}
		most[0] = Math.max(most[0], count);
		most[1] = Math.max(most[1], lengths);
		most[2] = Math.max(most[2], squares);
		most[3] = Math.max(most[3], cubes);
	};
	visit(event);
	return { values, longestName, hasEndlessNumber, names: most };
}
