/** New n8n user folders: database migrated, owner set up, the packed package installed. */
const { createHash } = require('node:crypto');
const { execFileSync } = require('node:child_process');
const {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} = require('node:fs');
const path = require('node:path');
const { lab, n8nFolder } = require('./paths');

/**
 * n8n needs 12 s to create its database. Copying a folder with a finished database takes far less.
 * @param {(userFolder: string) => Promise<void>} makeDatabase starts n8n in the folder, sets up the owner,
 * stops n8n
 * @returns {Promise<string>} the folder to copy
 */
async function preparedFolder(makeDatabase) {
	const version = createHash('sha256').update(readFileSync(path.join(n8nFolder, 'package-lock.json')));
	const prepared = path.join(lab, `prepared-${version.digest('hex').slice(0, 16)}`);
	if (existsSync(prepared)) return prepared;
	mkdirSync(lab, { recursive: true });
	const beingMade = mkdtempSync(path.join(lab, 'preparing-'));
	try {
		await makeDatabase(beingMade);
		if (!existsSync(prepared)) renameSync(beingMade, prepared);
		return prepared;
	} finally {
		rmSync(beingMade, { recursive: true, force: true });
	}
}

/**
 * @param {string} prepared
 * @param {string} label becomes part of the folder's name
 * @returns {string} a new folder for one n8n
 */
function copyOf(prepared, label) {
	const runs = path.join(lab, 'runs');
	mkdirSync(runs, { recursive: true });
	const folder = mkdtempSync(path.join(runs, `${label}-`));
	cpSync(prepared, folder, { recursive: true });
	return folder;
}

/**
 * Puts the package where n8n keeps community packages, in the same way as n8n: unpacked, without its
 * development and peer dependencies. If a package needed anything else, it would fail here as it would for
 * users.
 * @param {string} userFolder
 * @param {string} tarball
 */
function installPackage(userFolder, tarball) {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const beingUnpacked = path.join(nodes, 'unpacking');
	mkdirSync(beingUnpacked, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', beingUnpacked, '--strip-components=1']);

	const manifestFile = path.join(beingUnpacked, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = readJson(manifestFile);
	writeJson(manifestFile, manifest);
	const installed = path.join(nodes, 'node_modules', manifest.name);
	rmSync(installed, { recursive: true, force: true });
	mkdirSync(path.dirname(installed), { recursive: true });
	renameSync(beingUnpacked, installed);

	const listFile = path.join(nodes, 'package.json');
	const list = existsSync(listFile) ? readJson(listFile) : { name: 'installed-nodes', private: true };
	writeJson(listFile, { ...list, dependencies: { ...list.dependencies, [manifest.name]: manifest.version } });
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * @param {string} file
 * @param {unknown} value
 */
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

module.exports = { copyOf, installPackage, preparedFolder };
