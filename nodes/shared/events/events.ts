import { eventTexts } from './slice';
import { UnreadableBody } from './unreadableBody';
import { valuesIn } from './valuesIn';
import type { Source } from './source';

/**
 * The values at the positions of events, one for each position. A `BadLine` for a line that is not JSON.
 *
 * The values are those that the workflow gets, see `readJson`.
 *
 * @throws {SyntaxError} for a text in which no events can be found. A request with such a body has no source.
 */
export function readEvents(source: Source): unknown[] {
	const values = valuesIn(source, Number.POSITIVE_INFINITY);
	if (values instanceof UnreadableBody) throw new SyntaxError(values.message);
	return values;
}

/**
 * A source with only the events at `indexes`, in that order: a JSON array of their texts, unchanged.
 *
 * @throws {RangeError} when there is no event at an index.
 */
export function pick(source: Source, indexes: readonly number[]): Source {
	return { format: 'json', text: `[${eventTexts(source, indexes).join(',')}]` };
}
