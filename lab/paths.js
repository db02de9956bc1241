/** The folders of the real n8n and of everything that it needs. */
const path = require('node:path');

const root = path.resolve(__dirname, '..');

/**
 * The packages that pin an n8n, by generation. By default everything runs on the newest n8n; with the
 * environment variable `GAME_INSIGHTS_N8N=1` it runs on the older one.
 * @type {Record<string, string>}
 */
const packages = { 1: path.join(__dirname, 'generations', '1'), 2: __dirname };

/** `1` or `2`. */
const generation = process.env.GAME_INSIGHTS_N8N || '2';

const n8nFolder = packages[generation] ?? unknownGeneration();

/** @returns {never} */
function unknownGeneration() {
	throw new Error(`GAME_INSIGHTS_N8N is ${generation}; it may be ${Object.keys(packages).join(' or ')}.`);
}

const nodePackage = path.join(n8nFolder, 'node_modules', 'node', 'bin');

/** The Node.js that n8n runs on, from the npm package `node`. */
const node = path.join(nodePackage, process.platform === 'win32' ? 'node.exe' : 'node');

/** The n8n command line, which `node` runs. */
const n8n = path.join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');

/** Packed tarballs, the prepared user folder, user folders of running instances, logs. Safe to delete. */
const lab = path.join(root, '.n8n-lab');

/** The folders of all generations. */
const n8nFolders = Object.values(packages);

// Only names here: Node.js finds the exports for ES modules by reading this file, not by running it.
module.exports = { generation, lab, n8n, n8nFolder, n8nFolders, node, root };
