/**
 * The most memory n8n and its task runner hold while batches come in, each side in a fresh n8n of its own.
 */
import { PlainError } from '../../lab/plainError.js';
import { Lab } from './lab.mjs';
import { taken } from './processGroup.mjs';
import { round } from './rounds.mjs';
import { makeSubjects } from './subjects.mjs';

/** How often memory is looked at, in milliseconds. */
const INTERVAL_MS = 100;

/**
 * @param {Lab} lab
 * @returns {{ stop: () => number }} `stop` tells the most it held since, in bytes; NaN where that is not
 * known
 */
export function watchMemory({ n8n }) {
	let peakBytes = taken(n8n.pid ?? 0)?.residentBytes ?? NaN;
	const look = () => {
		peakBytes = Math.max(peakBytes, taken(n8n.pid ?? 0)?.residentBytes ?? 0);
	};
	const watch = setInterval(look, INTERVAL_MS);
	return {
		stop: () => {
			clearInterval(watch);
			return peakBytes;
		},
	};
}

/**
 * @param {import('./columns.mjs').Column} column
 * @param {string} subjectId which of the subjects sends
 * @param {number} requests how many batches
 * @returns {Promise<number>} bytes
 */
export async function peakMemory(column, subjectId, requests) {
	const lab = await Lab.start(`memory-${subjectId}`, column);
	try {
		const subject = (await makeSubjects(lab, console.error)).find(({ id }) => id === subjectId);
		if (!subject) throw new PlainError(`There is no subject "${subjectId}".`);
		const memory = watchMemory(lab);
		try {
			await round(lab, subject, requests);
		} finally {
			memory.stop();
		}
		return memory.stop();
	} finally {
		await lab.remove();
	}
}
