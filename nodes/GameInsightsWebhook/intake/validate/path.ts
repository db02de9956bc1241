import { unlinked } from '../../../shared/harmless';
import { quote } from '../../../shared/json/jsonValue';

/** The path to a value in an event: keys of objects and indexes of arrays. Empty for the event itself. */
export type Path = ReadonlyArray<string | number>;

/** As a JSON Pointer (RFC 6901); empty for the event itself. */
export function pointerTo(path: Path): string {
	return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const PLAIN_KEY = /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}_$-]){1,40}$/u;

/**
 * In the form that people write, for messages: `properties.items[0].price`; "The event" for the event itself.
 */
export function nameOf(path: Path): string {
	if (path.length === 0) return 'The event';
	let name = '';
	for (const key of path) {
		if (typeof key === 'number') name += `[${key}]`;
		else if (PLAIN_KEY.test(key)) name += name === '' ? key : `.${key}`;
		else name += `[${quote(key)}]`;
	}
	// Keys such as `evil` and `com` must not look like an address together.
	return `\`${unlinked(name)}\``;
}
