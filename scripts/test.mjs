/**
 * Everything that proves the package, from a fresh clone: installs what is missing, then runs every check. Those on
 * a real n8n run one after the other, since their tests have time limits and would slow each other down; the rest runs
 * beside them, quick ones first. What a check prints is shown when it has ended. A check that fails does not keep the
 * others from running. The exit code is 0 only if all of them passed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { lab, root } from '../n8n/paths.js';
import { PlainError } from '../n8n/plainError.js';
import { ensurePrograms, programsFor } from '../n8n/programs.js';
import { prepare } from '../n8n/realN8n.js';
import { ensureDependencies } from './dependencies.mjs';
import { table } from './table.mjs';

const reports = path.join(lab, 'reports');
/** A check that hangs fails by this, and does not keep the others from being told. */
const LONGEST_MS = 25 * 60_000;

/** @typedef {{ name: string, script: string, args?: string[], tests?: boolean, real?: boolean, needs?: import('../n8n/programs.js').Program[] }} Check */

/** @type {Check[]} */
const checks = [
	{ name: 'lint and format', script: 'lint' },
	{ name: 'types', script: 'typecheck' },
	{ name: 'unit tests', script: 'test:unit', args: ['--coverage'], tests: true },
	{ name: "n8n's scanner", script: 'scan' },
	{ name: "n8n's engine", script: 'test:engine', tests: true },
	{ name: 'real n8n', script: 'test:e2e', real: true, tests: true },
	{ name: 'simulation', script: 'test:simulation', tests: true },
	{ name: 'suites and fuzzing', script: 'test:suites', tests: true },
	{ name: 'queue mode', script: 'test:queue', real: true, tests: true, needs: programsFor.queue },
	{ name: 'a browser', script: 'test:ui', real: true, tests: true, needs: programsFor.ui },
	{ name: 'real n8n 1', script: 'test:e2e:1', real: true, tests: true },
	{ name: 'benchmark, short', script: 'bench', real: true, args: ['--short'] },
];

try {
	await ensureDependencies(console.log);
	// Once and before all else: checks that run side by side would get into each other's way with it.
	await prepare(console.log);
} catch (error) {
	console.error(error instanceof PlainError ? error.message : error);
	process.exit(1);
}

/** What this machine can't run, each with the reason; CI runs everything or fails. @type {string[]} */
const skipped = [];
/** @type {Check[]} */
const possible = [];
for (const check of checks) {
	const missing = await ensurePrograms(check.needs ?? [], console.log);
	if (missing === null || process.env.CI) possible.push(check);
	else skipped.push(`${check.name}: skipped, ${missing}`);
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
/** @type {Awaited<ReturnType<typeof run>>[]} */
const outcomes = [];
await Promise.all([true, false].map(workOff));

console.log(
	`\n${table(
		['', 'passed', 'failed', 'seconds'],
		outcomes.map(({ name, passed, failed, seconds }) => [name, passed, failed, seconds]),
	)}\n`,
);
const sum = (/** @type {'passed' | 'failed'} */ key) =>
	outcomes.reduce((total, outcome) => total + outcome[key], 0);
for (const { name, failures } of outcomes)
	for (const failure of failures) console.log(`✕ ${name}: ${failure}`);
for (const line of skipped) console.log(line);
const skippedCount = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skippedCount}`);
process.exit(sum('failed') === 0 ? 0 : 1);

/** @param {boolean} real whether these are the checks on a real n8n */
async function workOff(real) {
	for (const [place, check] of possible.entries()) {
		if ((check.real ?? false) === real) outcomes[place] = await run(check);
	}
}

/** @param {Check} check */
async function run({ name, script, args = [], tests = false }) {
	console.log(`── ${name} begins: npm run ${script}`);
	const startedAtMs = Date.now();
	const file = path.join(reports, script.replaceAll(':', '-'));
	const reporting = tests ? ['--json', `--outputFile=${file}.json`] : [];
	const status = await runTo(`${file}.log`, ['run', '--silent', script, '--', ...args, ...reporting]);
	const seconds = Math.round((Date.now() - startedAtMs) / 1000);
	console.log(`\n── ${name}: ${status === 0 ? 'passed' : 'FAILED'} after ${seconds} s. It printed:`);
	console.log(readFileSync(`${file}.log`, 'utf8'));
	return {
		name,
		seconds,
		...(tests
			? counted(`${file}.json`, status)
			: { passed: +(status === 0), failed: +(status !== 0), failures: [] }),
	};
}

/**
 * @param {string} file takes what npm prints
 * @param {string[]} args of npm
 * @returns {Promise<number | null>} the exit code; null when there is none
 */
async function runTo(file, args) {
	const log = createWriteStream(file);
	const child = spawn('npm', args, {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
		timeout: LONGEST_MS,
	});
	for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
	/** @type {number | null} */
	const status = await new Promise((resolve) => {
		child.once('error', (error) => {
			log.write(`${error.message}\n`);
			resolve(null);
		});
		child.once('close', resolve);
	});
	await new Promise((resolve) => log.end(resolve));
	return status;
}

/**
 * Tests by number, and those that failed by name, each with the first lines of its reason. What failed without being a
 * test (a file that does not compile, a set-up, a missing report) counts as one failure, so that a red run can never add
 * up to nothing.
 * @param {string} report
 * @param {number | null} status
 */
function counted(report, status) {
	/** @type {{ numPassedTests: number, numFailedTests: number, testResults: { message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
	let result = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
	try {
		result = JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		// The run ended before it could report; its status says so.
	}
	const tests = result.testResults.flatMap(({ assertionResults }) => assertionResults);
	const failures = tests
		.filter(({ status }) => status === 'failed')
		.map(({ fullName, failureMessages }) => `${fullName}\n${firstLines(failureMessages.join('\n'))}`);
	for (const { message, assertionResults } of result.testResults)
		if (message !== '' && assertionResults.length === 0) failures.push(firstLines(message));
	const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
	return { passed: result.numPassedTests, failed, failures };
}

/** @param {string} text what jest says about a failure */
function firstLines(text) {
	const lines = stripVTControlCharacters(text).split('\n');
	return lines
		.slice(0, 6)
		.map((line) => `    ${line}`)
		.join('\n');
}
