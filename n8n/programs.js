/** Programs that tests need beside n8n: found on this machine, or installed from Debian's packages. */
const { spawnSync } = require('node:child_process');
const { accessSync, constants, readdirSync } = require('node:fs');
const path = require('node:path');
const { exists, runWithProgress } = require('./command');
const { lab, root } = require('./paths');
const { PlainError } = require('./plainError');

/** @typedef {'chromium' | 'postgres' | 'initdb' | 'redis-server' | 'faketime'} Program */

/** The Debian package that holds each. @type {Record<Program, string>} */
const debianPackages = {
	chromium: 'chromium',
	postgres: 'postgresql',
	initdb: 'postgresql',
	'redis-server': 'redis-server',
	faketime: 'faketime',
};

/**
 * What each set of tests needs.
 * @type {{ queue: Program[], ui: Program[], faults: Program[] }}
 */
const programsFor = {
	queue: ['initdb', 'postgres', 'redis-server'],
	ui: ['chromium'],
	faults: ['initdb', 'postgres', 'redis-server', 'faketime'],
};

/** Debian keeps the programs of PostgreSQL apart, a folder for each version. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** Newest first. @returns {string[]} */
function foldersOfPostgres() {
	try {
		return readdirSync(POSTGRES_VERSIONS)
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => path.join(POSTGRES_VERSIONS, version, 'bin'));
	} catch {
		return [];
	}
}

/**
 * @param {Program} program
 * @returns {string | null} its full path
 */
function find(program) {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...foldersOfPostgres()];
	for (const file of folders.map((folder) => path.join(folder, program))) {
		try {
			accessSync(file, constants.X_OK);
			return file;
		} catch {
			// Not in this one.
		}
	}
	return null;
}

/**
 * @param {Program} program
 * @returns {string} its full path
 * @throws {PlainError} in one line
 */
function demand(program) {
	const file = find(program);
	if (file === null) throw new PlainError(missingMessage([program]));
	return file;
}

/** @param {Program[]} missing */
function missingMessage(missing) {
	const packages = [...new Set(missing.map((program) => debianPackages[program]))];
	const verb = missing.length === 1 ? 'is' : 'are';
	return `${missing.join(', ')} ${verb} not on this machine (Debian, Ubuntu: apt-get install ${packages.join(' ')}).`;
}

/**
 * Installs what is missing where that needs no question: as root on Debian or what is made from it.
 * @param {Program[]} programs
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} one line that says what is missing still; null when everything is there
 */
async function ensurePrograms(programs, say) {
	const missing = () => programs.filter((program) => find(program) === null);
	if (missing().length > 0 && process.getuid?.() === 0 && exists('apt-get')) {
		const packages = [...new Set(missing().map((program) => debianPackages[program]))];
		const names = packages.join(', ');
		const apt = `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(' ')}`;
		const logFile = path.join(lab, 'install-programs.log');
		await runWithProgress('sh', ['-c', apt], {
			cwd: root,
			doing: `Installing ${names}`,
			logFile,
			say,
		}).catch((error) => say(error.message));
	}
	return missing().length === 0 ? null : missingMessage(missing());
}

/**
 * The words in front of a command that make it run as a user without rights: PostgreSQL refuses to run as root.
 * @param {string} user made by Debian's package
 * @returns {string[]} empty for everybody but root
 */
function asUser(user) {
	if (process.getuid?.() !== 0) return [];
	if (spawnSync('id', [user]).status !== 0)
		throw new PlainError(`There is no user "${user}" on this machine.`);
	return ['runuser', '-u', user, '--'];
}

module.exports = { asUser, demand, ensurePrograms, find, programsFor };
