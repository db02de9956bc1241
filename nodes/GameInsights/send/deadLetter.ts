import { readJson } from '../../shared/json/readJson';
import type { Redrive } from '../../shared/rejectedEvent';
import { withoutDelivery } from './outgoingEvent';

/** The result of reading a stored dead letter that should be sent again. */
export type StoredDeadLetter =
	| {
			readonly kind: 'redrivable';
			readonly event: Readonly<Record<string, unknown>>;
			readonly redrive: Redrive;
	  }
	/** A notice, for example about an outage. It contains no event. */
	| { readonly kind: 'notice'; readonly message: string }
	| {
			readonly kind: 'notRedrivable';
			/** One plain sentence. */
			readonly message: string;
			/** How often it was sent again before, and from which delivery it comes. */
			readonly redrive: { readonly count: number; readonly of: string | null };
			/** Null where there is none. */
			readonly event: Readonly<Record<string, unknown>> | null;
	  };

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tables store objects as JSON text, so the text of an object is accepted in place of the object. */
function readObject(value: unknown): JsonObject | undefined {
	if (isObject(value)) return value;
	if (typeof value !== 'string') return undefined;
	const parsed = readJson(value);
	return isObject(parsed) ? parsed : undefined;
}

/**
 * Reads an item of the Dead Letter output, unchanged or after it was stored: complete, or with single fields
 * as JSON text.
 *
 * @param value The dead letter, or its JSON text.
 * @param maxRedrives How often the same event may be sent again.
 */
export function readDeadLetter(value: unknown, maxRedrives: number): StoredDeadLetter {
	const letter = readObject(value);
	const redrive = redriveOf(letter);
	const kept = readObject(letter?.event);
	const event = kept === undefined ? null : withoutDelivery(kept);
	const notRedrivable = (message: string): StoredDeadLetter => ({
		kind: 'notRedrivable',
		message,
		redrive,
		event,
	});
	if (letter === undefined)
		return notRedrivable(
			'This is not a dead letter. The field Dead Letter needs an item of the Dead Letter output, or its JSON text.',
		);
	if (event === null && letter.stage === 'notice') {
		return {
			kind: 'notice',
			message: 'This is a notice, not a dead letter: it has no event to send again.',
		};
	}
	if (event === null) {
		return notRedrivable(
			letter.raw === undefined || letter.raw === null
				? 'This item has no event: a dead letter has it in the field "event".'
				: 'No event could be read from the request that became this dead letter, so there is none to send again.',
		);
	}
	if (redrive.count >= maxRedrives) {
		return notRedrivable(
			`The event was sent again ${redrive.count} ${redrive.count === 1 ? 'time' : 'times'} already, and Max Redrives is ${maxRedrives}. Raise it to send the event once more.`,
		);
	}
	return { kind: 'redrivable', event, redrive: { count: redrive.count + 1, of: redrive.of } };
}

/**
 * How often it was sent again, and from which delivery it comes: the first one. That is this delivery, unless
 * the dead letter names an earlier one.
 */
function redriveOf(letter: JsonObject | undefined): { count: number; of: string | null } {
	const redrive = readObject(letter?.redrive);
	const count = Number(redrive?.count ?? 0);
	const of = redrive?.of ?? readObject(letter?._delivery)?.id;
	return {
		count: Number.isInteger(count) && count > 0 ? count : 0,
		of: typeof of === 'string' && of !== '' ? of : null,
	};
}
