import { harmless } from '../../shared/harmless';
import { type Delivery, type HttpAnswer, type Receipt, isWorthARetry, isYes, receiptIn } from './answer';
import type { Batch } from './batch';
import type { OutgoingEvent } from './outgoingEvent';
import { retryAfterMs } from './retryAfter';

/**
 * The result for an event:
 * - `accepted`: taken. `processed`: taken, and the workflow succeeded.
 * - `duplicate`: known already, and not run again. `ignored`: its type is not accepted there.
 * - `taken`: the receiver has it, but the answer does not show what happened to this event: the answer only
 *   counts repeats, ignored events and dead letters. A single event always gets an exact result.
 * - `dead_lettered`: invalid (see `errors`), or its execution failed. The receiver keeps it as a dead letter.
 * - `rejected`: the request was refused. Sending the same again will not help.
 * - `failed`: no answer, or only answers that ask for a later retry. Sending it again is safe.
 * - `not_sent`: a dead letter that can't be sent again, or was sent again too often; or an empty list of
 *   events.
 * - `notice`: not a dead letter but a notice from the same output. It contains no event.
 */
export type VerdictStatus =
	| 'accepted'
	| 'processed'
	| 'duplicate'
	| 'ignored'
	| 'taken'
	| 'dead_lettered'
	| 'rejected'
	| 'failed'
	| 'not_sent'
	| 'notice';

/** A fault of an event in the answer. */
export interface VerdictError {
	readonly code: string;
	readonly message: string;
	/** JSON Pointer (RFC 6901) into the event. */
	readonly path: string;
}

/** The result of one event. */
export interface Verdict {
	readonly event: OutgoingEvent;
	readonly status: VerdictStatus;
	/** One plain sentence. Null when there is no problem. */
	readonly message: string | null;
	readonly errors: readonly VerdictError[];
	readonly request: {
		/** Null when there was no answer. */
		readonly httpStatus: number | null;
		/** The receiver's id of the request. Null when it sent none. */
		readonly id: string | null;
		/** How often the request was sent. */
		readonly attempts: number;
		/** How long the receiver asks to wait, in seconds. Null when it does not say. */
		readonly retryAfterSeconds: number | null;
		/** Index of the event in the request, from 0, and how many events the request contained. */
		readonly index: number;
		readonly size: number;
	} | null;
}

/** The longest part of an answer that a sentence quotes. */
const LONGEST_SENTENCE = 2_000;

/** Decides the result of each event of a request by its answer. */
export function verdictsOn(batch: Batch, delivery: Delivery, nowMs: number): Verdict[] {
	const size = batch.events.length;
	const judge = judgeOf(delivery, size);
	const answer = delivery.kind === 'answered' ? delivery.answer : null;
	const waitMs = answer === null ? null : retryAfterMs(answer.headers, nowMs);
	return batch.events.map((event, index) => ({
		event,
		...judge(index),
		request: {
			httpStatus: answer?.status ?? null,
			id: textOrNull(answer?.body?.request_id),
			attempts: delivery.attempts,
			retryAfterSeconds: waitMs === null ? null : Math.ceil(waitMs / 1_000),
			index,
			size,
		},
	}));
}

type Judgement = Pick<Verdict, 'status' | 'message' | 'errors'>;
type Judge = (index: number) => Judgement;

function judgeOf(delivery: Delivery, size: number): Judge {
	if (delivery.kind === 'unanswered') {
		const message = `The webhook did not answer: ${delivery.message}`;
		return () => ({ status: 'failed', message, errors: [] });
	}
	const { answer } = delivery;
	const receipt = receiptIn(answer);
	// A receipt with another number of events belongs to something else.
	if (receipt?.received === size) return judgeOfReceipt(receipt, answer, size);
	if (isYes(answer)) {
		const message = `The URL answered ${answer.status}, but not like a Game Insights Webhook: nothing says that the events were accepted. n8n answers like this while it starts. Otherwise check the URL.`;
		return () => ({ status: 'failed', message, errors: [] });
	}
	const status = isWorthARetry(answer) ? 'failed' : 'rejected';
	const errorsAt = errorsByIndex(asObject(answer.body?.error)?.errors);
	const message = refusalInWords(answer);
	return (index) => ({ status, message, errors: errorsAt.get(index) ?? [] });
}

