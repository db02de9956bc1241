/** Writes the rows down: as JSON for programs, as tables for people. */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import n8nPackage from '../../lab/package.json' with { type: 'json' };
import paths from '../../lab/paths.js';
import { COLUMNS } from './columns.mjs';

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./columns.mjs').Column} Column */

const resultsFile = path.join(paths.root, 'test', 'bench', 'results.json');
/** For users, and for who works on the package. */
const figuresFile = path.join(paths.root, 'docs', 'performance.md');
const settingsFile = path.join(paths.root, 'docs', 'scaling.md');
const targetsFile = path.join(paths.root, 'CONTRIBUTING.md');

/** What stands between these lines of the docs is written by the benchmark. */
const BEGIN = '<!-- written by npm run bench: begin -->';
const END = '<!-- written by npm run bench: end -->';

const COLUMN_NAMES = /** @type {Column[]} */ (Object.keys(COLUMNS));
/** As in the result: those of n8n, newest first, then what needs none. */
const ORDER = [...COLUMN_NAMES, null];

/**
 * Keeps the rows: in results.json, those of this run in place of older ones with the same id and column; and
 * in the docs.
 * @param {readonly Row[]} rows
 * @param {string} how the run was made, for people
 */
export function keep(rows, how) {
	/** @type {(Row & { measured: string })[]} */
	const before = JSON.parse(readFileSync(resultsFile, 'utf8'));
	const measured = `${new Date().toISOString().slice(0, 16)}Z`;
	const nameOf = (/** @type {Row} */ { id, column }) => `${id} ${column}`;
	const now = new Map(rows.map((row) => [nameOf(row), { ...row, measured }]));
	const all = [...before.filter((row) => !now.has(nameOf(row))), ...now.values()];
	all.sort((a, b) => ORDER.indexOf(a.column) - ORDER.indexOf(b.column));
	writeFileSync(resultsFile, `${JSON.stringify(all.map(rounded), null, '\t')}\n`);
	write(figuresFile, `${machine(how)}\n\n${figures(all)}`);
	write(settingsFile, settings(all));
	write(targetsFile, targets(all));
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
	const page = readFileSync(file, 'utf8');
	const [head] = page.split(BEGIN);
	const [, tail] = page.split(END);
	writeFileSync(file, `${head}${BEGIN}\n\n${text}\n\n${END}${tail}`);
}

/**
 * A line each: how, on what, and how busy the machine was.
 * @param {string} how
 */
function machine(how) {
	const [cpu] = os.cpus();
	const memory = Math.round(os.totalmem() / 1024 ** 3);
	return [
		how,
		`${os.availableParallelism()} cores (${cpu?.model.trim()}), ${memory} GB, ${os.type()}.`,
		`n8n ${n8nPackage.dependencies.n8n} on Node.js ${n8nPackage.dependencies.node}, SQLite; this package ${packageJson.version}.`,
		`Load one minute before the end: ${os.loadavg()[0]?.toFixed(1)} (the benchmark itself makes 1 to 2 on 2 cores).`,
	].join('\n');
}

/**
 * The figures alone: ours, what they are compared with, and the ratio.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function figures(rows) {
	const present = COLUMN_NAMES.filter((name) => rows.some(({ column }) => column === name));
	const cell = (/** @type {Row | undefined} */ row) =>
		row === undefined ? '–' : `**${ratio(row)}** ${figure(row.ours)} / ${figure(row.theirs)}`;
	const withN8n = table(
		['', 'unit', ...present.map((name) => COLUMNS[name].title)],
		byId(rows, present).map((own) => {
			const [{ id, what, unit }] = own;
			return [
				`${id}: ${what}`,
				unit,
				...present.map((name) => cell(own.find(({ column }) => column === name))),
			];
		}),
	);
	const without = rows.filter(({ column }) => column === null);
	return [
		present.length > 0 ? withN8n : '',
		without.length > 0
			? table(
					['without a running n8n', 'unit', 'ours / the other'],
					without.map((row) => [`${row.id}: ${row.what}`, row.unit, cell(row)]),
				)
			: '',
	]
		.filter(Boolean)
		.join('\n\n');
}

/**
 * What each way to set it up came to, in words for users.
 * @type {[string, Column, string, string][]} row, column, what the sender sends, what to set
 */
const WAYS = [
	['each', 'vm', 'single events', 'nothing: an execution for each event, n8n as it comes'],
	['grouped', 'vm', 'single events', '*Events Per Execution: As Many as Wait*'],
	['batches', 'vm', 'batches of 1,000', 'nothing'],
	['durable-grouped', 'vm', 'single events', '*Durable*, *Events Per Execution: As Many as Wait*'],
	['durable-batches', 'vm', 'batches of 1,000', '*Durable*'],
	['each', 'switches', 'single events', 'both switches, version 2'],
	[
		'grouped',
		'switches',
		'single events',
		'both switches, version 2, *Events Per Execution: As Many as Wait*',
	],
	['batches', 'switches', 'batches of 1,000', 'both switches, version 2'],
	[
		'durable-grouped',
		'switches',
		'single events',
		'both switches, version 2, *Durable*, *Events Per Execution: As Many as Wait*',
	],
	['durable-batches', 'switches', 'batches of 1,000', 'both switches, version 2, *Durable*'],
];

/**
 * Which settings for how many events a second: least first.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function settings(rows) {
	const measured = WAYS.flatMap(([id, column, sent, words]) => {
		const row = rows.find((one) => one.id === id && one.column === column);
		return row === undefined ? [] : [{ row, sent, words }];
	});
	measured.sort((a, b) => a.row.ours - b.row.ours);
	return table(
		['events a second, here', 'senders send', 'settings'],
		measured.map(({ row, sent, words }) => [figure(row.ours), sent, words]),
	);
}

/**
 * What was to be reached, and whether it was.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function targets(rows) {
	const aimed = rows.filter(({ target }) => target !== null);
	const titleOf = (/** @type {Row['column']} */ column) => (column === null ? '' : COLUMNS[column].title);
	return table(
		['row', 'column', 'to reach', 'reached', ''],
		aimed.map((row) => [
			`${row.id}: ${row.what}`,
			titleOf(row.column),
			wanted(row),
			{ ratio: ratio(row), difference: ratio(row), ours: `${figure(row.ours)} ${row.unit}` }[row.judged],
			row.reached ? '✓' : '✗',
		]),
	);
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly Column[]} columns
 * @returns {[Row, ...Row[]][]} the rows of each id, in the order of the ids
 */
function byId(rows, columns) {
	/** @type {Map<string, [Row, ...Row[]]>} */
	const found = new Map();
	for (const row of rows) {
		if (row.column === null || !columns.includes(row.column)) continue;
		const own = found.get(row.id);
		if (own === undefined) found.set(row.id, [row]);
		else own.push(row);
	}
	return [...found.values()];
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
	const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {Row} row */
function wanted({ judged, goal, target, unit }) {
	const sign = goal === 'at least' ? '≥' : '≤';
	const text = figure(target ?? NaN);
	return {
		ratio: `${sign} ${text}×`,
		difference: `${sign} +${text} ${unit}`,
		ours: `${sign} ${text} ${unit}`,
	}[judged];
}

/** @param {Row} row */
function ratio(row) {
	if (row.judged === 'difference') return `+${figure(row.ours - row.theirs)} ${row.unit}`;
	return row.theirs === 0 ? '–' : `${figure(row.ratio)}×`;
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
