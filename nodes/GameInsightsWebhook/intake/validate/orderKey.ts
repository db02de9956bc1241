import { createHash } from 'crypto';
import { ownMember } from '../../../shared/json/jsonValue';
import type { Path } from './path';

/** Longer values are stored as their digest, so that no key takes more memory than this, whatever is sent. */
const LONGEST_PLAIN_KEY = 64;

/**
 * The key that decides the order of an event: the text, number, `true` or `false` at this path. Null when
 * there is none, and for an empty text, `null`, an object or a list: such an event has no order. A number and
 * the same number as text give the same key.
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
