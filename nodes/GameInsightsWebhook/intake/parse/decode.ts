import type { IncomingRequest } from '../receipt';
import { charsetOf } from './contentType';
import { UnreadableBody } from './unreadableBody';

const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * A body's bytes as text, without a byte order mark. Bytes that are not UTF-8 make it unreadable, 400: put
 * right silently, they would be other data.
 */
export function decodeUtf8(body: Buffer): string | UnreadableBody {
	try {
		return strict.decode(body);
	} catch {
		return new UnreadableBody(400, 'encoding', 'The body is not valid UTF-8');
	}
}

/**
 * A body that can't be read, for a person to look at: decoded as it is labelled, with U+FFFD for what makes
 * no text.
 */
export function showBody(request: IncomingRequest): string {
	return decoderOf(request).decode(request.body);
}

function decoderOf(request: IncomingRequest): InstanceType<typeof TextDecoder> {
	// RFC 2781, section 4.3: a byte order mark tells the two kinds of UTF-16 apart.
	if (request.body[0] === 0xfe && request.body[1] === 0xff) return new TextDecoder('utf-16be');
	try {
		return new TextDecoder(charsetOf(request));
	} catch {
		return new TextDecoder();
	}
}
