/**
 * Keys at the top level of an item that n8n 2.41 gives a meaning, whoever wrote them. Found in n8n-core's `workflow-execute.js`
 * (`normalizeNodeErrors`: an item with both of the first two is replaced by their error, after each node that it comes through) and
 * `convert-binary-data.js` (files are kept under `_files`, and a workflow fails when something else is there), and in n8n-workflow's
 * `trimmed-task-data.js` (the editor takes the item's output for one that was left out).
 *
 * Not among them: `error`, which means something only where it stands alone, or with `message` and `details`; an event has a type.
 */
const ERROR_KEYS = ['$error', '$json'];
const OTHER_KEYS = ['_files', '__isTrimmedManualExecutionDataItem'];

/**
 * Gives an event's keys that n8n would take for its own an underscore in front, more where that name is taken. In place.
 *
 * @param event As it was read, and nobody else's.
 */
export function keepFromN8n(event: Record<string, unknown>): void {
	if (ERROR_KEYS.every((key) => Object.hasOwn(event, key))) for (const key of ERROR_KEYS) rename(event, key);
	for (const key of OTHER_KEYS) if (Object.hasOwn(event, key)) rename(event, key);
}

function rename(event: Record<string, unknown>, key: string): void {
	let name = `_${key}`;
	while (Object.hasOwn(event, name)) name = `_${name}`;
	event[name] = event[key];
	delete event[key];
}
