import { readJson } from '../../shared/json/readJson';
import type { Redrive } from '../../shared/rejectedEvent';
import { withoutDelivery } from './outgoingEvent';

/** What a stored dead letter says about sending its event again. */
export type StoredDeadLetter =
	| {
			readonly kind: 'redrivable';
			readonly event: Readonly<Record<string, unknown>>;
			readonly redrive: Redrive;
	  }
	/** It tells of an outage, say, and holds no event. */
	| { readonly kind: 'notice'; readonly message: string }
	| {
			readonly kind: 'notRedrivable';
			/** One plain sentence. */
			readonly message: string;
			/** How often it was sent again before, and out of which delivery. */
			readonly redrive: { readonly count: number; readonly of: string | null };
			/** Null where there is none. */
			readonly event: Readonly<Record<string, unknown>> | null;
	  };

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tables keep objects as JSON text: wherever an object belongs, its text is as good. */
function readObject(value: unknown): JsonObject | undefined {
	if (isObject(value)) return value;
	if (typeof value !== 'string') return undefined;
	const parsed = readJson(value);
	return isObject(parsed) ? parsed : undefined;
}

/**
 * Reads an item of the Dead Letter output, as it came or as it was stored: whole or in single fields as JSON
 * text.
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
 * How often, and out of which delivery: the first one, that is to say this one's own unless it names an
 * earlier one.
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
