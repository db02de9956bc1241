/** Makes the tables of senders and formats in docs/ from their records. */

/**
 * @typedef {import('../nodes/shared/formats/format').EventFormat} EventFormat
 * @typedef {import('../nodes/shared/senders/scheme').Scheme} Scheme
 * @typedef {import('../nodes/shared/answers').FixedAnswer} FixedAnswer
 * @typedef {import('../nodes/shared/formats/format').FieldPaths} FieldPaths
 */

const SCHEMES_FOLDER =
	'https://github.com/game-insights/n8n-nodes-game-insights/blob/main/nodes/shared/senders';

/** @param {FieldPaths} paths */
const shownPaths = (paths) =>
	paths
		.map((entry) =>
			typeof entry === 'string'
				? `\`${entry}\``
				: `\`${entry.path}\` where \`${entry.where[0]}\` is \`${entry.where[1]}\``,
		)
		.join(', else ');

/** @param {FixedAnswer | undefined} acceptance */
function shownAnswer(acceptance) {
	if (acceptance === undefined) return 'the usual receipt';
	return acceptance.body === '' ? `${acceptance.status}, no body` : `\`${acceptance.body}\``;
}

/** @param {readonly string[]} sources */
const links = (sources) => sources.map((url, at) => `[${at + 1}](${url})`).join(' ');

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) =>
	[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** @param {ReadonlyMap<string, EventFormat>} formats */
function formatsTable(formats) {
	return table(
		['*Event Format*', 'where the events are', '`event_type`', '`timestamp`', '`user_id`', '`event_id`'],
		[...formats.values()].map(({ displayName, events, fields }) => [
			`**${displayName}**`,
			events.map((path) => (path === '' ? 'the body itself' : `\`${path}\``)).join(', else '),
			...[fields.eventType, fields.timestamp, fields.userId, fields.eventId].map(shownPaths),
		]),
	);
}

/**
 * @param {ReadonlyMap<string, EventFormat>} formats
 * @param {ReadonlyMap<string, Scheme>} schemes
 */
function sendersTable(formats, schemes) {
	const bySignature = [...schemes].map(([name, { displayName, event, handshake, acceptance }]) => [
		`**${displayName}**`,
		'its own signature (*HMAC Signature*)',
		event === undefined ? 'Game Insights, or any *Event Format*' : 'its own, understood by itself',
		handshake === undefined ? '' : 'answered by the node',
		shownAnswer(acceptance),
		`[record](${SCHEMES_FOLDER}/${name}.ts)`,
	]);
	const byFormat = [...formats.values()].map(({ displayName, proof, acceptance, sources }) => [
		`**${displayName}**`,
		proof,
		`*Event Format: ${displayName}*`,
		'',
		shownAnswer(acceptance),
		links(sources),
	]);
	const rows = [...bySignature, ...byFormat].sort(([one = ''], [other = '']) => one.localeCompare(other));
	return table(['sender', 'proof', 'format', 'handshake', 'answer', 'source'], rows);
}

/**
 * Puts a table into a page, between the marks `<!-- name: begin -->` and `<!-- name: end -->`.
 *
 * @param {string} page @param {string} name @param {string} text
 */
function withTable(page, name, text) {
	const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
	const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
	if (start === -1 || stop < start) throw new Error(`The page has no marks for "${name}".`);
	return `${page.slice(0, start + begin.length)}\n\n${text}\n\n${page.slice(stop)}`;
}

module.exports = { formatsTable, sendersTable, withTable };
