import type { Fault } from './fault';
import { nameOf, pointerTo } from './path';

/**
 * How deep an event may be nested; the event itself is the first level. n8n copies, compares and stores items
 * with recursive functions that overflow the stack from about 1,400 levels on (lodash's isEqual, on an
 * otherwise empty stack).
 */
export const MAX_DEPTH = 500;

/**
 * What n8n's own handling of items would lose or change: an event that is nested too deeply, or a number too
 * large for a double, which JSON allows but n8n would store as `null`. Null when there is no problem.
 */
export function unkeepable(event: unknown): Fault | null {
	const trouble = findTrouble(event, 1);
	if (trouble === null) return null;
	const path = trouble.reversedPath.reverse();
	if (trouble.code === 'depth') {
		return { code: 'depth', path: '', message: `The event is nested more than ${MAX_DEPTH} levels deep` };
	}
	return {
		code: 'number',
		path: pointerTo(path),
		message: `${nameOf(path)} must be a number up to 1.8e308, it is larger`,
	};
}

interface Trouble {
	readonly code: 'depth' | 'number';
	readonly reversedPath: Array<string | number>;
}

/** Recursive, but no deeper than an event may be nested. The path is only built when there is a problem. */
function findTrouble(value: unknown, level: number): Trouble | null {
	if (typeof value === 'number') return Number.isFinite(value) ? null : { code: 'number', reversedPath: [] };
	if (typeof value !== 'object' || value === null) return null;
	if (level > MAX_DEPTH) return { code: 'depth', reversedPath: [] };
	if (Array.isArray(value)) {
		for (let index = 0; index < value.length; index++) {
			const trouble = findTrouble(value[index], level + 1);
			if (trouble !== null) return at(index, trouble);
		}
		return null;
	}
	for (const key in value) {
		const trouble = findTrouble((value as Record<string, unknown>)[key], level + 1);
		if (trouble !== null) return at(key, trouble);
	}
	return null;
}

function at(key: string | number, trouble: Trouble): Trouble {
	trouble.reversedPath.push(key);
	return trouble;
}
