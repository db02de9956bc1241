/**
 * Tests the package from a new clone: installs missing packages and n8n, then runs the checks of
 * `checks.mjs`: the quick ones, or all with `--all`. A check that needs a program which is not on this
 * machine is left out and listed at the end. `--left-out` runs only those checks, and adds them to the
 * summary of the run before.
 *
 * Two lanes of checks run at the same time, one for each of two cores: one with the real n8n, whose tests
 * take longest, the other with the rest, quick ones first. The output of a check is shown when it has ended.
 * A failed check does not stop the others. The exit code is 0 only if all of them passed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { lab, root } from '../lab/paths.js';
import { PlainError } from '../lab/plainError.js';
import { missingOf, packagesOf } from '../lab/programs.js';
import { checks } from './checks.mjs';
import { ensureDependencies, ensureN8n } from './dependencies.mjs';
import { table } from './table.mjs';

/** @typedef {import('./checks.mjs').Check} Check */
/** @typedef {import('../lab/programs.js').Program} Program */
/**
 * A part of a check that was not run: named groups of tests of a file; without these all of it. @typedef {{
 * script: string, title: string, file?: string, missing: Program[] }} LeftOut
 */
/** @typedef {{ passed: number, failed: number, failures: string[], leftOut: LeftOut[] }} Sum */
/**
 * @typedef {{ name: string, seconds: number, passed: number, failed: number, failures: string[], leftOut:
 * LeftOut[] }} Outcome
 */

const reports = path.join(lab, 'reports');
const sumFile = path.join(lab, 'last-test.json');
/** A check that hangs fails after this time, so that the results of the others are still reported. */
const LONGEST_MS = 60 * 60_000;

const { values } = parseArgs({ options: { all: { type: 'boolean' }, 'left-out': { type: 'boolean' } } });

try {
	await ensureDependencies(console.log);
	// Once and before everything else: checks that run at the same time would disturb each other while
	// installing.
	await ensureN8n(console.log);
} catch (error) {
	console.error(error instanceof PlainError ? error.message : error);
	console.log('0 passed, 1 failed');
	process.exit(1);
}

/** @type {Sum} */
const before = values['left-out'] ? lastSum() : { passed: 0, failed: 0, failures: [], leftOut: [] };
rmSync(sumFile, { force: true });
/** @type {LeftOut[]} */
const leftOut = [];
const planned = checks.flatMap((check) => (values['left-out'] ? partsLeftOut(check) : chosen(check)));
const runnable = planned.filter(({ name, script, needs = [] }) => {
	const missing = process.env.EVERY_PROGRAM ? [] : missingOf(needs);
	if (missing.length > 0) leftOut.push({ script, title: name, missing });
	return missing.length === 0;
});

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
/** @type {Outcome[]} */
const outcomes = [];
const startedAtMs = Date.now();
await Promise.all([true, false].map(workOff));
tellOutcome();

/** @returns {Sum} the summary of the run before */
function lastSum() {
	if (existsSync(sumFile)) return JSON.parse(readFileSync(sumFile, 'utf8'));
	console.error('There is no run before this one that came to its end: npm test');
	console.log('0 passed, 1 failed');
	process.exit(1);
}

/**
 * @param {Check} check
 * @returns {(Check & { args: string[] })[]} the check with what it is run with, if it is
 */
function chosen(check) {
	const args = values.all ? (check.all ?? []) : (check.quick ?? (check.quick === null ? null : []));
	return args === null ? [] : [{ ...check, args }];
}

/**
 * @param {Check} check
 * @returns {(Check & { args: string[] })[]} the parts that the run before left out
 */
function partsLeftOut(check) {
	const parts = before.leftOut.filter(({ script }) => script === check.script);
	if (parts.some(({ file }) => file === undefined)) return chosen(check);
	if (parts.length === 0) return [];
	const files = [...new Set(parts.flatMap(({ file }) => file ?? []))];
	const titles = parts.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return [{ ...check, args: ['--testNamePattern', `^(${titles.join('|')})`, '--runTestsByPath', ...files] }];
}

/** @param {boolean} isLong which lane */
async function workOff(isLong) {
	for (const [place, check] of runnable.entries()) {
		if ((check.isLong ?? false) === isLong) outcomes[place] = await run(check);
	}
}

