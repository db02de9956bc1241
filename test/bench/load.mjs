/** Sends a number of requests over a number of connections, and tells when each was answered. */
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { PlainError } from '../../lab/plainError.js';

/**
 * Longest a load may take by default, whatever n8n does; what is unanswered then makes the measurement
 * invalid.
 */
const LONGEST_S = 120;

/**
 * @typedef {object} Request
 * @property {string} body
 * @property {Record<string, string>} headers
 */

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {number} requests how many
 * @property {number} connections senders at the same time; each sends its next request when the last one is
 * answered
 * @property {number} [longestSeconds] what is unanswered after that makes the measurement invalid
 * @property {() => Request} makeRequest called for each request, right before it goes out
 */

/**
 * @typedef {object} Answers
 * @property {number} startedAtMs milliseconds since the epoch
 * @property {number} answeredAtMs when the last answer came
 * @property {Record<number, number>} statuses how often each HTTP status came
 * @property {number[]} latenciesMs of each request, as its sender saw it
 */

/**
 * A closed loop: a slow answer holds back the next request of the same sender. So rates are what n8n can do,
 * and latencies are those of senders who wait for their answer; they say nothing about senders who would not
 * have waited (coordinated omission).
 * @param {Load} load
 * @returns {Promise<Answers>}
 * @throws {PlainError} when not every request was answered
 */
export async function send({ url, requests, connections, makeRequest, longestSeconds = LONGEST_S }) {
	/** @type {Record<number, number>} */
	const statuses = {};
	/** @type {number[]} */
	const latenciesMs = [];
	const startedAtMs = performance.timeOrigin + performance.now();
	let answeredAtMs = startedAtMs;
	/** @type {(value?: unknown) => void} */
	let done = () => {};
	const isDone = new Promise((resolve) => (done = resolve));
	const run = autocannon(
		{
			url,
			amount: requests,
			connections: Math.min(connections, requests),
			timeout: longestSeconds,
			// How often it looks whether it is done, in milliseconds.
			sampleInt: 50,
			requests: [
				{
					method: 'POST',
					setupRequest: (request) => {
						const { body, headers } = makeRequest();
						return { ...request, body, headers };
					},
				},
			],
		},
		done,
	);
	run.on('response', (_client, status, _bytes, latencyMs) => {
		statuses[status] = (statuses[status] ?? 0) + 1;
		latenciesMs.push(latencyMs);
		answeredAtMs = performance.timeOrigin + performance.now();
	});
	const giveUp = setTimeout(() => run.stop(), longestSeconds * 1000);
	await isDone;
	clearTimeout(giveUp);
	if (latenciesMs.length !== requests) {
		throw new PlainError(`${latenciesMs.length} of ${requests} requests to ${url} were answered.`);
	}
	return { startedAtMs, answeredAtMs, statuses, latenciesMs };
}
