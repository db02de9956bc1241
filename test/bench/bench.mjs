/**
 * `npm run bench`: the package beside what its users would build otherwise, on a real n8n, in one run. Writes
 * test/bench/results.json, the tables of docs/performance.md and the targets of CONTRIBUTING.md.
 *
 * - `-- --short` proves in some two minutes that everything can be measured, in one column, and keeps
 *   nothing.
 * - `-- --only vm` (or `switches`, `legacy`, `code`) measures a part again, and keeps the other rows as they
 *   are.
 * - `-- --profile grouped` tells where n8n's time goes while one of the subjects is under load; `--only`
 *   names the column.
 *
 * Ends with 1 when something could not be measured, or came to something else than it must; never because it
 * was slow.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PlainError } from '../../lab/plainError.js';
import realN8n from '../../lab/realN8n.js';
import { burst } from './burst.mjs';
import { COLUMNS } from './columns.mjs';
import { measureCore } from './core.mjs';
import { Lab } from './lab.mjs';
import { peakMemory } from './memory.mjs';
import { measurePackages } from './packageCost.mjs';
import { Inspector, explain } from './profile.mjs';
import { figures, keep } from './report.mjs';
import { measure, round } from './rounds.mjs';
import { burstRows, coreRows, memoryRow, n8nRows, packageRows, queueRows } from './rows.mjs';
import { makeSubjects } from './subjects.mjs';

/** @typedef {import('./columns.mjs').Column} Column */

const { values: options } = parseArgs({
	options: {
		short: { type: 'boolean', default: false },
		only: { type: 'string' },
		profile: { type: 'string' },
	},
});

/** How long and how often: enough to see the spread, or just enough to see that it works. */
const pace = options.short
	? { rounds: 1, seconds: 1, warmUps: 1, batches: 0, coreMs: 20, coreRounds: 1, packageRounds: 1 }
	: { rounds: 5, seconds: 3, warmUps: 4, batches: 64, coreMs: 500, coreRounds: 5, packageRounds: 3 };
/** `legacy` is insecure and on its way out: enough to see what it was. */
const roundsOf = (/** @type {Column} */ column) =>
	column === 'legacy' ? Math.min(2, pace.rounds) : pace.rounds;
const burstSize = options.short ? { senders: 40, requests: 80 } : { senders: 400, requests: 1600 };
/** @type {import('./burst.mjs').BurstSubject[]} */
const bursting = options.short ? ['grouped', 'noCode'] : ['grouped', 'each', 'noCode', 'bare'];

const HOW = `${pace.rounds} rounds of ${pace.seconds} s a subject, there and back again; the median, and the lowest and highest round.`;

const say = (/** @type {string} */ line) => console.log(line);
/** Something is missing from the result: the run ends with 1. */
const broken = (/** @type {string} */ line) => {
	console.error(line);
	process.exitCode = 1;
};
const isWanted = (/** @type {string} */ part) =>
	options.only ? options.only === part : !(options.short && ['vm', 'legacy'].includes(part));

try {
	const { tarball } = await realN8n.prepare(say);
	if (options.profile) await profile(options.profile, /** @type {Column} */ (options.only ?? 'switches'));
	else await run(tarball);
} catch (error) {
	console.error(error instanceof PlainError ? error.message : error);
	process.exitCode = 1;
}

/**
 * Each part is kept as soon as it is measured: what fails later costs only itself.
 * @param {string} tarball
 */
async function run(tarball) {
	/** @type {import('./rows.mjs').Row[]} */
	const rows = [];
	/** @param {() => Promise<import('./rows.mjs').Row[]>} measurePart */
	const part = async (measurePart) => {
		try {
			const measured = await measurePart();
			rows.push(...measured);
			if (!options.short) keep(measured, HOW);
		} catch (error) {
			if (!(error instanceof PlainError)) throw error;
			broken(error.message);
		}
	};
	for (const column of /** @type {Column[]} */ (Object.keys(COLUMNS))) {
		if (isWanted(column)) await part(() => onN8n(column));
	}
	if (isWanted('code')) {
		await part(async () => withoutN8n(tarball, await measureCore(pace.coreMs, pace.coreRounds)));
	}
	say(`\n${figures(rows)}`);
}

/** @param {Column} column */
async function onN8n(column) {
	say(`\n${COLUMNS[column].title}${options.short ? ' (batches of 100 here)' : ''}`);
	const lab = await Lab.start(column, column);
	let rows;
	try {
		const extent = options.short ? { batch: 100 } : { isSmall: column === 'legacy' };
		const subjects = await makeSubjects(lab, broken, extent);
		const measured = await measure(lab, subjects, { ...pace, rounds: roundsOf(column) }, { say, broken });
		rows = n8nRows(column, measured);
	} finally {
		await lab.remove();
	}
	if (column === 'legacy') return rows;
	rows.push(...(await allBursts(column)));
	if (pace.batches === 0) return rows;
	const ours = await peakMemory(column, 'batches', pace.batches);
	return [...rows, memoryRow(column, ours, await peakMemory(column, 'noCodeBatches', pace.batches))];
}

/** @param {Column} column */
async function allBursts(column) {
	/** @type {Map<import('./burst.mjs').BurstSubject, import('./burst.mjs').Burst>} */
	const bursts = new Map();
	for (const subject of bursting) {
		try {
			const seen = await burst(column, subject, burstSize);
			const { answered, refused, seconds, peakBytes } = seen;
			const megabytes = (peakBytes / 1024 ** 2).toFixed(0);
			say(
				`burst, ${subject}: ${answered} answered, ${refused} refused, ${seconds.toFixed(1)} s, ${megabytes} MiB`,
			);
			bursts.set(subject, seen);
		} catch (error) {
			broken(
				`A burst of "${subject}" is not measured: ${error instanceof PlainError ? error.message : error}`,
			);
		}
	}
	return burstRows(column, bursts, burstSize);
}

/**
 * @param {string} tarball
 * @param {import('./core.mjs').CoreCost[][]} coreCosts
 */
function withoutN8n(tarball, coreCosts) {
	return [
		...coreRows(coreCosts),
		...(options.short ? [] : queueRows(queueCosts())),
		...packageRows(measurePackages(tarball, pace.packageRounds)),
	];
}

/** The queue has a benchmark of its own, `npm run bench:queue`; this reads what it prints. */
function queueCosts() {
	const file = new URL('queue.mjs', import.meta.url);
	if (!existsSync(file)) {
		say('There is no benchmark of the queue: not measured.');
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
	if (costs.length === 0) throw new PlainError(`The benchmark of the queue says:\n${stdout}`);
	return costs;
}

/**
 * @param {string} subjectId
 * @param {Column} column
 */
async function profile(subjectId, column) {
	const { port, environment } = await Inspector.environment();
	const lab = await Lab.start('profile', column, environment);
	try {
		const subject = (await makeSubjects(lab, broken)).find(({ id }) => id === subjectId);
		if (!subject) throw new PlainError(`There is no subject "${subjectId}".`);
		const requests = subject.events > 1 ? 32 : 160;
		await round(lab, subject, requests);
		const inspector = await Inspector.connect(port);
		const seen = await inspector.profile(async () => await round(lab, subject, requests));
		inspector.close();
		say(explain(seen, requests, `${subjectId}-${column}`));
	} finally {
		await lab.remove();
	}
}
