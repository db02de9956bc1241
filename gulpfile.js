const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { mkdir, readFile, readdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { bundling } = require('./scripts/bundling.js');

const entryPoints = ['nodes/**/*.node.ts', 'nodes/running.ts', 'credentials/*.credentials.ts'];
const assets = ['icons/*.svg', 'nodes/**/*.node.json'];

/** The files of libraries next to `running.js`, and what is used of each library. */
const libraryFiles = {
	libraries: {
		'content-type': ['parse'],
		'ipaddr.js': ['default'],
		jose: ['createLocalJWKSet', 'decodeJwt', 'errors', 'jwtVerify', 'SignJWT'],
		'typebox/format': ['Entries', 'Set'],
		'typebox/schema': ['Check', 'ErrorContext', 'ErrorSchema', 'Meta', 'NextStack', 'Resolve', 'Stack'],
		'typebox/system': ['Settings'],
	},
	// They read and run regular expressions: 200 KB that only a schema with a `pattern` needs.
	patternLibraries: { '@eslint-community/regexpp': ['RegExpParser'], re2js: ['RE2JS'] },
};

/** A library's export under a name that no other library has. */
const inFile = (/** @type {string} */ library, /** @type {string} */ name) =>
	`${library.replace(/\W/g, '_')}_${name}`;

const clean = () => rm('dist', { recursive: true, force: true });

function typecheck() {
	return spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
		stdio: 'inherit',
	});
}

/**
 * `running.ts` stays a file of its own, next to the nodes' folders, and is loaded by its first use. It loads
 * the libraries' files: `patternLibraries.js` when one of them is used. A library's name that is not listed
 * above is an error of the build. @type {esbuild.Plugin}
 */
const filesOfTheirOwn = {
	name: 'files of their own',
	setup(build) {
		build.onResolve({ filter: /\/running$/ }, ({ kind }) =>
			kind === 'dynamic-import' ? { path: '../running.js', external: true } : undefined,
		);
		const { libraries, patternLibraries } = libraryFiles;
		for (const [library, names] of Object.entries(libraries)) {
			const list = names.map((name) => `${inFile(library, name)} as ${name}`).join(', ');
			standIn(build, library, `export { ${list} } from './libraries.js';`);
		}
		for (const [library, names] of Object.entries(patternLibraries)) {
			const getters = names.map(
				(name) => `Object.defineProperty(exports, '${name}', {
					enumerable: true,
					get: () => require('./patternLibraries.js').${inFile(library, name)},
				});`,
			);
			standIn(build, library, getters.join('\n'));
		}
		build.onResolve({ filter: /^\.\/(patternL|l)ibraries\.js$/ }, ({ path: file }) => ({
			path: file,
			external: true,
		}));
	},
};

/**
 * @param {esbuild.PluginBuild} build
 * @param {string} library
 * @param {string} contents of the module that is bundled in its place
 */
function standIn(build, library, contents) {
	build.onResolve({ filter: new RegExp(`^${library}$`) }, () => ({ path: library, namespace: 'stand-in' }));
	build.onLoad({ filter: new RegExp(`^${library}$`), namespace: 'stand-in' }, () => ({ contents }));
}

/**
 * What a node or credential says of its panel is data: the build runs the code that makes it, so that n8n
 * only reads the result when it starts. @type {esbuild.Plugin}
 */
const panelsAsData = {
	name: 'panels as data',
	setup(build) {
		build.onResolve({ filter: /\/(panel\/\w+|senderFields)$/ }, ({ path: file, importer, resolveDir }) =>
			/\.(node|credentials)\.ts$/.test(importer)
				? { path: path.join(resolveDir, `${file}.ts`), namespace: 'data' }
				: undefined,
		);
		build.onLoad({ filter: /.*/, namespace: 'data' }, async ({ path: file }) => {
			const { outputFiles } = await esbuild.build({ ...bundling, entryPoints: [file], write: false });
			const exported = { exports: {} };
			new Function('module', 'require', outputFiles[0]?.text ?? '')(exported, require);
			const data = Object.entries(exported.exports).filter(([, value]) => typeof value !== 'function');
			return {
				contents: data.map(([name, value]) => `export const ${name} = ${literal(value)};`).join('\n'),
			};
		});
	},
};

/** @param {unknown} data */
function literal(data) {
	const text = JSON.stringify(data);
	if (!isDeepStrictEqual(JSON.parse(text), data)) throw new Error(`More than data: ${text}`);
	return text;
}

/** n8n loads each class by its file's name, so each node and credential becomes one file. */
async function bundle() {
	const { metafile } = await esbuild.build({
		...bundling,
		plugins: [filesOfTheirOwn, panelsAsData],
		supported: { ...bundling.supported, 'dynamic-import': false },
		entryPoints,
		outdir: 'dist',
		outbase: '.',
		metafile: true,
	});
	const inputs = await Promise.all(Object.entries(libraryFiles).map(bundleLibraries));
	await writeLicences([...Object.keys(metafile.inputs), ...inputs.flat()]);
}

/**
 * Other people's code, which is read in their repositories, is minified.
 * @param {[file: string, libraries: Record<string, string[]>]} entry of `libraryFiles`
 * @returns {Promise<string[]>} every file that went into the bundle
 */
async function bundleLibraries([file, libraries]) {
	const exported = Object.entries(libraries).map(([library, names]) => {
		const list = names.map((name) => `${name} as ${inFile(library, name)}`).join(', ');
		return `export { ${list} } from '${library}';`;
	});
	const { metafile } = await esbuild.build({
		...bundling,
		minify: true,
		stdin: { contents: exported.join('\n'), resolveDir: __dirname },
		outfile: `dist/nodes/${file}.js`,
		metafile: true,
	});
	return Object.keys(metafile.inputs);
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
