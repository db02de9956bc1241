/**
 * Many senders at once: how many are answered, how many are refused with 429, how long it takes, how much
 * memory.
 */
import { PlainError } from '../../lab/plainError.js';
import { Lab } from './lab.mjs';
import { send } from './load.mjs';
import { bodyOf, signed } from './messages.mjs';
import { watchMemory } from './memory.mjs';

/** @typedef {'grouped' | 'each' | 'noCode' | 'bare'} BurstSubject */

/**
 * Everything is as users get it but *Events Per Execution*: senders wait for as long as they do by
 * themselves.
 * @type {Record<BurstSubject, (lab: Lab) => Promise<import('./lab.mjs').Endpoint>>}
 */
const SUBJECTS = {
	grouped: async (lab) => await lab.gameInsights({ options: { executionPer: 'group' } }),
	each: async (lab) => await lab.gameInsights(),
	noCode: async (lab) => await lab.noCode(),
	bare: async (lab) => await lab.bareWebhook(),
};

/** Longest a burst may take: the built-in nodes need minutes for it on a slow machine. */
const LONGEST_S = 400;
/** Sent one after the other before it begins, so that n8n has made what it makes once. */
const WARM_UP_REQUESTS = 8;

/**
 * @typedef {object} Burst
 * @property {number} answered with 200
 * @property {number} refused with anything else
 * @property {number} answeredSeconds from the first request to the last answer
 * @property {number} seconds from the first request to the end of the last execution
 * @property {number} peakBytes NaN where that is not known
 */

/**
 * Each burst meets a fresh n8n: what it takes of memory for one it may keep for the next.
 * @param {import('./columns.mjs').Column} column
 * @param {BurstSubject} subject
 * @param {{ senders: number, requests: number }} size
 * @returns {Promise<Burst>}
 * @throws {PlainError} when an event that was answered with 200 is in no execution
 */
export async function burst(column, subject, { senders, requests }) {
	const lab = await Lab.start(`burst-${subject}`, column);
	try {
		const endpoint = await SUBJECTS[subject](lab);
		const makeRequest = () => {
			const body = bodyOf(1);
			return { body, headers: signed(body) };
		};
		await send({ url: endpoint.url, requests: WARM_UP_REQUESTS, connections: 1, makeRequest });
		await lab.executions.ended(endpoint.workflowId, 0);
		const newest = lab.executions.newest();
		const memory = watchMemory(lab);
		const { statuses, startedAtMs, answeredAtMs } = await send({
			...{ url: endpoint.url, requests, connections: senders, makeRequest },
			longestSeconds: LONGEST_S,
		});
		const ended = await lab.executions.ended(endpoint.workflowId, newest, LONGEST_S);
		const peakBytes = memory.stop();
		const answered = statuses[200] ?? 0;
		const executions = ended.statuses.success ?? 0;
		const kept =
			subject === 'grouped'
				? (await lab.events(endpoint, executions + WARM_UP_REQUESTS)).length - WARM_UP_REQUESTS
				: executions;
		if (kept < answered) {
			throw new PlainError(`${subject}: ${answered} were answered with 200, and ${kept} were executed.`);
		}
		return {
			answered,
			refused: requests - answered,
			answeredSeconds: (answeredAtMs - startedAtMs) / 1000,
			seconds: (Math.max(answeredAtMs, ended.lastAtMs) - startedAtMs) / 1000,
			peakBytes,
		};
	} finally {
		await lab.remove();
	}
}
