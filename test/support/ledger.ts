import { setTimeout as pause } from 'node:timers/promises';
import type { N8nApi } from '../../lab/api';
import { type Headers, post } from './sender';
import type { Sink } from './sink';
import { TRIGGER } from './workflow';

/** What a sender saw: each event was sent as a request of its own, once unless it insists. */
export interface Sent {
	readonly sent: number;
	/** The numbers of the events that were answered with 200. */
	readonly accepted: readonly number[];
	/**
	 * How many requests got each other answer; `none` when the connection broke, `200 of n8n` while it was
	 * starting.
	 */
	readonly otherAnswers: Readonly<Record<string, number>>;
}

/** How a sender sends. */
export interface Job {
	/** Of each event, by its number. */
	readonly url: string | ((n: number) => string);
	readonly headers: Headers;
	/** How many requests are under way at the same time. */
	readonly connections: number;
	/** Asked before each event: whether to go on. */
	readonly goesOn: (sent: number) => boolean;
	/** How long each connection rests after an answer; not at all unless told. */
	readonly pauseMs?: number;
	/** Whether each event has an id and is sent again until it is taken, as a careful sender does. */
	readonly insists?: boolean;
}

const REST_BEFORE_REPEAT_MS = 100;

/** Sends events `{ event_type, n }`, numbered from 0, until told to stop. */
export async function sendNumbered(job: Job): Promise<Sent> {
	const accepted: number[] = [];
	const otherAnswers: Record<string, number> = {};
	let next = 0;
	const isTaken = async (n: number): Promise<boolean> => {
		const id = job.insists === true ? { event_id: `e${n}` } : {};
		const body = JSON.stringify({ event_type: 'numbered', n, ...id });
		const url = typeof job.url === 'string' ? job.url : job.url(n);
		const answer = await post(url, body, job.headers).catch(() => undefined);
		// While it starts, n8n itself answers 200 to everything, with a page that says so.
		if (answer?.status === 200 && answer.body?.status === 'accepted') return true;
		const status = answer?.status === 200 ? '200 of n8n' : String(answer?.status ?? 'none');
		otherAnswers[status] = (otherAnswers[status] ?? 0) + 1;
		return false;
	};
	const connection = async (): Promise<void> => {
		while (job.goesOn(next)) {
			const n = next++;
			let taken = await isTaken(n);
			while (!taken && job.insists === true) {
				await pause(REST_BEFORE_REPEAT_MS);
				taken = await isTaken(n);
			}
			if (taken) accepted.push(n);
			if (job.pauseMs !== undefined) await pause(job.pauseMs);
		}
	};
	await Promise.all(Array.from({ length: job.connections }, connection));
	return { sent: next, accepted, otherAnswers };
}

/** What became of events that were answered with 200. The first four add up to `accepted`. */
export interface Tally {
	readonly accepted: number;
	/** Their workflow did its work: the sink behind Events or Retry said yes. */
	readonly processed: number;
	/** They came out of Dead Letter. */
	readonly deadLettered: number;
	/** Neither, but n8n shows their execution, by its status, with their data. */
	readonly visible: Readonly<Record<string, number>>;
	/** Nowhere. */
	readonly lost: readonly number[];
	/** How many were processed more than once. */
	readonly processedTwice: number;
}

/**
 * Counts to the event what became of the accepted ones: from the sink, which is the world behind the
 * workflow, and from n8n's own list of executions for those that never reached it.
 */
export async function tally(
	accepted: readonly number[],
	sink: Sink,
	api: N8nApi,
	workflowId: string,
): Promise<Tally> {
	const timesProcessed = new Map<number, number>();
	for (const { items } of [...sink.succeeded('events'), ...sink.succeeded('retry')]) {
		for (const { n } of items) timesProcessed.set(n, (timesProcessed.get(n) ?? 0) + 1);
	}
	const deadLettered = new Set(
		sink
			.from('deadLetter')
			.flatMap(({ items }) => items.flatMap(({ stage, event }) => (stage === 'notice' ? [] : [event.n]))),
	);
	const unsettled = accepted.filter((n) => !timesProcessed.has(n) && !deadLettered.has(n));
	const lastStatus = unsettled.length === 0 ? new Map() : await lastStatusByNumber(api, workflowId);
	const visible: Record<string, number> = {};
	const lost: number[] = [];
	for (const n of unsettled) {
		const status = lastStatus.get(n);
		if (status === undefined) lost.push(n);
		else visible[status] = (visible[status] ?? 0) + 1;
	}
	const processed = accepted.filter((n) => timesProcessed.has(n));
	return {
		accepted: accepted.length,
		processed: processed.length,
		deadLettered: accepted.filter((n) => deadLettered.has(n) && !timesProcessed.has(n)).length,
		visible,
		lost,
		processedTwice: processed.filter((n) => (timesProcessed.get(n) ?? 0) > 1).length,
	};
}

/** The status of the newest execution that carries each event. */
async function lastStatusByNumber(api: N8nApi, workflowId: string): Promise<Map<number, string>> {
	const last = new Map<number, string>();
	for (const { id, status } of await api.executions({ workflowId })) {
		const { data } = await api.execution(id);
		for (const n of numbersIn(data)) last.set(n, status);
	}
	return last;
}

/** The numbers of the events that an execution was given, whether or not its first node ever ran. */
export function numbersIn(data: {
	resultData?: { runData?: Record<string, unknown> };
	executionData?: unknown;
}): number[] {
	const text = JSON.stringify([data.resultData?.runData?.[TRIGGER] ?? null, data.executionData ?? null]);
	return [...new Set([...text.matchAll(/\\*"n\\*":(\d+)/g)].map(([, n]) => Number(n)))];
}
