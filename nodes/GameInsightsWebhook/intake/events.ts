import { eventTexts } from './parse/slice';
import { UnreadableBody } from './parse/unreadableBody';
import { valuesIn } from './parse/valuesIn';
import { ReadAhead } from './readAhead';
import type { Source } from './source';

const readAhead = new ReadAhead();

/** Lets the next `readEvents` of this very source have values that were read already. Nobody may change them any more. */
export const alreadyRead = (source: Source, values: unknown[]): void => readAhead.keep(source, values);

/**
 * The values that stand where events are expected, one for each place; a `BadLine` for a line that is not JSON.
 *
 * They are as they reach the workflow, see `readJson`.
 *
 * @throws {SyntaxError} for a text that no event can be told apart in; a request with such a body has no source.
 */
export function readEvents(source: Source): unknown[] {
	return readAhead.take(source) ?? valuesOf(source);
}

/** As `readEvents`, for somebody who only looks at the values and leaves them to others. */
export function viewEvents(source: Source): readonly unknown[] {
	return readAhead.view(source) ?? valuesOf(source);
}

function valuesOf(source: Source): unknown[] {
	const values = valuesIn(source, Number.POSITIVE_INFINITY);
	if (values instanceof UnreadableBody) throw new SyntaxError(values.message);
	return values;
}

/**
 * A source with nothing but the events at `indexes`, in that order: a bare JSON array of their texts, character
 * for character as they were sent.
 *
 * @throws {RangeError} when there is no event at an index.
 */
export function pick(source: Source, indexes: readonly number[]): Source {
	return { format: 'json', text: `[${eventTexts(source, indexes).join(',')}]` };
}
