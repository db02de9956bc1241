import type { Item } from './item';
import { Load } from './job';

/**
 * Splits a load that failed, or must hold the failing events, in two. The smaller part is what runs next; the other one waits for
 * how that ends (see {@link afterPart}).
 */
export function split(load: Load, newId: () => string): Load {
	const items = load.openItems;
	const half = Math.floor(items.length / 2);
	const part = partOf(load, items.slice(0, half), newId());
	part.counterpart = partOf(load, items.slice(half), newId());
	return part;
}

/**
 * What of the rest runs after a part has ended. If the part went well the fault is in its counterpart: running that as a whole
 * would only show what is known, so it is split at once. This saves the run per halving that takes plain halving above
 * 2·log₂(n) runs.
 */
export function afterPart(part: Load, wentWell: boolean, newId: () => string): Load | null {
	const rest = part.counterpart;
	part.counterpart = null;
	if (rest === null || rest.open === 0) return null;
	return wentWell && rest.open > 1 ? split(rest, newId) : rest;
}

function partOf(whole: Load, items: readonly Item[], id: string): Load {
	const part = new Load(id, 'events', items);
	part.isPart = true;
	part.attempts = whole.attempts;
	part.firstAttemptAtMs = whole.firstAttemptAtMs;
	part.lastAttemptAtMs = whole.lastAttemptAtMs;
	part.history = whole.history;
	return part;
}
