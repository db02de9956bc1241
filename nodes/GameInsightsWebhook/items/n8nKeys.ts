/**
 * Keys at the top level of an item that n8n 2.41 gives a meaning, whoever wrote them. Found in n8n-core's
 * `workflow-execute.js` (`normalizeNodeErrors`: an item with both of the first two is replaced by their
 * error, after each node that it comes through) and `convert-binary-data.js` (files are kept under `_files`,
 * and a workflow fails when something else is there), and in n8n-workflow's `trimmed-task-data.js` (the
 * editor takes the item's output for one that was left out).
 *
 * Not among them: `error`, which means something only where it stands alone, or with `message` and `details`;
 * an event has a type.
 */
const ERROR_KEYS = ['$error', '$json'];
const OTHER_KEYS = ['_files', '__isTrimmedManualExecutionDataItem'];

/**
 * The event with an underscore in front of keys that n8n would take for its own, more where that name is
 * taken; the event itself where it has none. Changes nothing of it.
 */
export function keptFromN8n(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const errorKeys = ERROR_KEYS.every((key) => Object.hasOwn(event, key)) ? ERROR_KEYS : [];
	return [...errorKeys, ...OTHER_KEYS].reduce((fields, key) => renamed(fields, key, `_${key}`), event);
}

/**
 * The fields with one of them under another name, behind the others; with as many underscores before it as it
 * takes to be a name that is free. The fields themselves where they have none of that name.
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
