/** Runs other programs. When one is missing or fails, the error is a plain message without a stack. */
const { spawn, spawnSync } = require('node:child_process');
const { closeSync, mkdirSync, openSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { PlainError } = require('./plainError');

/** On Windows, npm is a `.cmd` file, which needs a shell. */
const shell = process.platform === 'win32';

/**
 * Whether a program is on the PATH.
 * @param {string} program
 */
function exists(program) {
	return spawnSync(program, ['--version'], { stdio: 'ignore', shell }).status === 0;
}

/**
 * Runs a program until it ends, and reports every few seconds that it still runs.
 * @param {string} program
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {string} options.doing text for progress and failure, e.g. `Installing n8n`
 * @param {string} options.logFile gets the program's output
 * @param {(line: string) => void} options.say
 * @param {() => string} [options.progress] more text about the progress
 * @param {RegExp} [options.noise] lines of the log that are not shown when it fails
 * @throws {PlainError} with the end of the log
 */
async function runWithProgress(program, args, { cwd, doing, logFile, say, progress = () => '', noise }) {
	mkdirSync(path.dirname(logFile), { recursive: true });
	const log = openSync(logFile, 'w');
	const startedAtMs = Date.now();
	const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
	say(`${doing} ...`);
	const ticker = setInterval(() => say(`${doing} ... ${seconds()} s${progress()}`), 5000);
	try {
		const code = await new Promise((resolve, reject) => {
			const child = spawn(program, args, { cwd, shell, stdio: ['ignore', log, log] });
			child.once('error', reject);
			child.once('exit', resolve);
		}).catch((error) => {
			throw error.code === 'ENOENT' ? new PlainError(`${doing}: "${program}" is not installed.`) : error;
		});
		if (code !== 0) {
			const text = readFileSync(logFile, 'utf8');
			const lines = (noise ? text.replaceAll(noise, '') : text).split('\n').filter((line) => line !== '');
			const end = lines.slice(-15).join('\n');
			throw new PlainError(`${doing} failed after ${seconds()} s. The end of ${logFile}:\n${end}`);
		}
		say(`${doing}: done in ${seconds()} s.`);
	} finally {
		clearInterval(ticker);
		closeSync(log);
	}
}

module.exports = { exists, runWithProgress, shell };