function judgeOfReceipt(receipt: Receipt, { body }: HttpAnswer, size: number): Judge {
	const errorsAt = errorsByIndex(body?.errors);
	const others = statusOfOthers(receipt, errorsAt.size, size);
	return (index) => {
		const errors = errorsAt.get(index);
		if (errors !== undefined) {
			const message = `The receiver kept the event as a dead letter: ${errors.map((error) => error.message).join('; ')}.`;
			return { status: 'dead_lettered', message, errors };
		}
		const message =
			others === 'dead_lettered'
				? 'The workflow failed, and the receiver kept the event as a dead letter.'
				: null;
		return { status: others, message, errors: [] };
	};
}

/** The status of events that have no fault of their own. */
function statusOfOthers(receipt: Receipt, faulty: number, size: number): VerdictStatus {
	const { status, deadLettered, duplicates, ignored } = receipt;
	const others = size - faulty;
	// There are more dead letters than listed faults: the list in an answer ends after 100.
	if (deadLettered > faulty) return deadLettered === size ? 'dead_lettered' : 'taken';
	if (duplicates === others) return 'duplicate';
	if (ignored === others) return 'ignored';
	if (duplicates + ignored > 0) return 'taken';
	// With "When Finished", the status of the whole request is dead-lettered if one of its events is.
	if (status === 'dead_lettered') return faulty > 0 || size > 1 ? 'taken' : 'dead_lettered';
	return status === 'processed' ? 'processed' : 'accepted';
}

function refusalInWords({ status, body }: HttpAnswer): string {
	const error = asObject(body?.error);
	const code = sentenceOrNull(error?.code);
	const message = sentenceOrNull(error?.message) ?? sentenceOrNull(body?.message);
	const said = message === null ? '' : `: ${message}`;
	const hint = HINTS.get(code ?? String(status)) ?? '';
	return `The webhook answered ${status}${code === null ? '' : ` (${code})`}${said}${said === '' || /[.!?]$/.test(said) ? '' : '.'}${hint === '' ? '' : ` ${hint}`}`;
}

/** What to do after usual answers: by the answer's code, or by the status if there is no code. */
const HINTS: ReadonlyMap<string, string> = new Map([
	[
		'unauthorized',
		'Choose the same authentication and credential as in the receiving trigger. If they are the same, compare the clocks of both machines.',
	],
	['301', 'The URL has moved: use the one it points to.'],
	['302', 'The URL points to another one: use that.'],
	['307', 'The URL points to another one: use that.'],
	['308', 'The URL has moved: use the one it points to.'],
	[
		'404',
		'Check the URL, and that the receiving workflow is published. For a test URL, click "Execute step" on its trigger first.',
	],
]);

function errorsByIndex(list: unknown): Map<number, VerdictError[]> {
	const byIndex = new Map<number, VerdictError[]>();
	for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
		const { index, code, message, path } = asObject(entry) ?? {};
		if (typeof index !== 'number') continue;
		const error = {
			code: textOrNull(code) ?? '',
			message: sentenceOrNull(message) ?? '',
			path: textOrNull(path) ?? '',
		};
		byIndex.set(index, [...(byIndex.get(index) ?? []), error]);
	}
	return byIndex;
}

const asObject = (value: unknown): Record<string, unknown> | undefined =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;

const textOrNull = (value: unknown): string | null =>
	typeof value === 'string' && value !== '' ? value : null;

/** A text from an address that may belong to anyone. */
const sentenceOrNull = (value: unknown): string | null => {
	const text = textOrNull(value);
	return text === null ? null : harmless(text.slice(0, LONGEST_SENTENCE));
};
