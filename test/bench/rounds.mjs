/**
 * Puts the subjects under load one after the other, again and again, so that whatever slows the machine down
 * slows them all.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { PlainError } from '../../lab/plainError.js';
import { StillRunning } from './executions.mjs';
import { send } from './load.mjs';
import { bodyOf, signed } from './messages.mjs';
import { taken } from './processGroup.mjs';
import { percentile } from './statistics.mjs';

/** @typedef {import('./lab.mjs').Lab} Lab */

/**
 * @typedef {object} Subject
 * @property {string} id
 * @property {import('./lab.mjs').Endpoint} endpoint
 * @property {number} events in each request
 * @property {string} [secret] what its senders sign with, when it is not the right one
 * @property {number} status what every request must be answered with
 * @property {'each' | 'grouped' | 'none'} executions how many they must cause
 * @property {string} outcome how these must end
 */

/**
 * @typedef {object} Round
 * @property {number} eventsPerSecond from the first request to the end of the last execution
 * @property {number} requestsPerSecond the same in requests
 * @property {number} p50Ms of the answers
 * @property {number} p99Ms of the answers
 * @property {number} executions that were caused
 * @property {number} eventsPerCpuSecond events for each second of processor time that n8n and its task
 * runners took; NaN where that is not known
 * @property {number} cpuMs processor time a request, of n8n and its task runners; NaN where that is not known
 */

/**
 * @typedef {object} Pace
 * @property {number} rounds
 * @property {number} seconds a subject is to be busy in each round
 * @property {number} warmUps loads of one request a sender, before the first round
 */

/** Senders at the same time. */
export const CONNECTIONS = 16;

/**
 * "Come again later": nothing of the request was taken. 429 is ours. With 503 n8n itself answers everything
 * for some seconds when its database does not answer a ping in time, which it asks for every two seconds
 * (`db-connection-monitor.js`).
 */
const COME_AGAIN = [429, 503];
/** How long n8n may take to be itself again, and how often it is asked. */
const LONGEST_RECOVERY_MS = 60_000;
const ASK_AGAIN_MS = 250;

/** n8n could not keep up and senders were refused with 429: true, but no figure of this load. */
class TooSlow extends PlainError {}

/**
 * A subject that comes to something else than it must is told, and left out; the others go on.
 * @param {Lab} lab
 * @param {readonly Subject[]} subjects
 * @param {Pace} pace
 * @param {{ say: (line: string) => void, broken: (line: string) => void }} tell
 * @returns {Promise<Map<string, Round[]>>} by subject
 */
export async function measure(lab, subjects, { rounds, seconds, warmUps }, { say, broken }) {
	/** @type {Map<string, { requests: number, rounds: Round[] }>} */
	const measured = new Map();
	const attempt = async (/** @type {Subject} */ { id }, /** @type {() => Promise<void>} */ work) => {
		try {
			await work();
		} catch (error) {
			const isSlow = error instanceof TooSlow || error instanceof StillRunning;
			if (!isSlow) measured.delete(id);
			(isSlow ? say : broken)(`Not measured: ${error instanceof PlainError ? error.message : error}`);
		}
	};
	for (const subject of subjects) {
		await attempt(subject, async () => {
			for (let load = 1; load < warmUps; load++) await round(lab, subject, CONNECTIONS);
			const { requestsPerSecond } = await round(lab, subject, CONNECTIONS);
			const perConnection = Math.max(1, Math.round((requestsPerSecond * seconds) / CONNECTIONS));
			measured.set(subject.id, { requests: perConnection * CONNECTIONS, rounds: [] });
		});
	}
	for (let turn = 0; turn < rounds; turn++) {
		// There and back again: what drifts over time meets each of them alike.
		const order = turn % 2 === 0 ? subjects : [...subjects].reverse();
		for (const subject of order) {
			const own = measured.get(subject.id);
			if (own)
				await attempt(subject, async () => void own.rounds.push(await round(lab, subject, own.requests)));
		}
		const line = [...measured].map(
			([id, own]) => `${id} ${(own.rounds.at(-1)?.eventsPerSecond ?? NaN).toFixed(0)}/s`,
		);
		say(`round ${turn + 1} of ${rounds}: ${line.join(', ')}`);
	}
	const withFigures = [...measured].filter(([, own]) => own.rounds.length > 0);
	return new Map(withFigures.map(([id, own]) => [id, own.rounds]));
}

/**
 * One load, from its first request until n8n has done everything that came of it.
 * @param {Lab} lab
 * @param {Subject} subject
 * @param {number} requests
 * @returns {Promise<Round>}
 * @throws {PlainError} when something else came of it than must: then there is nothing to measure
 * @throws {TooSlow} when that was only because the machine is too slow for this load
 */
export async function round(lab, subject, requests) {
	const { endpoint, events, secret } = subject;
	await untilReady(lab);
	const newest = lab.executions.newest();
	const cpuBeforeMs = cpuMs(lab);
	const { startedAtMs, answeredAtMs, statuses, latenciesMs } = await send({
		url: endpoint.url,
		requests,
		connections: CONNECTIONS,
		makeRequest: () => {
			const body = bodyOf(events);
			return { body, headers: signed(body, secret) };
		},
	});
	const ended = await lab.executions.ended(endpoint.workflowId, newest);
	const executions = Object.values(ended.statuses).reduce((sum, count) => sum + count, 0);
	const isAsItMust =
		statuses[subject.status] === requests &&
		executions === (ended.statuses[subject.outcome] ?? 0) &&
		(subject.executions === 'each'
			? executions === requests
			: executions > 0 === (subject.executions === 'grouped'));
	if (!isAsItMust) {
		const turnedAway = COME_AGAIN.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
		const isBusy = turnedAway > 0 && turnedAway + (statuses[subject.status] ?? 0) === requests;
		throw new (isBusy ? TooSlow : PlainError)(
			`${subject.id}: ${requests} requests were answered ${JSON.stringify(statuses)}, their executions ended ` +
				`${JSON.stringify(ended.statuses)}. ${isBusy ? 'This machine is too slow.' : 'That is not what was to be measured.'}`,
		);
	}
	const seconds = (Math.max(answeredAtMs, ended.lastAtMs) - startedAtMs) / 1000;
	const takenMs = cpuMs(lab) - cpuBeforeMs;
	return {
		eventsPerSecond: (requests * events) / seconds,
		requestsPerSecond: requests / seconds,
		p50Ms: percentile(latenciesMs, 0.5),
		p99Ms: percentile(latenciesMs, 0.99),
		executions,
		cpuMs: takenMs / requests,
		eventsPerCpuSecond: (requests * events * 1000) / takenMs,
	};
}

/**
 * Waits until n8n says that it serves requests.
 * @param {Lab} lab
 * @throws {PlainError} when it does not in a minute
 */
async function untilReady({ n8n }) {
	const giveUpAtMs = Date.now() + LONGEST_RECOVERY_MS;
	while (!(await fetch(`${n8n.baseUrl}/healthz/readiness`)).ok) {
		if (Date.now() > giveUpAtMs) throw new PlainError('n8n has not been ready for a minute.');
		await pause(ASK_AGAIN_MS);
	}
}

/** @param {Lab} lab */
const cpuMs = (lab) => taken(lab.n8n.pid ?? 0)?.cpuMs ?? NaN;
