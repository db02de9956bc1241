import { harmless } from '../../shared/harmless';
import { type Delivery, type HttpAnswer, type Receipt, isWorthARetry, isYes, receiptIn } from './answer';
import type { Batch } from './batch';
import type { OutgoingEvent } from './outgoingEvent';
import { retryAfterMs } from './retryAfter';

/**
 * What became of an event:
 * - `accepted`: taken. `processed`: taken, and the workflow has ended well.
 * - `duplicate`: known already, and not run again. `ignored`: its type is not taken there.
 * - `taken`: the receiver has it, but the answer does not say what became of this one: it counts repeats,
 *   ignored and dead-lettered events without naming them. Single events always get a verdict of their own.
 * - `dead_lettered`: not valid (`errors` say why), or its execution failed; kept as a dead letter by the
 *   receiver.
 * - `rejected`: the request was refused; sending the same again will not help.
 * - `failed`: no answer, or only answers that ask to come again later. Sending it again is safe.
 * - `not_sent`: a dead letter that can't be sent again, or was sent again often enough; or a list of events
 *   that is empty.
 * - `notice`: no dead letter but a notice that left beside them: there is no event in it.
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

/** A fault of an event, as the answer tells it. */
export interface VerdictError {
	readonly code: string;
	readonly message: string;
	/** JSON Pointer (RFC 6901) into the event. */
	readonly path: string;
}

/** What there is to say about one event. */
export interface Verdict {
	readonly event: OutgoingEvent;
	readonly status: VerdictStatus;
	/** One plain sentence; null when all is well. */
	readonly message: string | null;
	readonly errors: readonly VerdictError[];
	readonly request: {
		/** Null when nothing answered. */
		readonly httpStatus: number | null;
		/** The receiver's id of the request; null when it gave none. */
		readonly id: string | null;
		/** How often the request was sent. */
		readonly attempts: number;
		/** How long the receiver wants to be left alone, in seconds; null when it does not say. */
		readonly retryAfterSeconds: number | null;
		/** Place of the event in the request, from 0, and how many events the request held. */
		readonly index: number;
		readonly size: number;
	} | null;
}

/** Longest piece of an answer in a sentence. */
const LONGEST_SENTENCE = 2_000;

/** Judges each event of a request by its answer. */
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
	// One that counts other events than those that were sent speaks of something else.
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

/** The verdict on events that have no fault of their own. */
function statusOfOthers(receipt: Receipt, faulty: number, size: number): VerdictStatus {
	const { status, deadLettered, duplicates, ignored } = receipt;
	const others = size - faulty;
	// More dead letters than faults that are told: the list of an answer ends after 100.
	if (deadLettered > faulty) return deadLettered === size ? 'dead_lettered' : 'taken';
	if (duplicates === others) return 'duplicate';
	if (ignored === others) return 'ignored';
	if (duplicates + ignored > 0) return 'taken';
	// With "When Finished" the whole request is told as dead-lettered when any of it is.
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

/** What to do about the usual ones; by the answer's code, or by the status where there is none. */
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

/** What an address says that may be anybody's. */
const sentenceOrNull = (value: unknown): string | null => {
	const text = textOrNull(value);
	return text === null ? null : harmless(text.slice(0, LONGEST_SENTENCE));
};
