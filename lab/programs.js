/**
 * The programs that tests need besides Node.js and n8n. Nothing is installed automatically: missing programs
 * are listed with their Debian packages. `node lab/programs.js` prints the packages that are missing here,
 * for apt-get.
 */
const { spawnSync } = require('node:child_process');
const { accessSync, constants, readdirSync } = require('node:fs');
const path = require('node:path');
const { PlainError } = require('./plainError');

/**
 * @typedef {object} Needed
 * @property {string[]} packages Debian packages that contain it
 * @property {string[]} [proof] a command that succeeds if it is installed; the default searches the PATH
 */

/** By the name of the program or of another requirement. @satisfies {Record<string, Needed>} */
const needed = {
	chromium: { packages: ['chromium'] },
	initdb: { packages: ['postgresql'] },
	postgres: { packages: ['postgresql'] },
	psql: { packages: ['postgresql'] },
	'redis-server': { packages: ['redis-server'] },
	faketime: { packages: ['faketime'] },
	openssl: { packages: ['openssl'] },
	// For the senders of examples/senders, each in another language.
	curl: { packages: ['curl'] },
	python3: { packages: ['python3'] },
	php: { packages: ['php-cli'] },
	go: { packages: ['golang-go'] },
	// A JDK has the compiler, a plain runtime has not.
	javac: { packages: ['default-jdk-headless'] },
	mcs: { packages: ['mono-mcs', 'libmono-system-net-http4.0-cil'] },
	mono: { packages: ['mono-runtime'] },
	'lua5.4': { packages: ['lua5.4'] },
	libcurl: {
		packages: ['g++', 'libcurl4-openssl-dev', 'libssl-dev'],
		proof: 'g++ -fsyntax-only -include curl/curl.h -include openssl/hmac.h -x c++ /dev/null'.split(' '),
	},
};

/** @typedef {keyof typeof needed} Program */

/**
 * All programs that each set of tests needs.
 * @satisfies {Record<string, Program[]>}
 */
const programsFor = {
	/** @type {Program[]} */
	queue: ['initdb', 'postgres', 'psql', 'redis-server'],
	/** @type {Program[]} */
	ui: ['chromium'],
	/** @type {Program[]} */
	faults: ['initdb', 'postgres', 'psql', 'redis-server', 'faketime'],
};

/** Debian puts the programs of PostgreSQL into one folder for each version. */
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
 * @param {string} program
 * @returns {string | null} its full path
 */
function find(program) {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...foldersOfPostgres()];
	for (const file of folders.map((folder) => path.join(folder, program))) {
		try {
			accessSync(file, constants.X_OK);
			return file;
		} catch {
			// It is not in this folder.
		}
	}
	return null;
}

/** @param {Program} program */
function isHere(program) {
	const { proof } = /** @type {Needed} */ (needed[program]);
	if (proof === undefined) return find(program) !== null;
	const [command = '', ...args] = proof;
	return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/**
 * @param {readonly Program[]} programs
 * @returns {Program[]} those that are not on this machine
 */
const missingOf = (programs) => programs.filter((program) => !isHere(program));

/**
 * @param {readonly Program[]} programs
 * @returns {string[]} the Debian packages that contain them, each once
 */
const packagesOf = (programs) => [...new Set(programs.flatMap((program) => needed[program].packages))];

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

/**
 * @param {readonly Program[]} programs
 * @throws {PlainError} in one line, when one of them is missing
 */
function demandAll(programs) {
	const missing = missingOf(programs);
	if (missing.length > 0) throw new PlainError(missingMessage(missing));
}

/** @param {readonly Program[]} missing */
function missingMessage(missing) {
	const verb = missing.length === 1 ? 'is' : 'are';
	const names = missing.join(', ');
	return `${names} ${verb} not on this machine (Debian, Ubuntu: apt-get install ${packagesOf(missing).join(' ')}).`;
}

/**
 * The start of a command that runs the rest as a user without special rights: PostgreSQL refuses to run as
 * root.
 * @param {string} user created by the Debian package
 * @returns {string[]} empty unless the current user is root
 */
function asUser(user) {
	if (process.getuid?.() !== 0) return [];
	if (spawnSync('id', [user]).status !== 0)
		throw new PlainError(`There is no user "${user}" on this machine.`);
	return ['runuser', '-u', user, '--'];
}

module.exports = { asUser, demand, demandAll, find, missingMessage, missingOf, packagesOf, programsFor };

if (require.main === module) {
	const all = /** @type {Program[]} */ (Object.keys(needed));
	console.log(packagesOf(missingOf(all)).join(' '));
}
