/** How large an event is, as far as that matters for how long checking it takes. */
export interface Size {
	/** Texts, numbers, lists, objects and so on, however deep; the event itself counts too. */
	readonly values: number;
	/** Length of the longest name of a property, in UTF-16 units. */
	readonly longestName: number;
	/** Whether a number has more digits than are calculated with. */
	readonly hasEndlessNumber: boolean;
}

/** Measures an event. Recursive: the event must not be nested deeper than n8n can keep. */
export function sizeOf(event: unknown): Size {
	let values = 0;
	let longestName = 0;
	let hasEndlessNumber = false;
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
		for (const [name, member] of Object.entries(value)) {
			longestName = Math.max(longestName, name.length);
			visit(member);
		}
	};
	visit(event);
	return { values, longestName, hasEndlessNumber };
}
