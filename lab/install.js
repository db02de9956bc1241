/**
 * Installs the pinned n8n. It runs as a program, or is called by code that needs n8n. Does nothing when n8n
 * is already installed.
 */
const { createHash } = require('node:crypto');
const { cpSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { exists, runWithProgress } = require('./command');
const { lab, n8nFolder, n8nFolders, root } = require('./paths');
const { PlainError } = require('./plainError');

const stampFile = path.join(n8nFolder, 'node_modules', '.installed');
/** Written when all packages are there, so that a later step that failed does not download them again. */
const downloadedFile = path.join(n8nFolder, 'node_modules', '.downloaded');

/** The lockfile defines what is installed. Compiled parts depend on the platform. */
function stamp() {
	const lockfile = readFileSync(path.join(n8nFolder, 'package-lock.json'));
	return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform} ${process.arch}\n`;
}

function isInstalled() {
	return isStamped(stampFile);
}

/** @param {string} file */
function isStamped(file) {
	return existsSync(file) && readFileSync(file, 'utf8') === stamp();
}

/**
 * Install scripts of the 2,000 packages are not run: one of them fails on some machines, and n8n needs only
 * two.
 * @param {(line: string) => void} say
 * @throws {import('./plainError').PlainError}
 */
async function install(say) {
	if (isInstalled()) return;
	const { n8n: version, node } = require(path.join(n8nFolder, 'package.json')).dependencies;
	if (!exists('npm')) throw new PlainError('npm is not installed. It comes with Node.js: https://nodejs.org');

	say(
		`n8n ${version} with Node.js ${node} is installed once, into ${path.relative(root, n8nFolder)}/node_modules: some 2 GB, some 5 minutes.`,
	);
	const missing = compilers().filter((program) => !exists(program));
	if (missing.length > 0) say(`${hintOf(missing)}: needed only if no ready-made SQLite can be downloaded.`);

	if (!isStamped(downloadedFile)) {
		await runWithProgress('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'], {
			cwd: n8nFolder,
			doing: `Downloading n8n ${version}`,
			logFile: logOf('n8n'),
			say,
			progress: packagesCounted(),
			noise: PACKAGE_ARRIVED,
		});
		writeFileSync(downloadedFile, stamp());
	}
	await rebuild('node', `Fetching Node.js ${node}`, say);
	if (!compiledElsewhere()) await prepareSqlite(missing, say);
	writeFileSync(stampFile, stamp());
}

/**
 * Compiling SQLite takes a minute and a half. Perhaps the other generation of n8n has already compiled it.
 * @returns {boolean} whether a compiled SQLite was copied
 */
function compiledElsewhere() {
	const inFolder = (/** @type {string} */ folder) => path.join(folder, 'node_modules', 'sqlite3');
	const versionIn = (/** @type {string} */ folder) => {
		const manifest = path.join(inFolder(folder), 'package.json');
		return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null;
	};
	const compiled = n8nFolders
		.filter((folder) => folder !== n8nFolder && versionIn(folder) === versionIn(n8nFolder))
		.map((folder) => path.join(inFolder(folder), 'build', 'Release', 'node_sqlite3.node'))
		.find((file) => existsSync(file));
	if (compiled === undefined) return false;
	cpSync(compiled, path.join(inFolder(n8nFolder), 'build', 'Release', path.basename(compiled)));
	return true;
}

/**
 * @param {string[]} missing compilers
 * @param {(line: string) => void} say
 */
async function prepareSqlite(missing, say) {
	try {
		await rebuild('sqlite3', 'Preparing SQLite (compiles for about 90 s)', say);
	} catch (error) {
		const remedy =
			missing.length === 0
				? NO_NETWORK_REMEDY
				: `${hintOf(missing)}. Install them (Debian, Ubuntu: apt-get install python3 make g++) and start again.`;
		throw new PlainError(`${/** @type {Error} */ (error).message}\n\n${remedy}`);
	}
}

/** npm takes SQLite ready-made, or compiles it with the headers of Node.js. Both come from the internet. */
const NO_NETWORK_REMEDY = `Can this machine reach github.com (SQLite, ready-made) or nodejs.org (what is needed to compile it)?
With the headers of Node.js on the machine, such as /usr/include/node, neither is needed: npm_config_nodedir=/usr npm start`;

/** @param {string[]} missing */
const hintOf = (missing) =>
	`${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing on this machine`;

/**
 * @param {string} name a package whose install script has to run
 * @param {string} doing
 * @param {(line: string) => void} say
 */
function rebuild(name, doing, say) {
	return runWithProgress('npm', ['rebuild', name, '--ignore-scripts=false', '--loglevel=error'], {
		cwd: n8nFolder,
		doing,
		logFile: logOf(name),
		say,
	});
}

/** @param {string} what */
const logOf = (what) => path.join(lab, `install-${path.basename(n8nFolder)}-${what}.log`);

function compilers() {
	return process.platform === 'win32' ? [] : ['python3', 'make', 'g++'];
}

/** The lines that npm logs for each package that it has downloaded, or found in its cache. */
const PACKAGE_ARRIVED = /^npm http (fetch|cache) .*$/gm;

/**
 * The progress of npm, by its own log. npm creates the folders of all packages first, so the folders do not
 * show the progress.
 * @returns {() => string}
 */
function packagesCounted() {
	const lockfile = JSON.parse(readFileSync(path.join(n8nFolder, 'package-lock.json'), 'utf8'));
	const all = Object.keys(lockfile.packages).filter(Boolean).length;
	return () => {
		const arrived = readFileSync(logOf('n8n'), 'utf8').match(PACKAGE_ARRIVED)?.length ?? 0;
		return arrived < all
			? `, ${arrived} of some ${all} packages have arrived`
			: ', all packages have arrived, npm unpacks them';
	};
}

module.exports = { install, isInstalled };

if (require.main === module) {
	install(console.log).catch((error) => {
		console.error(error instanceof PlainError ? error.message : error);
		process.exitCode = 1;
	});
}
