/**
 * Programs that tests need beside Node.js and n8n. Nothing is installed by itself: what is missing is named,
 * with the Debian packages that bring it. `node lab/programs.js` prints the packages that are missing here,
 * for apt-get.
 */
const { spawnSync } = require('node:child_process');
const { accessSync, constants, readdirSync } = require('node:fs');
const path = require('node:path');
const { PlainError } = require('./plainError');

/**
 * @typedef {object} Needed
 * @property {string[]} packages Debian's, that bring it
 * @property {string[]} [proof] a command that ends well where it is there; else its name is looked for on the
 * PATH
 */

/** By name of the program, or of what else has to be there. @satisfies {Record<string, Needed>} */
const needed = {
	chromium: { packages: ['chromium'] },
	initdb: { packages: ['postgresql'] },
	postgres: { packages: ['postgresql'] },
	psql: { packages: ['postgresql'] },
	'redis-server': { packages: ['redis-server'] },
	faketime: { packages: ['faketime'] },
	openssl: { packages: ['openssl'] },
	// For the senders of examples/senders, each in its language.
	curl: { packages: ['curl'] },
	python3: { packages: ['python3'] },
	php: { packages: ['php-cli'] },
	go: { packages: ['golang-go'] },
	// The compiler tells a JDK from a mere runtime.
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
 * What each set of tests needs as a whole.
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
			// Not in this one.
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
 * @returns {string[]} the Debian packages that bring them, each once
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
 * The words in front of a command that make it run as a user without rights: PostgreSQL refuses to run as
 * root.
 * @param {string} user made by Debian's package
 * @returns {string[]} empty for everybody but root
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
