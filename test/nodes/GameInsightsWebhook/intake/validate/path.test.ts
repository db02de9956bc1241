import { nameOf, type Path, pointerTo } from '../../../../../nodes/GameInsightsWebhook/intake/validate/path';

describe('a path', () => {
	it.each<[Path, string, string]>([
		[[], '', 'The event'],
		[['timestamp'], '/timestamp', '`timestamp`'],
		[['properties', 'amount'], '/properties/amount', '`properties.amount`'],
		[['items', 0, 'price'], '/items/0/price', '`items[0].price`'],
		[['items', '0'], '/items/0', '`items.0`'],
		[['größe', 'a-b', '$x', '_y'], '/größe/a-b/$x/_y', '`größe.a-b.$x._y`'],
		[['a.b', 'c'], '/a.b/c', '`["a.b"].c`'],
		[['a/b~c'], '/a~1b~0c', '`["a/b~c"]`'],
		[['~1'], '/~01', '`["~1"]`'],
		[['x', ''], '/x/', '`x[""]`'],
		[['a`"b'], '/a`"b', '`["a‘\\"b"]`'],
		[['<!channel>'], '/<!channel>', '`["‹!channel›"]`'],
		[['[a](https://evil.example)'], '/[a](https:~1~1evil.example)', '`["[a] (https:∕∕evil․example)"]`'],
		[['evil', 'com'], '/evil/com', '`evil․com`'],
		[['www', 'evil', 'example'], '/www/evil/example', '`www․evil.example`'],
		[['a\u202eb'], '/a\u202eb', '`["a\\u202eb"]`'],
		[['\u3164'], '/\u3164', '`["\\u3164"]`'],
		[['a'.repeat(40)], `/${'a'.repeat(40)}`, `\`${'a'.repeat(40)}\``],
		[['a'.repeat(41)], `/${'a'.repeat(41)}`, `\`["${'a'.repeat(40)}…"]\``],
	])('%j is the JSON Pointer %j, and reads as %s', (path, pointer, name) => {
		expect(pointerTo(path)).toBe(pointer);
		expect(nameOf(path)).toBe(name);
	});
});
