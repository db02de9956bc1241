import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { isJsonObject } from '../../shared/json/jsonValue';
import { FaultyIntakeSettings } from '../intake/rules';
import { triggerParameters } from './parameters';

/** How many parameters a message names. The first ones are enough to start with. */
const MOST_NAMED = 3;

/**
 * Whether n8n treats a value as an expression: it begins with `=`. If a parameter does not allow expressions,
 * n8n 2 removes the `=` before the node sees the value (`getNodeParameters` in n8n-workflow's
 * `node-helpers`), but the braces remain.
 */
function isExpression(value: string): boolean {
	if (value.startsWith('=')) return true;
	const open = value.indexOf('{{');
	return open !== -1 && value.includes('}}', open);
}

/**
 * Finds the expressions in a node's parameters. Returns the names of the parameters in the panel, such as
 * `Options → Event Types`.
 */
export function expressionsIn(
	parameters: Readonly<Record<string, unknown>>,
	properties: readonly INodeProperties[] = triggerParameters,
): string[] {
	return [...new Set(namesIn(parameters, properties, []))];
}

type Known = readonly (INodeProperties | INodePropertyCollection)[];

function namesIn(value: unknown, known: Known, way: readonly string[]): string[] {
	if (typeof value === 'string') return isExpression(value) ? [way.join(' → ')] : [];
	if (Array.isArray(value)) return value.flatMap((element) => namesIn(element, known, way));
	if (!isJsonObject(value)) return [];
	return Object.entries(value).flatMap(([name, member]) => {
		const found = known.find((candidate) => candidate.name === name);
		// A group of rows has no name in the panel.
		if (found !== undefined && 'values' in found) return namesIn(member, found.values, way);
		const inside = (found?.options ?? []) as Known;
		return namesIn(member, inside, [...way, found?.displayName ?? name]);
	});
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return isExpression(value);
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

/**
 * An expression would be used as plain text, and so mean something else than its owner wanted.
 *
 * @throws {FaultyIntakeSettings} when one of the node's parameters contains an expression; it names the
 * parameter.
 */
export function refuseExpressions(parameters: Readonly<Record<string, unknown>>): void {
	// Asked for each request, and finding names takes longer.
	if (!holdsExpression(parameters)) return;
	const names = expressionsIn(parameters);
	const named = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
	const others = names.length - named.length;
	const list = [...named, ...(others > 0 ? [`${others} more`] : [])]
		.join(', ')
		.replace(/, ([^,]*)$/, ' and $1');
	throw new FaultyIntakeSettings(
		`${list} ${names.length === 1 ? 'holds an expression' : 'hold expressions'}, and this node takes none: write the value itself there.`,
	);
}
