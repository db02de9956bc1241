import type { Arrival } from '../queue/arrival';
import type { Outage } from '../queue/breaker';
import type { DeadLetter } from './deadLetter';
import { failureInWords } from './givenUpEvent';

/** What a notice of an outage, or of its end, is made of. Times are in milliseconds since the epoch. */
export interface OutageReport {
	readonly outage: Outage;
	/** How many events wait. */
	readonly waiting: number;
	readonly nowMs: number;
	/** Null while a try is under way. */
	readonly nextTryAtMs: number | null;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
	/** Never used before. */
	readonly id: string;
}

const rfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What stands in for the request, which a notice does not have. */
export const noticeArrival = ({ id, nowMs, endpoint }: OutageReport): Arrival => ({
	requestId: id,
	receivedAtMs: nowMs,
	endpoint,
	sender: { method: 'apiKey', keyId: '', claims: null },
	source: { format: 'json', text: '' },
	batchSize: 0,
	bytes: 0,
	events: [],
	deadLetters: [],
});

/** Tells that executions fail whatever they carry, and that events wait for the end of that. */
export function outageNotice(report: OutageReport): DeadLetter {
	const { outage, waiting, nextTryAtMs } = report;
	const { executions, events, sinceMs, lastFailure } = outage;
	const failed = `${counted(executions, 'execution')} in a row with ${counted(events, 'event')} failed`;
	const next = nextTryAtMs === null ? 'just now' : `next at ${rfc3339(nextTryAtMs)}`;
	const summary = [
		`Retries are paused: ${failed} since ${rfc3339(sinceMs)}, and none went well in between.`,
		`The last time ${failureInWords(lastFailure)}.`,
		`${counted(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'}, and nothing is lost by that.`,
		`One event is tried again and again, ${next}: when one goes well, all go on.`,
	].join(' ');
	return notice('outage', summary, report);
}

/** Tells that an outage is over. */
export function recoveredNotice(report: OutageReport): DeadLetter {
	const { outage, waiting, nowMs } = report;
	const seconds = Math.max(0, Math.round((nowMs - outage.sinceMs) / 1_000));
	const summary = [
		`The outage is over: an event went well again after ${counted(seconds, 'second')}`,
		`(since ${rfc3339(outage.sinceMs)}).`,
		`${counted(waiting, 'event')} that waited ${waiting === 1 ? 'goes' : 'go'} on now.`,
	].join(' ');
	return notice('recovered', summary, report);
}

function notice(
	reason: 'outage' | 'recovered',
	summary: string,
	{ outage, nowMs, endpoint, id }: OutageReport,
): DeadLetter {
	const { lastFailure, sinceMs, executions } = outage;
	const at = rfc3339(nowMs);
	return {
		eventText: null,
		raw: null,
		summary,
		reason,
		stage: 'notice',
		errors: [],
		attempts: {
			count: executions,
			max: executions,
			firstAt: rfc3339(sinceMs),
			lastAt: lastFailure?.at ?? null,
			history: lastFailure === null ? [] : [lastFailure],
		},
		receivedAt: at,
		deadLetteredAt: at,
		delivery: {
			id,
			attempt: 0,
			max_attempts: 0,
			automatic_retry: true,
			received_at: at,
			endpoint,
			request_id: null,
			batch: { id: null, index: null, size: 0 },
			auth: null,
			last_error:
				lastFailure === null
					? null
					: {
							message: lastFailure.message,
							node: lastFailure.node,
							execution_id: lastFailure.executionId,
							at: lastFailure.at,
						},
		},
		redrive: { count: 0, of: null },
	};
}
