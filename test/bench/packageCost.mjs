/**
 * What it takes to have the package: beside n8n's own example, n8n-nodes-starter, as it is published on npm.
 *
 * The published example names a file in its manifest that it does not hold, so n8n can't load it as it is:
 * the name is put right in the copy that is measured.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import paths from '../../lab/paths.js';

const { n8nFolder, node, root } = paths;

const WRONG_NAME = 'ExampleCredentials.credentials.js';
const RIGHT_NAME = 'ExampleCredentialsApi.credentials.js';

/**
 * @typedef {object} PackageCost
 * @property {number} unpackedBytes
 * @property {number} installMs from the tarball, the way n8n does it
 * @property {number} loadMs n8n's own loader, in a process that has n8n's engine loaded already
 */

/**
 * @param {string} tarball of the package
 * @param {number} rounds
 * @returns {{ ours: PackageCost, theirs: PackageCost }[]} one for each round
 */
export function measurePackages(tarball, rounds) {
	// Not below this project: whatever a package loads must come from n8n, as it does for users.
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-packages-'));
	try {
		const ours = unpacked(tarball, path.join(folder, 'ours'));
		const theirs = path.join(folder, 'theirs');
		cpSync(path.join(root, 'node_modules', 'n8n-nodes-starter'), theirs, { recursive: true });
		const manifest = path.join(theirs, 'package.json');
		writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(WRONG_NAME, RIGHT_NAME));
		return Array.from({ length: rounds }, (_, round) => {
			const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
			const installMs = new Map(
				order.map((source) => [source, install(source, path.join(folder, 'installed'))]),
			);
			const loadMs = new Map(order.map((source) => [source, load(source)]));
			const costOf = (/** @type {string} */ source) => ({
				unpackedBytes: bytesIn(source),
				installMs: installMs.get(source) ?? NaN,
				loadMs: loadMs.get(source) ?? NaN,
			});
			return { ours: costOf(ours), theirs: costOf(theirs) };
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * @param {string} tarball
 * @param {string} folder
 */
function unpacked(tarball, folder) {
	execFileSync('mkdir', ['-p', folder]);
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	return folder;
}

/**
 * As n8n installs a community package (`community-packages.service.js`): packed, unpacked, without the
 * dependencies that are not for running it, then npm.
 * @param {string} source
 * @param {string} target
 */
function install(source, target) {
	const startedAtMs = performance.now();
	const [packed] = JSON.parse(
		execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', path.dirname(target)], {
			cwd: source,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}),
	);
	unpacked(path.join(path.dirname(target), packed.filename), target);
	const manifestFile = path.join(target, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = JSON.parse(
		readFileSync(manifestFile, 'utf8'),
	);
	writeFileSync(manifestFile, JSON.stringify(manifest));
	execFileSync(
		'npm',
		['install', '--ignore-scripts', '--install-strategy=shallow', '--no-audit', '--no-fund'],
		{
			cwd: target,
			stdio: 'ignore',
		},
	);
	const tookMs = performance.now() - startedAtMs;
	rmSync(target, { recursive: true, force: true });
	return tookMs;
}

/** @param {string} source an unpacked package */
function load(source) {
	const output = execFileSync(node, [path.join(import.meta.dirname, 'loadPackage.cjs'), source], {
		encoding: 'utf8',
		// n8n lets packages load n8n-workflow from where it is itself.
		env: { ...process.env, NODE_PATH: path.join(n8nFolder, 'node_modules') },
	});
	return Number(output.trim().split('\n').at(-1));
}

/**
 * @param {string} folder
 * @returns {number}
 */
function bytesIn(folder) {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
