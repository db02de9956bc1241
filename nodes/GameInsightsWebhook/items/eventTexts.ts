import { sliceEvents } from '../intake/parse/slice';
import type { Source } from '../intake/source';

/** The JSON texts of the events at `indexes`, as they were sent. Goes through the source once, however many are wanted. */
export function eventTexts(source: Source, indexes: readonly number[]): string[] {
	const texts = sliceEvents(source);
	return indexes.map((index) => {
		const text = texts[index];
		if (text === undefined) throw new RangeError(`There is no event at place ${index}`);
		return text;
	});
}
