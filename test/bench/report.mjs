/** Writes the rows down: as JSON for programs, as a table for people. */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import n8nPackage from '../../n8n/package.json' with { type: 'json' };
import paths from '../../n8n/paths.js';

/** @typedef {import('./rows.mjs').Row} Row */

const resultsFile = path.join(paths.root, 'test', 'bench', 'results.json');
const docsFile = path.join(paths.root, 'docs', 'performance.md');

/** What stands between these lines of the docs is written by the benchmark. */
const BEGIN = '<!-- written by npm run bench: begin -->';
const END = '<!-- written by npm run bench: end -->';

/**
 * Keeps the rows: in results.json, those of this run in place of older ones with the same id and engine; and in the docs.
 * @param {readonly Row[]} rows
 * @param {string} how the run was made, for people
 */
export function keep(rows, how) {
	/** @type {(Row & { measured: string })[]} */
	const before = JSON.parse(readFileSync(resultsFile, 'utf8'));
	const measured = `${new Date().toISOString().slice(0, 16)}Z`;
	const nameOf = (/** @type {Row} */ { id, engine }) => `${id} ${engine}`;
	const now = new Map(rows.map((row) => [nameOf(row), { ...row, measured }]));
	const all = [...before.filter((row) => !now.has(nameOf(row))), ...now.values()];
	const order = ['legacy', 'vm', null];
	all.sort((a, b) => order.indexOf(a.engine) - order.indexOf(b.engine));
	writeFileSync(resultsFile, `${JSON.stringify(all.map(rounded), null, '\t')}\n`);

	const docs = readFileSync(docsFile, 'utf8');
	const [head] = docs.split(BEGIN);
	const [, tail] = docs.split(END);
	writeFileSync(docsFile, `${head}${BEGIN}\n\n${machine(how)}\n\n${markdown(all)}\n\n${END}${tail}`);
}

/** @param {string} how */
function machine(how) {
	const [cpu] = os.cpus();
	const memory = Math.round(os.totalmem() / 1024 ** 3);
	return (
		`${how} ${os.availableParallelism()} cores (${cpu?.model.trim()}), ${memory} GB, ${os.type()}; n8n ${n8nPackage.dependencies.n8n} on ` +
		`Node.js ${n8nPackage.dependencies.node}, SQLite; this package ${packageJson.version}. Job one minute before the end: ` +
		`${os.loadavg()[0]?.toFixed(1)} (1 to 2 is what the benchmark makes by itself on 2 cores).`
	);
}

/**
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function markdown(rows) {
	const titles = new Map([
		['legacy', 'n8n with `N8N_EXPRESSION_ENGINE=legacy`'],
		['vm', 'n8n with `N8N_EXPRESSION_ENGINE=vm`'],
		[null, 'Without a running n8n'],
	]);
	return [...titles]
		.map(([engine, title]) => {
			const own = rows.filter((row) => row.engine === engine);
			if (own.length === 0) return '';
			const head =
				'| | unit | ours | the other | ratio | to reach | n8n, ms of CPU a request |\n|---|---|--:|--:|--:|--:|--:|';
			return `### ${title}\n\n${head}\n${own.map(line).join('\n')}`;
		})
		.filter(Boolean)
		.join('\n\n');
}

/** @param {Row} row */
function line({
	id,
	what,
	unit,
	ours,
	theirs,
	ratio,
	target,
	goal,
	reached,
	oursSpread,
	theirsSpread,
	cpuMs,
}) {
	const spread = (/** @type {number} */ median, /** @type {[number, number]} */ [low, high]) =>
		low === high ? figure(median) : `${figure(median)} (${figure(low)}–${figure(high)})`;
	const sign = goal === 'at least' ? '≥' : '≤';
	const isDifference = unit.includes('difference');
	const wanted =
		target === null ? '' : `${sign} ${target}${isDifference ? ' µs more' : ''} ${reached ? '✓' : '✗'}`;
	const compared = isDifference ? `+${figure(ours - theirs)} µs` : `${figure(ratio)}×`;
	const cpu = cpuMs === null ? '' : cpuMs.map(figure).join(' / ');
	return `| ${id}: ${what} | ${unit} | ${spread(ours, oursSpread)} | ${spread(theirs, theirsSpread)} | **${compared}** | ${wanted} | ${cpu} |`;
}

/** @param {number} value */
function figure(value) {
	if (value >= 100) return Math.round(value).toLocaleString('en');
	return String(Number(value.toPrecision(2)));
}

/** @param {Row} row */
function rounded(row) {
	const short = (/** @type {unknown} */ value) =>
		typeof value === 'number' ? Number(value.toPrecision(4)) : value;
	return Object.fromEntries(
		Object.entries(row).map(([key, value]) => [key, Array.isArray(value) ? value.map(short) : short(value)]),
	);
}
