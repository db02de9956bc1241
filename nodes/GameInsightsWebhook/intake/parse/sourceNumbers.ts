import type { Source } from '../source';
import { mayHoldLongNumbers } from './longNumbers';

const foundBefore = new WeakMap<Source, boolean>();

/** As `mayHoldLongNumbers`, for a source; gone through once. */
export function sourceMayHoldLongNumbers(source: Source): boolean {
	const known = foundBefore.get(source);
	if (known !== undefined) return known;
	const found = mayHoldLongNumbers(source.text);
	foundBefore.set(source, found);
	return found;
}
