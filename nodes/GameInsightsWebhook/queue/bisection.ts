import type { Item } from './item';
import { Job } from './job';

/**
 * Splits a job that failed, or must hold the failing events, in two. The smaller part is what runs next; the other one waits for
 * how that ends (see {@link afterPart}).
 */
export function split(job: Job, newId: () => string): Job {
	const items = job.openItems;
	const half = Math.floor(items.length / 2);
	const part = partOf(job, items.slice(0, half), newId());
	part.counterpart = partOf(job, items.slice(half), newId());
	return part;
}

/**
 * What of the rest runs after a part has ended. If the part went well the fault is in its counterpart: running that as a whole
 * would only show what is known, so it is split at once. This saves the run per halving that takes plain halving above
 * 2·log₂(n) runs.
 */
export function afterPart(part: Job, wentWell: boolean, newId: () => string): Job | null {
	const rest = part.counterpart;
	part.counterpart = null;
	if (rest === null || rest.open === 0) return null;
	return wentWell && rest.open > 1 ? split(rest, newId) : rest;
}

function partOf(whole: Job, items: readonly Item[], id: string): Job {
	const part = new Job(id, 'events', items);
	part.isPart = true;
	part.attempts = whole.attempts;
	part.firstAttemptAtMs = whole.firstAttemptAtMs;
	part.lastAttemptAtMs = whole.lastAttemptAtMs;
	part.history = whole.history;
	return part;
}