/**
 * @param {Check & { args: string[] }} check
 * @returns {Promise<Outcome>}
 */
async function run({ name, script, args, tests = false }) {
	console.log(`── ${name} begins: npm run ${script} ${args.length > 0 ? `-- ${args.join(' ')}` : ''}`);
	const startedAtMs = Date.now();
	const file = path.join(reports, script.replaceAll(':', '-'));
	const reporting = tests ? ['--json', `--outputFile=${file}.json`] : [];
	const status = await runTo(file, ['run', '--silent', script, '--', ...reporting, ...args]);
	const seconds = Math.round((Date.now() - startedAtMs) / 1000);
	console.log(`\n── ${name}: ${status === 0 ? 'passed' : 'FAILED'} after ${seconds} s. It printed:`);
	console.log(readFileSync(`${file}.log`, 'utf8'));
	return {
		...{ name, seconds, leftOut: partsIn(`${file}.left-out`, script) },
		...(tests
			? counted(`${file}.json`, status)
			: { passed: +(status === 0), failed: +(status !== 0), failures: [] }),
	};
}

/**
 * @param {string} file written by `withPrograms` of the tests, a line for each part; not there when nothing
 * was left out
 * @param {string} script
 * @returns {LeftOut[]}
 */
function partsIn(file, script) {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
	return lines.map((line) => ({ ...JSON.parse(line), script }));
}

/**
 * @param {string} file with `.log` behind it takes what npm prints
 * @param {string[]} args of npm
 * @returns {Promise<number | null>} the exit code; null when there is none
 */
async function runTo(file, args) {
	const log = createWriteStream(`${file}.log`);
	const child = spawn('npm', args, {
		cwd: root,
		env: {
			...process.env,
			...(values.all ? {} : { GAME_INSIGHTS_QUICK: '1' }),
			GAME_INSIGHTS_PROOF: '1',
			GAME_INSIGHTS_LEFT_OUT: `${file}.left-out`,
		},
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
 * The number of tests, and the names of failed ones, each with the first lines of its reason. A failure that
 * is not a test (a file that does not compile, a set-up, a missing report) counts as one failure. So a failed
 * run always has at least one.
 * @param {string} report
 * @param {number | null} status
 */
function counted(report, status) {
	/**
	 * @type {{ numPassedTests: number, numFailedTests: number, testResults: { message: string,
	 * assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }}
	 */
	let result = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
	try {
		result = JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		// The run ended before it could write a report. Its status shows that.
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

/**
 * Prints the last lines: the results, the failures, the checks that were left out, the summary. Sets the exit
 * code.
 */
function tellOutcome() {
	leftOut.push(...outcomes.flatMap((outcome) => outcome.leftOut));
	const sum = (/** @type {'passed' | 'failed'} */ key) =>
		outcomes.reduce((total, outcome) => total + outcome[key], before[key]);
	const [passed, failed] = [sum('passed'), sum('failed')];
	const failures = outcomes.flatMap((outcome) => outcome.failures.map((text) => `${outcome.name}: ${text}`));
	failures.unshift(...before.failures);
	writeFileSync(sumFile, JSON.stringify({ passed, failed, failures, leftOut }));
	const rows = outcomes.map(({ name, passed, failed, seconds }) => [name, passed, failed, seconds]);
	const earlier = values['left-out'] ? [['the run before', before.passed, before.failed, '']] : [];
	const seconds = Math.round((Date.now() - startedAtMs) / 1000);
	const all = [...rows, ...earlier, ['together', passed, failed, seconds]];
	console.log(`\n${table(['', 'passed', 'failed', 'seconds'], all)}\n`);
	for (const failure of failures) console.log(`✕ ${failure}`);
	if (leftOut.length > 0) {
		console.log('Left out, for programs that are not on this machine:');
		for (const { title, missing } of leftOut) console.log(`  ${title}: ${missing.join(', ')}`);
		const packages = packagesOf(leftOut.flatMap(({ missing }) => missing)).join(' ');
		console.log(`To run these too: apt-get install ${packages} (Debian, Ubuntu), npm test -- --left-out`);
	}
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed === 0 ? 0 : 1);
}
