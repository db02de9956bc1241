const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { mkdir, readFile, readdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { bundling } = require('./scripts/bundling.js');

const entryPoints = [
	...['nodes/**/*.node.ts', 'nodes/running.ts', 'nodes/patternLibraries.ts'],
	'credentials/*.credentials.ts',
];
const assets = ['icons/*.svg', 'nodes/**/*.node.json'];

const clean = () => rm('dist', { recursive: true, force: true });

function typecheck() {
	return spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
		stdio: 'inherit',
	});
}

/** What is used of the libraries in `patternLibraries.ts`. @type {Record<string, string>} */
const patternLibraries = { '@eslint-community/regexpp': 'RegExpParser', re2js: 'RE2JS' };

/**
 * `running.ts` stays a file of its own, next to the nodes' folders, and so does `patternLibraries.ts`:
 * whoever imports one of its libraries gets what has it loaded when it is used. @type {esbuild.Plugin}
 */
const onFirstUse = {
	name: 'on first use',
	setup(build) {
		build.onResolve({ filter: /\/running$/ }, ({ kind }) =>
			kind === 'dynamic-import' ? { path: '../running.js', external: true } : undefined,
		);
		build.onResolve({ filter: /^(@eslint-community\/regexpp|re2js)$/ }, ({ path: library, importer }) =>
			importer.endsWith('patternLibraries.ts') ? undefined : { path: library, namespace: 'later' },
		);
		build.onResolve({ filter: /\/patternLibraries\.js$/ }, ({ path: file }) => ({
			path: file,
			external: true,
		}));
		build.onLoad({ filter: /.*/, namespace: 'later' }, ({ path: library }) => ({
			contents: `Object.defineProperty(exports, '${patternLibraries[library]}', {
				enumerable: true,
				get: () => require('./patternLibraries.js').${patternLibraries[library]},
			});`,
		}));
	},
};

/** n8n loads each class by its file's name, so each node and credential becomes one file. */
async function bundle() {
	const { metafile } = await esbuild.build({
		...bundling,
		plugins: [onFirstUse],
		supported: { 'dynamic-import': false },
		entryPoints,
		outdir: 'dist',
		outbase: '.',
		metafile: true,
	});
	await writeLicences(Object.keys(metafile.inputs));
}

/**
 * The licences of the libraries inside the bundles ask to travel with them.
 * @param {string[]} inputs every file that went into a bundle
 */
async function writeLicences(inputs) {
	const packages = new Set(
		inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
	);
	const texts = await Promise.all([...packages].sort().map(licenceOf));
	if (texts.length === 0) return;
	await mkdir('dist', { recursive: true });
	await writeFile('dist/THIRD-PARTY-LICENSES.txt', texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** @param {string} folder a package's folder */
async function licenceOf(folder) {
	const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
	const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
	if (!file) throw new Error(`${name} has no licence file, so it cannot be bundled`);
	return `${name} ${version} (${license})\n\n${await readFile(path.join(folder, file), 'utf8')}`;
}

function copyAssets() {
	return src(assets, { base: '.', encoding: false }).pipe(dest('dist'));
}

/** A path in package.json that the build did not make would only show up inside n8n. */
async function checkEntries() {
	const { n8n } = JSON.parse(await readFile('package.json', 'utf8'));
	const missing = [...n8n.nodes, ...n8n.credentials].filter((file) => !existsSync(file));
	if (missing.length > 0)
		throw new Error(`package.json names files the build did not make: ${missing.join(', ')}`);
}

exports.build = series(clean, parallel(typecheck, bundle, copyAssets), checkEntries);
exports.default = exports.build;
