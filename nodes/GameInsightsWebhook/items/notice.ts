import { expiryInWords } from '../../shared/credential/keyExpiry';
import type { Arrival } from '../queue/arrival';
import type { Outage } from '../queue/breaker';
import type { DeadLetter, NoticeReason } from '../../shared/items/deadLetter';
import { failureInWords } from './givenUpEvent';
import { rfc3339 } from '../../shared/rfc3339';

/** The data that every notice needs. */
export interface NoticeFrame {
	/** Milliseconds since the epoch. */
	readonly nowMs: number;
	/** The endpoint's name, as the user gave it. */
	readonly endpoint: string;
	/** A unique id. */
	readonly id: string;
}

/** The data of a notice of an outage or of its end. Times are in milliseconds since the epoch. */
export interface OutageReport extends NoticeFrame {
	readonly outage: Outage;
	/** How many events wait. */
	readonly waiting: number;
	/** Null while an event is being tried. */
	readonly nextTryAtMs: number | null;
}

/** The data of a notice of silence or of its end. */
export interface SilenceReport extends NoticeFrame {
	/** For how long no request has come. */
	readonly silentMs: number;
	/** Whether any request has come since the workflow was published. */
	readonly hasAnythingCome: boolean;
}

/** Something that the user should know, and an arrival in place of the request that it does not have. */
export interface Notice {
	readonly arrival: Arrival;
	readonly letter: DeadLetter;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The arrival of a notice, which has no request. */
export const noticeArrival = ({ id, nowMs, endpoint }: NoticeFrame): Arrival => ({
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

/** Reports that executions fail for all events, and that events wait for the end of the outage. */
export function outageNotice(report: OutageReport): Notice {
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
	return notice('outage', summary, report, outage);
}

/** Reports that an outage is over. */
export function recoveredNotice(report: OutageReport): Notice {
	const { outage, waiting, nowMs } = report;
	const seconds = Math.max(0, Math.round((nowMs - outage.sinceMs) / 1_000));
	const summary = [
		`The outage is over: an event went well again after ${counted(seconds, 'second')}`,
		`(since ${rfc3339(outage.sinceMs)}).`,
		`${counted(waiting, 'event')} that waited ${waiting === 1 ? 'goes' : 'go'} on now.`,
	].join(' ');
	return notice('recovered', summary, report, outage);
}

/** A time in words: in hours from one hour on, else in minutes. */
function inWords(durationMs: number): string {
	const minutes = Math.max(1, Math.round(durationMs / 60_000));
	if (minutes < 60) return counted(minutes, 'minute');
	return counted(Math.round(minutes / 6) / 10, 'hour');
}

/** Reports that no requests come. */
export function silenceNotice(report: SilenceReport): Notice {
	const { silentMs, hasAnythingCome, nowMs } = report;
	const since = `since ${rfc3339(nowMs - silentMs)}`;
	const what = hasAnythingCome
		? `Nothing has come for ${inWords(silentMs)}, ${since}.`
		: `Nothing has come in the ${inWords(silentMs)} since this workflow was published.`;
	return notice(
		'silence',
		`${what} Look whether the sender still sends, and to which address.`,
		report,
		null,
	);
}

/** Reports that requests come again. */
export function silenceOverNotice(report: SilenceReport): Notice {
	const summary = `Events come again, after ${inWords(report.silentMs)} without any.`;
	return notice('silence_over', summary, report, null);
}

/** Reports that n8n has no room for Data Tables. The reason is n8n's own message, or the journal's limit. */
export function tableFullNotice(reason: string, frame: NoticeFrame): Notice {
	const summary = [
		`Nothing new is taken, senders get 429: ${reason}`,
		'What was taken before goes on being delivered, and makes room.',
	].join(' ');
	return notice('table_full', summary, frame, null);
}

/** Reports the day on which the API key for the Data Tables expires, and what to do. */
export function keyExpiringNotice(expiresAtMs: number, frame: NoticeFrame): Notice {
	const summary = [
		`The API key of the credential "Game Insights Data Tables API" ${expiryInWords(expiresAtMs, frame.nowMs)}.`,
		'Without it nothing is taken and nothing is delivered.',
		'Make a new one under Settings → n8n API and put it into the credential: it counts at once, without publishing.',
	].join(' ');
	return notice('key_expiring', summary, frame, null);
}

function notice(reason: NoticeReason, summary: string, frame: NoticeFrame, outage: Outage | null): Notice {
	const { nowMs, endpoint, id } = frame;
	const { lastFailure = null, executions = 0 } = outage ?? {};
	const at = rfc3339(nowMs);
	const letter: DeadLetter = {
		eventText: null,
		raw: null,
		summary,
		reason,
		stage: 'notice',
		errors: [],
		attempts: {
			count: executions,
			max: executions,
			firstAt: outage === null ? null : rfc3339(outage.sinceMs),
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
	return { arrival: noticeArrival(frame), letter };
}
