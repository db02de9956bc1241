import { harmlessQuote } from '../../shared/harmless';
import type { PendingEvent } from '../queue/arrival';
import type { DeadLetter } from '../../shared/items/deadLetter';
import { deliveryInfoOfPending, NO_REDRIVE } from './deliveryInfo';
import { type FailedAttempt, lastAttempt, recordedAttempts } from '../../shared/items/history';
import type { GivenUp } from '../queue/item';
import { rfc3339 } from '../../shared/rfc3339';

/** The longest part of an event or of an error message that a summary quotes. */
const LONGEST_QUOTE = 200;

/** The dead letter of an event that was given up after its attempts. */
export function deadLetterOfGivenUp(
	event: PendingEvent,
	eventText: string | null,
	givenUp: GivenUp,
): DeadLetter {
	const { history, maxAttempts } = givenUp;
	return {
		eventText,
		raw: null,
		summary: summaryOf(eventText, event.arrival.receivedAtMs, givenUp),
		reason: givenUp.reason,
		stage: 'deliver',
		errors: [],
		attempts: {
			count: history.count,
			max: maxAttempts,
			firstAt: givenUp.firstAttemptAtMs === null ? null : rfc3339(givenUp.firstAttemptAtMs),
			lastAt: givenUp.lastAttemptAtMs === null ? null : rfc3339(givenUp.lastAttemptAtMs),
			history: recordedAttempts(history),
		},
		similar: givenUp.similar,
		receivedAt: rfc3339(event.arrival.receivedAtMs),
		deadLetteredAt: rfc3339(givenUp.atMs),
		delivery: deliveryInfoOfPending(event, history.count, maxAttempts, lastAttempt(history)),
		redrive: event.redrive ?? NO_REDRIVE,
	};
}

/**
 * One plain sentence (or two where that reads better) about what happened to the event. It fits into a chat
 * message.
 */
export function summaryOf(eventText: string | null, receivedAtMs: number, givenUp: GivenUp): string {
	const name = nameOf(eventText);
	const last = lastAttempt(givenUp.history);
	const after = attemptsInWords(givenUp);
	switch (givenUp.reason) {
		case 'expired': {
			const failure = last === null ? 'it was never tried' : `${after} ${failureInWords(last)}`;
			return `${name} was given up because it became too old: it was received at ${rfc3339(receivedAtMs)}, and ${failure}.`;
		}
		case 'outcome_unknown':
			return `Nobody knows whether ${lowerFirst(name)} was processed: ${after} the last thing heard was ${quoted(last?.message ?? '')}.`;
		case 'non_retryable':
			return `${name} could not be processed: ${after} ${failureInWords(last)}, an error that is not retried.`;
		default: {
			const noRetry = givenUp.isRetryOn ? '' : ', and retry is off';
			return `${name} could not be processed: ${after} ${failureInWords(last)}${noRetry}.`;
		}
	}
}

function attemptsInWords({ history: { count }, shown }: GivenUp): string {
	const attempts = count === 1 ? 'after 1 attempt' : `after ${count} attempts`;
	switch (shown) {
		case 'asUsual':
			return attempts;
		case 'alone':
			return `${attempts}, the last one alone,`;
		case 'together':
			return `${attempts}, all of them together with other events,`;
	}
}

/** "the node … failed with …", as a part of a sentence. */
export function failureInWords(last: FailedAttempt | null): string {
	const message = quoted(last?.message ?? '');
	return last === null || last.node === null
		? `the workflow failed with ${message}`
		: `the node ${quoted(last.node)} failed with ${message}`;
}

/** A name such as "The purchase event e-17", as far as the event contains its type and id. */
function nameOf(eventText: string | null): string {
	const { event_type: type, event_id: id } = readObject(eventText ?? '');
	const ofType = typeof type === 'string' && type !== '' ? `The ${quoted(type)} event` : 'The event';
	return typeof id === 'string' && id !== '' ? `${ofType} ${quoted(id)}` : ofType;
}

function readObject(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** On one line, short, and harmless wherever it is shown. */
function quoted(text: string): string {
	const line = text
		.slice(0, 4 * LONGEST_QUOTE)
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	const characters = [...line];
	const short = characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE).join('')}…` : line;
	return `"${harmlessQuote(short)}"`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
