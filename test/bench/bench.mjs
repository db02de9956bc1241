/**
 * `npm run bench`: the package beside what its users would build otherwise, on a real n8n, in one run. Writes
 * test/bench/results.json and the tables of docs/performance.md.
 *
 * - `-- --short` proves in some two minutes that everything can be measured, on one engine, and keeps nothing.
 * - `-- --only legacy` (or `vm`, `code`) measures a part again, and keeps the other rows as they are.
 * - `-- --profile grouped` tells where n8n's time goes while one of the subjects is under load.
 *
 * Ends with 1 when something could not be measured, or came to something else than it must; never because it was slow.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PlainError } from '../../n8n/plainError.js';
import realN8n from '../../n8n/realN8n.js';
import { measureCore } from './core.mjs';
import { Lab } from './lab.mjs';
import { peakMemory } from './memory.mjs';
import { measurePackages } from './packageCost.mjs';
import { Inspector, explain } from './profile.mjs';
import { keep, markdown } from './report.mjs';
import { measure, round } from './rounds.mjs';
import { coreRows, engineRows, lineRows, memoryRow, packageRows } from './rows.mjs';
import { makeSubjects } from './subjects.mjs';

/** @typedef {'legacy' | 'vm'} Engine */

const { values: options } = parseArgs({
	options: {
		short: { type: 'boolean', default: false },
		only: { type: 'string' },
		profile: { type: 'string' },
	},
});

/** How long and how often: enough to see the spread, or just enough to see that it works. */
const pace = options.short
	? { rounds: 1, seconds: 1, batches: 16, coreMs: 20, coreRounds: 1, packageRounds: 1 }
	: { rounds: 5, seconds: 3, batches: 64, coreMs: 500, coreRounds: 5, packageRounds: 3 };

const say = (/** @type {string} */ line) => console.log(line);
/** Something is missing from the result: the run ends with 1. */
const broken = (/** @type {string} */ line) => {
	console.error(line);
	process.exitCode = 1;
};
const isWanted = (/** @type {string} */ part) =>
	options.only ? options.only === part : !(options.short && part === 'vm');

try {
	const { tarball } = await realN8n.prepare(say);
	if (options.profile) await profile(options.profile, /** @type {Engine} */ (options.only ?? 'legacy'));
	else await run(tarball);
} catch (error) {
	console.error(error instanceof PlainError ? error.message : error);
	process.exitCode = 1;
}

/** @param {string} tarball */
async function run(tarball) {
	const rows = [];
	for (const engine of /** @type {Engine[]} */ (['legacy', 'vm'])) {
		if (isWanted(engine)) rows.push(...(await onEngine(engine)));
	}
	if (isWanted('code')) rows.push(...withoutN8n(tarball, await measureCore(pace.coreMs, pace.coreRounds)));
	say(`\n${markdown(rows)}`);
	if (options.short) return;
	keep(
		rows,
		`${pace.rounds} rounds of ${pace.seconds} s a subject, there and back again; the median, and the lowest and highest round.`,
	);
}

/** @param {Engine} engine */
async function onEngine(engine) {
	say(`\nn8n with ${engine} expressions`);
	const lab = await Lab.start(engine, engine);
	let rows;
	try {
		const subjects = await makeSubjects(lab, broken);
		rows = engineRows(engine, await measure(lab, subjects, pace, { say, broken }));
	} finally {
		await lab.remove();
	}
	if (process.platform !== 'linux') {
		say('How much memory n8n holds is only known on Linux: not measured.');
		return rows;
	}
	const ours = await peakMemory(engine, 'batches', pace.batches);
	return [...rows, memoryRow(engine, ours, await peakMemory(engine, 'noCodeBatches', pace.batches))];
}

/**
 * @param {string} tarball
 * @param {import('./core.mjs').CoreCost[][]} coreCosts
 */
function withoutN8n(tarball, coreCosts) {
	return [
		...coreRows(coreCosts),
		...(options.short ? [] : lineRows(lineCosts())),
		...packageRows(measurePackages(tarball, pace.packageRounds)),
	];
}

/** The waiting line has a benchmark of its own, `npm run bench:queue`; this reads what it prints. */
function lineCosts() {
	const file = new URL('queue.mjs', import.meta.url);
	if (!existsSync(file)) {
		say('There is no benchmark of the waiting line: not measured.');
		return [];
	}
	const { stdout } = spawnSync(process.execPath, [file.pathname], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const costs = [...stdout.matchAll(/^ {2}(\S.*?)((?: +[\d.]+){5})$/gm)].map(
		([, operation = '', figures = '']) => {
			const micros = figures.trim().split(/ +/).map(Number);
			return { operation, fewUs: micros[0] ?? NaN, manyUs: micros[4] ?? NaN };
		},
	);
	if (costs.length === 0) throw new PlainError(`The benchmark of the waiting line says:\n${stdout}`);
	return costs;
}

/**
 * @param {string} subjectId
 * @param {Engine} engine
 */
async function profile(subjectId, engine) {
	const { port, environment } = await Inspector.environment();
	const lab = await Lab.start('profile', engine, environment);
	try {
		const subject = (await makeSubjects(lab, broken)).find(({ id }) => id === subjectId);
		if (!subject) throw new PlainError(`There is no subject "${subjectId}".`);
		const requests = subject.events > 1 ? 32 : 160;
		await round(lab, subject, requests);
		const inspector = await Inspector.connect(port);
		const seen = await inspector.profile(async () => await round(lab, subject, requests));
		inspector.close();
		say(explain(seen, requests, `${subjectId}-${engine}`));
	} finally {
		await lab.remove();
	}
}
