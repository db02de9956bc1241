/** The limits of a number field. */
export interface NumberBounds {
	readonly default: number;
	readonly min: number;
	readonly max: number;
	/** How many decimals the field takes. Left out for any number of them; 0 for a whole number. */
	readonly decimals?: number;
}

/** The part of a node's field that its limits decide. */
export interface NumberField {
	readonly type: 'number';
	readonly typeOptions: {
		readonly minValue: number;
		readonly maxValue: number;
		readonly numberPrecision?: number;
	};
	readonly default: number;
}

/** The number fields of a node, by their names. */
export interface NumberFields<Name extends string> {
	/** For the panel. */
	numberField(this: void, name: Name): NumberField;
	/**
	 * Reads what was typed: a number outside the limits is moved to the nearest one, and a whole number loses
	 * its fraction. A value that is no number (empty, NaN, a text) becomes the default.
	 */
	readNumber(this: void, name: Name, value: unknown): number;
}

/** Functions for fields with these limits. */
export function numberFields<Name extends string>(
	allBounds: Readonly<Record<Name, NumberBounds>>,
): NumberFields<Name> {
	return {
		numberField: (name) => {
			const { default: usual, min, max, decimals } = allBounds[name];
			const precision = decimals === undefined ? {} : { numberPrecision: decimals };
			return { type: 'number', typeOptions: { minValue: min, maxValue: max, ...precision }, default: usual };
		},
		readNumber: (name, value) => {
			const { default: usual, min, max, decimals } = allBounds[name];
			const isTyped = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
			const typed = isTyped ? Number(value) : Number.NaN;
			const bounded = Number.isNaN(typed) ? usual : Math.min(max, Math.max(min, typed));
			return decimals === 0 ? Math.floor(bounded) : bounded;
		},
	};
}
