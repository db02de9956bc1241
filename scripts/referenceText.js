/** Makes docs/reference.md from the descriptions of the nodes and credentials. */

/**
 * @typedef {import('n8n-workflow').INodeProperties} Property
 * @typedef {import('n8n-workflow').INodeTypeDescription} NodeDescription
 * @typedef {import('n8n-workflow').ICredentialType} CredentialType
 */

/** @param {string} text a description: HTML in notices, one line in a table */
const cell = (text) =>
	text
		.replace(/<code>(.*?)<\/code>/g, '`$1`')
		.replace(/<[^>]+>/g, '')
		.replaceAll('|', '\\|')
		.replace(/\s+/g, ' ')
		.trim();

/** @param {unknown} value */
const shown = (value) =>
	value === '' ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** @param {Property} property */
function defaultOf({ type, options = [], default: value }) {
	if (type === 'collection' || type === 'fixedCollection') return '';
	if (typeof value === 'string' && value.includes('\n')) return 'an example';
	const chosen = options.find((option) => 'value' in option && option.value === value);
	return chosen ? cell(chosen.name) : shown(value);
}

/** @param {Property} property */
function meaning({ type, description = '', hint = '', options = [], displayOptions }) {
	const choices =
		type === 'options' || type === 'multiOptions'
			? options.map((option) => {
					const { name, description: words } = /** @type {{ name: string, description?: string }} */ (option);
					return `**${cell(name)}**${words ? `: ${cell(words).replace(/\.$/, '')}` : ''}`;
				})
			: [];
	const sentence = cell(description);
	const parts = [
		sentence && !/[.!?]$/.test(sentence) ? `${sentence}.` : sentence,
		choices.length > 0 ? `${choices.join('; ')}.` : '',
		cell(hint),
		whenShown(displayOptions),
	];
	return parts.filter(Boolean).join(' ');
}

/** @param {Property['displayOptions']} displayOptions */
function whenShown(displayOptions) {
	const words = (/** @type {Record<string, unknown>} */ conditions) =>
		Object.entries(conditions)
			.map(
				([name, values]) => `\`${name.replace(/^\//, '')}\` is ${[values].flat().map(String).join(' or ')}`,
			)
			.join(' and ');
	const { show, hide } = displayOptions ?? {};
	return [show ? `*Shown when ${words(show)}.*` : '', hide ? `*Hidden when ${words(hide)}.*` : '']
		.filter(Boolean)
		.join(' ');
}

/** @param {Property[]} properties */
function table(properties) {
	const rows = properties
		.filter(({ type }) => !['notice', 'hidden', 'credentials'].includes(type))
		.map(
			(property) =>
				`| ${cell(property.displayName)} | \`${property.name}\` | ${defaultOf(property)} | ${meaning(property)} |`,
		);
	return ['| name | in JSON | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** @param {Property[]} properties */
function collections(properties) {
	return properties
		.filter(({ type }) => type === 'collection')
		.map(
			(property) =>
				`### ${property.displayName}\n\n${table(/** @type {Property[]} */ (property.options ?? []))}`,
		);
}

/** @param {NodeDescription} description */
function nodeSection(description) {
	const { displayName, name, properties, outputNames = [], usableAsTool } = description;
	const outputs = outputNames.length > 1 ? `\nOutputs: ${outputNames.join(', ')}.` : '';
	const tool = usableAsTool ? '\nCan be used as a tool by AI agents.' : '';
	return [
		`## ${displayName}`,
		`\`n8n-nodes-game-insights.${name}\`.\n${description.description}.${outputs}${tool}`,
		table(properties),
		...collections(properties),
	].join('\n\n');
}

/** @param {CredentialType} credential */
function credentialSection({ displayName, name, properties }) {
	return [`## Credential: ${displayName}`, `\`${name}\``, table(properties)].join('\n\n');
}

/**
 * @param {NodeDescription[]} nodes
 * @param {CredentialType[]} credentials
 * @returns {string} the page
 */
function referenceText(nodes, credentials) {
	return `${[
		'# Reference',
		"Made from the nodes' own descriptions by `npm run docs`; a test fails when it differs from them.",
		'What it all is for: [the other pages](README.md).',
		...nodes.map(nodeSection),
		...credentials.map(credentialSection),
	].join('\n\n')}\n`;
}

module.exports = { referenceText };
