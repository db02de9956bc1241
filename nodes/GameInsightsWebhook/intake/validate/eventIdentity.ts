import { createHash } from 'crypto';
import { at } from '../../../shared/senders/at';
import { ownMember } from '../../../shared/json/jsonValue';
import type { Sender } from '../../../shared/items/sender';
import type { Redrive } from '../../../shared/rejectedEvent';

/** Longer ids are stored as their digest, so that storing many of them takes little memory. */
const LONGEST_PLAIN_ID = 128;

/**
 * The identity of an event: its `event_id`, or else the request's identity and the event's index in it. Null
 * when there is neither. Different identities never have the same text: each kind has its own prefix, and the
 * index ends at a colon.
 *
 * @param requestIdentity Identifies the request; null when nothing does.
 * @param idWithin Paths in its properties to the values within which its id is unique; empty when the id is
 * unique for the sender.
 */
export function identityOf(
	event: unknown,
	index: number,
	requestIdentity: string | null,
	idWithin: ReadonlyArray<readonly string[]> = [],
): string | null {
	const id = ownMember(event, 'event_id');
	if (typeof id === 'string') {
		if (idWithin.length > 0) return identityWithin(id, ownMember(event, 'properties'), idWithin);
		if (id.length <= LONGEST_PLAIN_ID) return `event:${id}`;
		return `digest:${createHash('sha256').update(id, 'utf16le').digest('base64url')}`;
	}
	return requestIdentity === null ? null : `request:${index}:${requestIdentity}`;
}

/** Only texts and numbers are used. The result is a digest, because several of them may be long. */
function identityWithin(id: string, properties: unknown, idWithin: ReadonlyArray<readonly string[]>): string {
	const parts = idWithin.map((keys) => {
		const part = at(properties, ...keys);
		return typeof part === 'string' || typeof part === 'number' ? part : null;
	});
	const text = JSON.stringify([id, ...parts]);
	return `within:${createHash('sha256').update(text, 'utf16le').digest('base64url')}`;
}

/**
 * The identity of a redriven event: the delivery that it comes from (or else its own identity), and how often
 * it was sent again. So it is never recognised as a repeat of the earlier event, and sending the same redrive
 * twice runs it once.
 */
export function identityOfRedrive({ count, of }: Redrive, identity: string | null): string | null {
	const origin = of === null ? identity : `delivery:${of}`;
	return origin === null ? null : `redrive:${count}:${origin}`;
}

/**
 * Distinguishes senders by the key that they used and, for tokens, by issuer and subject: ids belong to one
 * sender, and no sender may make another sender's event look like a repeat. Null for the current key without
 * claims: usually that is the only sender of an endpoint.
 */
export function identityOfSender({ method, keyId, claims }: Sender): string | null {
	if (keyId === 'current' && claims === null) return null;
	const who = JSON.stringify([
		method,
		keyId,
		ownMember(claims, 'iss') ?? null,
		ownMember(claims, 'sub') ?? null,
	]);
	return createHash('sha256').update(who, 'utf16le').digest('base64url');
}

/** An event's identity among the events of all senders. Null when the event has none. */
export function identityForSender(sender: string | null, identity: string | null): string | null {
	return sender === null || identity === null ? identity : `sender:${sender}:${identity}`;
}
