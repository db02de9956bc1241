/**
 * The checks of n8n when a package is installed through its UI, done by n8n's own code: the name, the version
 * of the node API, and loading every node and credential. Run it with n8n's Node.js and the folder of an
 * unpacked package. It prints the result as JSON, and ends with n8n's error when a check fails. Source of the
 * order: n8n/dist/modules/community-packages/community-packages.service.js.
 */
const { existsSync, readFileSync } = require('node:fs');
const { Module, createRequire } = require('node:module');
const path = require('node:path');
const { n8nFolder } = require('./paths');

/** Without types, so that the project type-checks before n8n is installed. */
const fromN8n = createRequire(path.join(n8nFolder, 'package.json'));
const serviceFile = path.join(
	n8nFolder,
	'node_modules/n8n/dist/modules/community-packages/community-packages.service.js',
);

/** Packages find n8n-workflow where n8n has it, as in n8n/dist/load-nodes-and-credentials.js. */
function letPackagesFindN8n() {
	process.env.NODE_PATH = path.join(n8nFolder, 'node_modules');
	/** @type {any} */ (Module)._initPaths();
}

/** @param {string} folder */
async function check(folder) {
	letPackagesFindN8n();
	const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	const { CommunityPackagesService } = fromN8n(serviceFile);
	// The method uses nothing except its argument.
	const { packageName, version } = CommunityPackagesService.prototype.parseNpmPackageName(
		`${manifest.name}@${manifest.version}`,
	);
	const { checkNodesApiVersion } = fromN8n('n8n-workflow');
	// n8n 1 accepts every version.
	const apiVersion = checkNodesApiVersion?.(manifest) ?? { compatible: true };

	const { PackageDirectoryLoader } = fromN8n('n8n-core');
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	const { nodes, credentials } = loader.types;
	return {
		packageName,
		version,
		isApiVersionCompatible: apiVersion.compatible,
		loadedNodes: loader.loadedNodes,
		credentials: credentials.map((/** @type {any} */ { name, supportedNodes }) => ({ name, supportedNodes })),
		missingIcons: [...nodes, ...credentials].flatMap(iconsOf).filter((icon) => !isThere(folder, icon)),
	};
}

/** @param {{ name: string, iconUrl?: string | Record<string, string> }} type */
function iconsOf({ name, iconUrl }) {
	const urls = typeof iconUrl === 'object' ? Object.values(iconUrl) : [iconUrl];
	return urls.map((url) => url ?? `none for ${name}`);
}

/**
 * @param {string} folder
 * @param {string} iconUrl `icons/<package>/<path in the package>`
 */
function isThere(folder, iconUrl) {
	return existsSync(path.join(folder, iconUrl.replace(/^icons\/[^/]+\//, '')));
}

check(process.argv[2] ?? '').then(
	(found) => {
		process.stdout.write(`\n${JSON.stringify(found)}\n`);
		process.exit(0);
	},
	(error) => {
		console.error(error);
		process.exit(1);
	},
);
