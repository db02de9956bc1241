import type { IncomingRequest } from '../receipt';
import { charsetOf } from './contentType';
import { UnreadableBody } from '../../../shared/events/unreadableBody';

const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * A body's bytes as text, without a byte order mark. Unreadable with status 400 when bytes are not UTF-8:
 * replacing them silently would change the data.
 */
export function decodeUtf8(body: Buffer): string | UnreadableBody {
	try {
		return strict.decode(body);
	} catch {
		return new UnreadableBody(400, 'encoding', 'The body is not valid UTF-8');
	}
}

/**
 * An unreadable body as text for a person, decoded with its declared charset. U+FFFD replaces bytes that are
 * no text.
 */
export function showBody(request: IncomingRequest): string {
	return decoderOf(request).decode(request.body);
}

function decoderOf(request: IncomingRequest): InstanceType<typeof TextDecoder> {
	// RFC 2781, section 4.3: a byte order mark shows which kind of UTF-16 it is.
	if (request.body[0] === 0xfe && request.body[1] === 0xff) return new TextDecoder('utf-16be');
	try {
		return new TextDecoder(charsetOf(request));
	} catch {
		return new TextDecoder();
	}
}
