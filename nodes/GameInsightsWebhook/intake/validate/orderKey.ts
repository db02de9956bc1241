import { createHash } from 'crypto';
import { ownMember } from '../../../shared/json/jsonValue';
import type { Path } from './path';

/** Longer values are kept as their digest, so that a key costs no more than this whatever is sent. */
const LONGEST_PLAIN_KEY = 64;

/**
 * What an event is put in order by: its text, number, `true` or `false` at this path. Null where there is
 * none, as well as for an empty text, `null`, an object or a list: nothing holds such an event. A number and
 * the same number as text are the same.
 */
export function orderKeyOf(event: unknown, path: Path): string | null {
	let value = event;
	for (const key of path) value = ownMember(value, String(key));
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
	const text = String(value);
	if (text === '') return null;
	if (text.length <= LONGEST_PLAIN_KEY) return `=${text}`;
	return `#${createHash('sha256').update(text, 'utf16le').digest('base64url')}`;
}
