import { eventTexts } from './parse/slice';
import { UnreadableBody } from './parse/unreadableBody';
import { valuesIn } from './parse/valuesIn';
import type { Source } from './source';

/**
 * The values that stand where events are expected, one for each place; a `BadLine` for a line that is not
 * JSON.
 *
 * They are as they reach the workflow, see `readJson`.
 *
 * @throws {SyntaxError} for a text that no event can be told apart in; a request with such a body has no
 * source.
 */
export function readEvents(source: Source): unknown[] {
	const values = valuesIn(source, Number.POSITIVE_INFINITY);
	if (values instanceof UnreadableBody) throw new SyntaxError(values.message);
	return values;
}

/**
 * A source with nothing but the events at `indexes`, in that order: a bare JSON array of their texts,
 * character for character as they were sent.
 *
 * @throws {RangeError} when there is no event at an index.
 */
export function pick(source: Source, indexes: readonly number[]): Source {
	return { format: 'json', text: `[${eventTexts(source, indexes).join(',')}]` };
}
