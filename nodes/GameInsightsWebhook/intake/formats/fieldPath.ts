import { at } from '../../../shared/senders/at';
import type { IncomingRequest } from '../receipt';
import { type FieldPath, type FieldPaths, keysOf } from '../../../shared/formats/format';

/** What paths refer to besides the event: the request that contained it. */
export interface Around {
	/** The parsed body. Undefined where each line of the body is an event. */
	readonly body: unknown;
	readonly request: IncomingRequest;
}

/** Looks a value up. */
export type Lookup = (event: unknown, around: Around) => unknown;

/**
 * The longest text that is taken from outside of an event, because it is copied into each event of the
 * request.
 */
const LONGEST_SHARED = 1_024;
const IN_BODY = '$.';
const IN_HEADER = '$header.';

/** Reads a path. Undefined when it is not valid. */
export function readPath(path: FieldPath): Lookup | undefined {
	if (path.startsWith(IN_HEADER)) {
		const name = path.slice(IN_HEADER.length).toLowerCase();
		return name === ''
			? undefined
			: (_, { request }) => shared(Object.hasOwn(request.headers, name) ? request.headers[name] : undefined);
	}
	const isInBody = path.startsWith(IN_BODY);
	const keys = keysOf(isInBody ? path.slice(IN_BODY.length) : path);
	if (keys === undefined) return undefined;
	return isInBody ? (_, { body }) => shared(at(body, ...keys)) : (event) => at(event, ...keys);
}

/**
 * Reads the paths of a record, all of which must be valid.
 *
 * @throws {TypeError} when one is not valid
 */
export function readPaths(paths: FieldPaths): Lookup[] {
	return paths.map((entry) => {
		const { path, where } = typeof entry === 'string' ? { path: entry, where: undefined } : entry;
		const lookup = readPath(path);
		const condition = where === undefined ? undefined : readPath(where[0]);
		if (lookup === undefined) throw new TypeError(`"${path}" is not a path`);
		if (condition === undefined) return lookup;
		return (event, around) => (condition(event, around) === where?.[1] ? lookup(event, around) : undefined);
	});
}

const shared = (value: unknown): unknown =>
	typeof value === 'string' && value.length > LONGEST_SHARED ? undefined : value;
