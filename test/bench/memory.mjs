/** The most memory n8n and its task runner hold while batches come in, each side in a fresh n8n of its own. */
import { PlainError } from '../../n8n/plainError.js';
import { Lab } from './lab.mjs';
import { taken } from './processGroup.mjs';
import { round } from './rounds.mjs';
import { makeSubjects } from './subjects.mjs';

/** How often memory is looked at, in milliseconds. */
const INTERVAL_MS = 100;

/**
 * @param {'legacy' | 'vm'} engine
 * @param {string} subjectId which of the subjects sends
 * @param {number} requests how many batches
 * @returns {Promise<number>} bytes
 */
export async function peakMemory(engine, subjectId, requests) {
	const lab = await Lab.start(`memory-${subjectId}`, engine);
	try {
		const subject = (await makeSubjects(lab, console.error)).find(({ id }) => id === subjectId);
		if (!subject) throw new PlainError(`There is no subject "${subjectId}".`);
		let peakBytes = 0;
		const watch = setInterval(() => {
			peakBytes = Math.max(peakBytes, taken(lab.n8n.pid ?? 0)?.residentBytes ?? 0);
		}, INTERVAL_MS);
		try {
			await round(lab, subject, requests);
		} finally {
			clearInterval(watch);
		}
		return peakBytes;
	} finally {
		await lab.remove();
	}
}
