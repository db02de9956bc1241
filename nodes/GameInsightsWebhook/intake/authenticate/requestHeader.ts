import type { IncomingRequest } from '../receipt';
import { unauthorized } from './unauthorized';

/**
 * The value of a header with a proof. Undefined when it is missing or empty. A header that was sent twice is
 * refused: Node.js would join or drop values, and different programs would read different values.
 * @param name In lower case.
 * @throws Refusal 401
 */
export function findHeader(request: IncomingRequest, name: string): string | undefined {
	const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
	if (value === undefined || value === '') return undefined;
	if (typeof value !== 'string' || cameTwice(request.rawHeaders, name)) {
		throw unauthorized(`The header "${name}" came more than once.`);
	}
	return value;
}

/**
 * Like {@link findHeader}, for a header that must be there.
 * @throws Refusal 401
 */
export function readHeader(request: IncomingRequest, name: string): string {
	const value = findHeader(request, name);
	if (value === undefined) throw unauthorized(`The header "${name}" is missing or empty.`);
	return value;
}

function cameTwice(rawHeaders: readonly string[], name: string): boolean {
	let seen = false;
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const rawName = rawHeaders[index] ?? '';
		if (rawName.length !== name.length || rawName.toLowerCase() !== name) continue;
		if (seen) return true;
		seen = true;
	}
	return false;
}
