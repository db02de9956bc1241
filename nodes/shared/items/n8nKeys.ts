/**
 * Keys at the top level of an item that have a meaning for n8n 2.41, even if a sender wrote them. Found in
 * n8n-core's `workflow-execute.js` (`normalizeNodeErrors`: after each node, an item that has both of the
 * first two is replaced by their error) and `convert-binary-data.js` (files are kept under `_files`, and a
 * workflow fails when that key has another content), and in n8n-workflow's `trimmed-task-data.js` (the editor
 * treats the item's output as left out).
 *
 * `error` is not in the list: it only has a meaning alone, or with `message` and `details`, and an event
 * always has a type.
 */
const ERROR_KEYS = ['$error', '$json'];
const OTHER_KEYS = ['_files', '__isTrimmedManualExecutionDataItem'];

/**
 * A copy of the event with an underscore before each key that has a meaning for n8n, or more underscores if
 * that name is in use. The event itself if it has no such key. The event is not changed.
 */
export function keptFromN8n(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const errorKeys = ERROR_KEYS.every((key) => Object.hasOwn(event, key)) ? ERROR_KEYS : [];
	return [...errorKeys, ...OTHER_KEYS].reduce((fields, key) => renamed(fields, key, `_${key}`), event);
}

/**
 * The fields with one of them renamed and moved to the end. As many underscores as needed are put before the
 * new name, until it is free. Returns the same object if it has no field of that name.
 */
export function renamed(
	fields: Readonly<Record<string, unknown>>,
	from: string,
	to: string,
): Record<string, unknown> {
	if (!Object.hasOwn(fields, from)) return fields;
	let name = to;
	while (Object.hasOwn(fields, name)) name = `_${name}`;
	const { [from]: value, ...others } = fields;
	return { ...others, [name]: value };
}
