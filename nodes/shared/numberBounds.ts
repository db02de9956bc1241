/** The limits of a number field. */
export interface NumberBounds {
	readonly default: number;
	readonly min: number;
	readonly max: number;
}

/** The functions that read the numbers of a node's fields, by the fields' names. */
export interface NumberReaders<Name extends string> {
	/** A number within its limits. A value that is no number (empty, NaN, a text) becomes the default. */
	boundedNumber(this: void, name: Name, value: unknown): number;
	/** The same, without its fraction. */
	wholeNumber(this: void, name: Name, value: unknown): number;
}

/** Functions for fields with these limits: a number outside is moved to the nearest limit. */
export function numberReaders<Name extends string>(
	allBounds: Readonly<Record<Name, NumberBounds>>,
): NumberReaders<Name> {
	const boundedNumber = (name: Name, value: unknown): number => {
		const bounds = allBounds[name];
		const isTyped = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
		const typed = isTyped ? Number(value) : Number.NaN;
		if (Number.isNaN(typed)) return bounds.default;
		return Math.min(bounds.max, Math.max(bounds.min, typed));
	};
	return { boundedNumber, wholeNumber: (name, value) => Math.floor(boundedNumber(name, value)) };
}
