import { createHash } from 'crypto';
import { at } from '../../../shared/senders/at';
import { ownMember } from '../../../shared/json/jsonValue';
import type { Sender } from '../receipt';
import type { Redrive } from '../../../shared/rejectedEvent';

/** Longer ids are remembered by their digest, so that remembering many takes little memory. */
const LONGEST_PLAIN_ID = 128;

/**
 * What makes an event the same as another one: its `event_id`, else the request's own identity and the
 * event's place in it; null when neither is there. Different things never get the same text: each kind has
 * its own start, and the place ends at a colon.
 *
 * @param requestIdentity What tells the request from others; null when nothing does.
 * @param idWithin Where its properties say what its id is unique within; empty where that is the sender.
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

/** Only texts and numbers tell ids apart; a digest, since several of them may be long. */
function identityWithin(id: string, properties: unknown, idWithin: ReadonlyArray<readonly string[]>): string {
	const parts = idWithin.map((keys) => {
		const part = at(properties, ...keys);
		return typeof part === 'string' || typeof part === 'number' ? part : null;
	});
	const text = JSON.stringify([id, ...parts]);
	return `within:${createHash('sha256').update(text, 'utf16le').digest('base64url')}`;
}

/**
 * What makes a redriven event the same as another one: which delivery it comes out of (else its own
 * identity), and how often it was sent again. So it is never taken for the event that was there before, and
 * sending the same redrive twice runs it once.
 */
export function identityOfRedrive({ count, of }: Redrive, identity: string | null): string | null {
	const origin = of === null ? identity : `delivery:${of}`;
	return origin === null ? null : `redrive:${count}:${origin}`;
}

/**
 * Tells senders apart, by the key that they proved themselves with and, for tokens, by issuer and subject:
 * ids are a sender's own, and nobody may make another's event a repeat. Null for whoever uses the current
 * key, and has no claims: as a rule that is the only sender of an endpoint.
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

/** An event's identity among those of all senders; null when the event has none. */
export function identityForSender(sender: string | null, identity: string | null): string | null {
	return sender === null || identity === null ? identity : `sender:${sender}:${identity}`;
}
