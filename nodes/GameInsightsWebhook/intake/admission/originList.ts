import { urlIn } from '../../../shared/urlIn';

/** Thrown for an entry that is no origin; the message is for the owner of the endpoint. */
export class FaultyOrigin extends Error {
	override readonly name = 'FaultyOrigin';
}

/**
 * Origins as browsers write them: scheme, host, and the port if it is not the default one (RFC 6454, section
 * 6.2).
 *
 * @returns null when there are none
 * @throws {FaultyOrigin}
 */
export function readOrigins(list: readonly string[]): ReadonlySet<string> | null {
	return list.length === 0 ? null : new Set(list.map(readOrigin));
}

function readOrigin(entry: string): string {
	if (entry === '*') return entry;
	const url = urlIn(entry);
	if (url !== null && url.href === `${url.origin}/` && /^https?:$/.test(url.protocol)) return url.origin;
	throw new FaultyOrigin(
		`"${entry}" is no origin: write it as the address of a page begins, like https://play.my-studio.com, without a path.`,
	);
}
